"""A month of a line as a grid."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cpts_net.oncall.grid import Stands, weeks_of
from cpts_net.oncall.month import Holder, Month, MonthSlot, days_of
from cpts_net.spans import Span

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 8, 12, 10, tzinfo=PARIS)
TOMORROW = Span(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
ANNE = Holder(7, 1, TOMORROW, 7, "Dr Anne Petit", is_hidden=False)
EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)  # A Friday, 8:00 in Paris.


def slot(start=NOW + timedelta(days=1), **columns):
    seats = {"state": "open", "message": "", "fewest": 1, "most": 1, "holders": ()}
    return MonthSlot(**{"id": 1, "span": Span(start, start + timedelta(hours=2)), **seats, **columns})


def cells(*slots, month="2026-08"):
    shown = Month.of(month, NOW.date())
    weeks = weeks_of(shown, days_of(slots, {}, NOW, PARIS), {date(2026, 8, 15): "Assomption"}, NOW.date())
    return {cell.day: cell for week in weeks for cell in week}


@pytest.mark.parametrize("month", ["2026-02", "2026-08", "2026-11", "2027-02"])
def test_weeks_are_whole_and_hold_every_day_of_the_month(month):
    shown, found = Month.of(month, NOW.date()), cells(month=month)

    assert len(found) % 7 == 0
    assert min(found).weekday() == 0
    assert [day for day, cell in found.items() if cell.is_shown] == [
        shown.first + timedelta(days=number) for number in range((shown.last - shown.first).days + 1)
    ]


@pytest.mark.parametrize(
    ("columns", "stands"),
    [
        ({}, Stands.GAP),
        ({"holders": (ANNE,)}, Stands.FULL),
        ({"holders": (ANNE,), "most": 2}, Stands.FREE),
        ({"state": "closed"}, Stands.CLOSED),
        ({"start": NOW - timedelta(hours=3)}, Stands.OVER),
    ],
)
def test_each_slot_stands_as_the_list_says(columns, stands):
    (bar,) = next(cell.bars for cell in cells(slot(**columns)).values() if cell.bars)

    assert bar.stands == stands


def test_sundays_and_holidays_are_days_of_rest():
    found = cells()

    assert [day.day for day, cell in found.items() if cell.is_shown and cell.is_rest] == [2, 9, 15, 16, 23, 30]


def cell_of(page, day):
    return re.search(rf'<td id="case-{day}".*?</td>', page.text, re.DOTALL)[0]


def heard(page, day):
    return " ".join(re.sub(r"<[^>]+>", " ", cell_of(page, day)).split())


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def browser(make, sign_in, anne):
    return sign_in(make.account(anne))


def test_grid_says_what_is_free_missing_closed_and_mine(browser, make, anne):
    line = make.line()
    for number in range(4):
        start = EIGHT + timedelta(days=number)
        kept = {"state": "closed", "message": "Fermé pour travaux"} if number == 2 else {}
        each = make.slot(line, start, start + timedelta(hours=2), **kept)
        if number == 3:
            make.seat(each, anne)

    page = browser.get("/astreintes/snp/?mois=2026-08")

    assert heard(page, "2026-08-14") == "14 1 trou"
    assert heard(page, "2026-08-15") == "15 1 trou férié : Assomption"
    assert heard(page, "2026-08-16") == "16 fermé Fermé pour travaux"
    assert heard(page, "2026-08-17").startswith("17 vous, 8 h")
    assert heard(page, "2026-08-18") == "18"
    assert page.text.count('<th scope="col"') == 7


def test_a_day_shows_the_faces_of_who_serves_but_not_mine_to_me(browser, sign_in, make, anne):
    line = make.line(seats_min=2, seats_max=6)
    slot = make.slot(line, EIGHT, EIGHT + timedelta(hours=2))
    names = ("Ida Bon", "Jean Cor", "Karl Dun", "Lise Eck")
    for number, person in enumerate((anne, *(make.person(*name.split()) for name in names)), start=1):
        make.seat(slot, person, number=number)

    mine = cell_of(browser.get("/astreintes/snp/?mois=2026-08"), "2026-08-14")
    seen = cell_of(
        sign_in(make.account(make.person("Paul", "Durand"))).get("/astreintes/snp/?mois=2026-08"), "2026-08-14"
    )

    assert re.findall(r'data-i="(\w+)"', mine) == ["IB", "JC", "KD"]
    assert "+1" in mine
    assert re.findall(r'data-i="(\w+)"', seen) == ["AP", "IB", "JC"]
    assert "+2" in seen


def test_what_is_mine_is_marked_for_me_alone(browser, sign_in, make, anne):
    make.seat(make.slot(make.line(), EIGHT, EIGHT + timedelta(hours=2)), anne)
    other = sign_in(make.account(make.person("Paul", "Durand")))

    assert "vous" in heard(browser.get("/astreintes/snp/?mois=2026-08"), "2026-08-14")
    assert heard(other.get("/astreintes/snp/?mois=2026-08"), "2026-08-14") == "14 complet"


@pytest.mark.parametrize("month", ["2026", "2026-13", "2026-01/2026-12", "demain"])
def test_a_month_that_is_none_says_so_and_shows_the_present_one(browser, make, month):
    make.line()

    page = browser.get("/astreintes/snp/", query_string={"mois": month}).text

    assert "Un mois à la fois, écrit comme 2026-08\u202f: voici le mois en cours." in page
    assert "Un mois à la fois" not in browser.get("/astreintes/snp/").text
    assert "Un mois à la fois" not in browser.get("/astreintes/snp/?mois=2026-12").text


def test_a_month_before_what_is_kept_says_since_when(browser, make):
    make.slot(make.line(), EIGHT, EIGHT + timedelta(hours=2))

    assert (
        "Les créneaux de cette ligne sont gardés depuis le vendredi 14 août."
        in browser.get("/astreintes/snp/?mois=2025-03").text
    )
    assert "Ils s’ouvrent douze semaines à l’avance" in browser.get("/astreintes/snp/?mois=2027-03").text
