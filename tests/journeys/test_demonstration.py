"""The demonstration as its visitors find it in the evening, at 20 h: nobody's board is dead, and everybody gets around."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, axe

TEN_HOURS = 10 * 3600  # From the 10:00 of the tests.
PLACES = ("Annuaire", "Groupes", "Planning", "Plus", "Continuité")
# In the order in which the links are printed, and who finds the administration under « Plus ».
VISITORS = {"member": False, "lead": False, "coordinator": True, "secretary": False, "administrator": True}


@pytest.fixture
def is_alone():
    return True


@pytest.fixture
def product(installation):
    installation.began -= TEN_HOURS
    said = installation.command("demo", "start")
    installation.links = dict(zip(VISITORS, re.findall(r"http://\S+/demonstration/\S+", said), strict=True))
    installation.start()
    return installation


def test_every_visitor_finds_somebody_on_call_at_eight_in_the_evening(windows, product):
    for visitor, is_manager in VISITORS.items():
        page = windows.open(size=PHONE if visitor in {"member", "lead"} else DESK)
        page.goto(product.links[visitor])
        page.get_by_role("main").get_by_role("button").first.click()

        expect(page).to_have_url(re.compile("/continuite/"))
        expect(page.locator("#on-call").get_by_text("D’astreinte").first).to_be_visible()
        for place in PLACES:
            # What is new is counted beside « Plus ».
            page.get_by_role("navigation").get_by_role("link", name=re.compile(rf"^\s*{place}(\s|$)")).click()
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            if visitor == "member":
                axe(page)
            if place == "Plus":
                expect(page.get_by_role("link", name=re.compile("Administration|Comptes"))).to_have_count(
                    int(is_manager)
                )
