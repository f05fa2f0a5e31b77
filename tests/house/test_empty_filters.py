"""A filter that nothing passes says how much there is without it."""

from datetime import date

import pytest

from cpts_net.roles import Role
from tests.house.page import read


@pytest.fixture
def page(make, sign_in):
    away = make.person("Zoé", "Noir", profession="60")
    make.absence(away, date(2026, 8, 12), date(2026, 8, 14))
    make.absence(away, date(2026, 9, 1), date(2026, 9, 2))
    browser = sign_in(make.account(make.person(), role=Role.ADMINISTRATOR))
    browser.get("/administration/journal")
    return lambda address: read(browser.get(address).text)


def test_the_directory_counts_everybody(page):
    assert "Voir tout l’annuaire : 2 personnes" in page("/annuaire/?q=zzz")


def test_the_absences_count_all_to_come(page):
    assert "Personne ne correspond au filtre : 2 absences à venir en tout." in page("/absences/?nom=zzz")


def test_the_weeks_count_whoever_has_something_in_them(page):
    assert "Personne ne correspond au filtre · 1 en tout" in page("/continuite/semaines/?nom=zzz")


def test_the_trail_counts_its_lines_and_says_how_long_they_are_kept(page, app, make, sign_in):
    other = sign_in(make.account(make.person("Paul", "Roy")))
    other.post("/absences/nouvelle", data={"first_day": "2026-10-05", "last_day": "2026-10-07", "relay": "0"})

    assert "ligne en tout, gardée un an" in page("/administration/journal?q=zzz")
