"""A slot that one takes is taken on every open page of its month, and each keeps the buttons that are theirs."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.conftest import NOW
from tests.journeys.conftest import PHONE, axe


def freshness(page):
    return page.locator("[data-freshness]")


def test_a_seat_taken_and_given_back_is_seen_by_all_who_look_at_the_month(window, make):
    anne, paul = make.person("Anne", "Petit"), make.person("Paul", "Girard")
    line = make.line(name="Soins non programmés")
    first, second = (make.slot(line, NOW + timedelta(days=day), NOW + timedelta(days=day, hours=2)) for day in (1, 2))
    phone, other = window(make.account(anne), size=PHONE), window(make.account(paul))
    desk = window(make.account(role="secretary"))
    for each in (phone, other, desk):
        each.goto("/astreintes/snp/")
        expect(freshness(each)).to_have_text("en direct")
    place = f"#creneau-{first.id}"
    expect(other.locator(place).get_by_role("button", name="Prendre")).to_be_visible()

    phone.locator(place).get_by_role("button", name="Prendre").click()

    expect(phone.locator(place)).to_contain_text("Vous")
    cell = f"#case-{first.starts_at.date()}"
    expect(phone.locator(cell)).to_contain_text("vous, 10\u202fh")
    for each in (other, desk):
        expect(each.locator(cell)).to_contain_text("complet")
        expect(each.locator(place)).to_contain_text("Dr Anne Petit")
        expect(each.locator("#month-sum")).to_contain_text("1 place libre")
    expect(other.locator(place).get_by_role("button", name="Prendre")).to_have_count(0)
    expect(desk.locator(place).get_by_role("link", name=re.compile("Gérer"))).to_be_visible()
    axe(other)

    # What is put in by then can be pressed.
    phone.locator(place).get_by_role("button", name=re.compile("Annuler|Rendre")).first.click()
    expect(other.locator(place).get_by_role("button", name="Prendre")).to_be_visible()
    other.locator(place).get_by_role("button", name="Prendre").click()
    expect(other.locator(place)).to_contain_text("Vous")
    expect(desk.locator(place)).to_contain_text("Dr Paul Girard")
    expect(desk.locator(f"#creneau-{second.id}")).to_contain_text("personne")


def test_a_month_is_read_and_walked_with_the_keyboard(window, make):
    anne = make.person("Anne", "Petit")
    line = make.line(name="Soins non programmés")
    taken, free = (make.slot(line, NOW + timedelta(days=day), NOW + timedelta(days=day, hours=2)) for day in (1, 2))
    make.seat(taken, anne)
    page = window(make.account(anne), size=PHONE)
    page.goto("/astreintes/snp/")
    grid = page.locator("#month-grid")

    heard = grid.aria_snapshot().replace("\u202f", " ")
    for words in ("lundi", 'link "13 vous, 10 h"', 'link "14 1 trou"', "férié : Assomption"):
        assert words in heard

    grid.get_by_role("link", name="14 1 trou").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(f"#creneau-{free.id}").get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#case-{free.starts_at.date()}")).to_contain_text("vous")
