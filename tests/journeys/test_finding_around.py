"""Somebody finds their way through the house."""

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, axe


def test_a_member_walks_through_the_five_places(window, make):
    member = make.member("Marie-Françoise", "Lefèvre-Da Silva")
    page = window(make.account(member), size=PHONE)

    page.goto("/")
    for place in ("Annuaire", "Groupes", "Planning", "Plus", "Continuité"):
        page.get_by_role("navigation").get_by_role("link", name=place, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)
