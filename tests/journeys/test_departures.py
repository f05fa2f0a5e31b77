"""The desk finds that two rows are one person, and that somebody leaves."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from cpts_net.roles import Role
from tests.journeys.conftest import PHONE, axe

EIGHT = datetime(2026, 9, 1, 6, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)


def test_two_rows_are_compared_decided_and_one(window, make):
    anne = make.person("Anne", "Petit")
    again = make.person("Anne", "Petit", commune="Brou")
    line = make.line(name="Médecin de nuit")
    for start, who in ((EIGHT, anne), (EIGHT + timedelta(hours=1), again)):
        make.seat(make.slot(line, start, start + TWO_HOURS), who)
    desk = window(make.account(role=Role.SECRETARY), size=PHONE)

    desk.goto(f"/annuaire/{anne.id}")
    desk.get_by_role("link", name="Fusionner avec une autre fiche").click()
    desk.get_by_role("combobox", name=re.compile("L’autre fiche")).fill("petit brou")
    desk.get_by_role("option").first.click()
    axe(desk)
    desk.get_by_role("button", name="Comparer").click()
    expect(desk.get_by_role("heading", name="2 points à décider")).to_be_visible()
    axe(desk)
    desk.get_by_label(re.compile(f"RPPS {again.rpps}")).check()
    desk.get_by_role("button", name="Fusionner, sans retour").click()
    expect(desk.get_by_text("Choisissez l’une des deux")).to_have_count(1)
    expect(desk.get_by_label(re.compile(f"RPPS {again.rpps}"))).to_be_checked()
    axe(desk)
    desk.get_by_role("group", name="Deux astreintes en même temps").get_by_label(re.compile("seconde fiche")).check()
    desk.get_by_role("button", name="Fusionner, sans retour").click()

    expect(desk.get_by_role("status").or_(desk.locator(".flash")).first).to_contain_text("n’en font plus qu’une")
    axe(desk)
    desk.goto(f"/annuaire/{again.id}")
    expect(desk).to_have_url(re.compile(f"/annuaire/{anne.id}$"))
    expect(desk.get_by_text("Brou")).to_be_visible()
    desk.goto("/annuaire/?q=petit")
    expect(desk.locator(".person")).to_have_count(1)


def test_somebody_leaves_and_is_found_nowhere(windows, window, make):
    # A screen that is signed out asks once more to be let in, and is told so.
    windows.tolerate(r"socket\.io|status of 401")
    anne = make.person("Anne", "Petit")
    of_anne = make.account(anne)
    make.seat(make.slot(make.line(name="Médecin de nuit"), EIGHT, EIGHT + TWO_HOURS), anne)
    desk, phone = window(make.account(role=Role.COORDINATOR)), window(of_anne, size=PHONE)
    phone.goto("/continuite/")

    desk.goto(f"/annuaire/{anne.id}")
    desk.get_by_role("link", name="Quitte la communauté").click()
    desk.get_by_label("Quitte la communauté le").fill("2026-08-12")
    desk.get_by_role("button", name="Voir ce que cela change").click()
    expect(desk.get_by_role("link", name=re.compile("Médecin de nuit, mardi 1er septembre"))).to_be_visible()
    axe(desk)
    desk.get_by_role("button", name="Confirmer le départ").click()

    expect(desk.get_by_text("Parti de la communauté")).to_be_visible()
    axe(desk)
    desk.goto("/annuaire/?q=petit")
    expect(desk.locator(".person")).to_have_count(0)
    phone.goto("/continuite/")
    expect(phone).to_have_url(re.compile("/connexion"))
