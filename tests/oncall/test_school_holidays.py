"""The school holidays of a zone, as the decrees say them."""

import dataclasses
from datetime import date

import pytest

from cpts_net.oncall.holidays import SchoolHoliday, school_holidays
from cpts_net.school_zones import school_zone

# Arrêté du 22 octobre 2025 (JORFTEXT000052416058): the winter of 2027.
WINTER = {
    "A": (date(2027, 2, 13), date(2027, 2, 28)),
    "B": (date(2027, 2, 20), date(2027, 3, 7)),
    "C": (date(2027, 2, 6), date(2027, 2, 21)),
}


@pytest.fixture
def of_zone(app, monkeypatch):
    def asked(zone, first, last):
        monkeypatch.setitem(
            app.extensions, "settings", dataclasses.replace(app.extensions["settings"], school_zone=zone)
        )
        with app.app_context():
            return school_holidays(first, last)

    return asked


@pytest.mark.parametrize("zone", WINTER)
def test_each_zone_has_its_own_winter(of_zone, zone):
    assert of_zone(zone, date(2027, 2, 1), date(2027, 3, 14)) == [SchoolHoliday("Vacances d’hiver", *WINTER[zone])]


def test_christmas_is_whole_across_the_end_of_the_year(of_zone):
    (found,) = of_zone("B", date(2026, 12, 28), date(2027, 1, 10))

    assert (found.first, found.last) == (date(2026, 12, 19), date(2027, 1, 3))
    assert found.is_published


def test_there_are_none_without_a_zone(of_zone):
    assert of_zone("", date(2027, 1, 1), date(2027, 12, 31)) == []


@pytest.mark.parametrize(("written", "meant"), [("b", "B"), ("Zone C", "C"), (" A ", "A"), ("", "")])
def test_a_zone_is_understood_as_it_is_written(written, meant):
    assert school_zone(written) == meant


@pytest.mark.parametrize("written", ["D", "Corse", "AB"])
def test_what_is_no_zone_is_refused(written):
    with pytest.raises(ValueError, match="A, B and C"):
        school_zone(written)
