"""A duty changes hands at nineteen hours; the hours of a line change as they were shown."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from tests.conftest import NOW
from tests.journeys.conftest import PHONE, axe

TWELVE_HOURS = timedelta(hours=12)


def test_a_duty_is_split_at_nineteen_hours(window, make):
    anne, paul = make.person("Anne", "Petit"), make.person("Paul", "Girard")
    slot = make.slot(make.line(), NOW - timedelta(hours=2), NOW - timedelta(hours=2) + TWELVE_HOURS)  # From 8 to 20.
    make.seat(slot, anne)
    desk, phone = window(make.account(role="secretary")), window(make.account(paul), size=PHONE)
    phone.goto("/astreintes/snp/")

    desk.goto(f"/astreintes/creneaux/{slot.id}")
    desk.get_by_role("link", name=re.compile("Confier ou arrêter")).click()
    form = desk.locator("form[action$='/partager']")
    form.get_by_label("S’arrête à").fill("19:00")
    form.locator("[name='partage-person-q'][role=combobox]").fill("girard")
    form.locator("[role=option]").first.click()
    axe(desk)
    form.get_by_role("button", name="Arrêter à cette heure").click()

    for page in (desk, phone):
        expect(page.locator(f"#creneau-{slot.id}")).to_contain_text("19")
    expect(desk.locator(f"#creneau-{slot.id}")).to_contain_text("Dr Anne Petit")
    expect(desk.locator(f"#creneau-{slot.id}")).to_contain_text("Dr Paul Girard")
    expect(phone.locator(f"#creneau-{slot.id}")).to_contain_text("Vous")


def test_the_hours_of_a_line_change_as_they_were_shown(window, make, product):
    make.person()  # Or no profession is offered.
    line = make.line()
    make.pattern(line)
    product.command("oncall", "generate")  # Or the worker opens slots while what changes is read.
    desk = window(make.account(role="coordinator"))

    desk.goto(f"/astreintes/lignes/{line.id}")
    desk.locator("[name='patterns-0-closes_at']").fill("20:00")
    desk.get_by_role("button", name="Enregistrer").click()

    expect(desk.get_by_role("heading", name="Ce qui change")).to_be_visible()
    axe(desk)
    desk.get_by_role("button", name="Modifier encore").click()
    expect(desk.locator("[name='patterns-0-closes_at']")).to_have_value("20:00")
    desk.get_by_role("button", name="Enregistrer").click()
    desk.get_by_role("button", name="Appliquer ces changements").click()

    expect(desk.get_by_text("Ligne enregistrée")).to_be_visible()
    desk.goto("/astreintes/snp/")
    expect(desk.locator("#month-ahead")).to_contain_text("18\u202fh – 20\u202fh")
