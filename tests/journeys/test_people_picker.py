"""People are chosen by a search: by the keyboard alone, by touch, and without JavaScript."""

import re
import time
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from cpts_net.roles import Role
from tests.continuity.declared import EIGHT, TWO_HOURS
from tests.journeys.conftest import PHONE, axe


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def colleagues(make):
    """Two doctors of one name, one of them away, and a nurse."""
    away = make.person("Paul", "Roy", commune="Brou")
    make.absence(away, date(2026, 9, 1), date(2026, 9, 30))
    return {"there": make.person("Paul", "Roy"), "away": away, "nurse": make.person("Inès", "Royer", profession="60")}


def options(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def test_a_relay_is_chosen_by_the_keyboard_alone(window, make, anne, colleagues):
    page = window(make.account(anne), size=PHONE)
    asked = []
    page.on("request", lambda request: "/choisir" in request.url and asked.append(request.url))
    page.clock.install()
    page.goto("/absences/nouvelle")
    page.get_by_label("Du", exact=True).fill("2026-09-07")
    field = page.get_by_role("combobox", name=re.compile("Relais"))
    field.focus()
    assert not options(page).count()

    page.clock.pause_at(time.time() + 5)
    page.keyboard.type("roy")  # Without a pause, however slow the machine.
    page.clock.resume()
    expect(options(page)).to_have_text(
        [
            re.compile(r"Dr Paul Roy\s+Médecin généraliste · Châteaudun"),
            re.compile(
                r"Dr Paul Roy\s+Médecin généraliste · Brou\s+absent aussi du mardi 1er au mercredi 30 septembre"
            ),
            re.compile(r"Inès Royer\s+Infirmier · Châteaudun"),
        ]
    )
    assert len(asked) == 1
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("people-picker", has=field).get_by_role("status")).to_have_text("3 personnes.")
    axe(page)

    choose_by_keys(page, field, colleagues)
    axe(page)

    page.keyboard.type("zzz")
    page.keyboard.press("Escape")
    expect(field).to_have_value("")
    page.get_by_role("button", name="Enregistrer", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"/absences/$"))
    expect(page.locator("main")).to_contain_text("Dr Paul Roy")


def test_who_was_chosen_from_the_list_of_fewer_letters_sees_no_list_again(window, make, anne, colleagues):
    page = window(make.account(anne), size=PHONE)
    page.clock.install()
    page.goto("/absences/nouvelle")
    page.get_by_role("combobox", name=re.compile("Relais")).focus()
    page.keyboard.type("ro")
    expect(options(page).last).to_contain_text("Inès Royer")
    page.clock.pause_at(time.time() + 5)
    asked = []
    page.on("request", lambda request: "/choisir" in request.url and asked.append(request.url))

    page.keyboard.type("y")
    options(page).last.click()
    page.clock.run_for(1_000)

    expect(page.locator('input[name="relay"]')).to_have_value(str(colleagues["nurse"].id))
    expect(page.get_by_role("combobox", name=re.compile("Relais"))).to_have_attribute("aria-expanded", "false")
    assert asked == []


def choose_by_keys(page: Page, field: Locator, colleagues) -> None:
    """Walk over the greyed one, whom Enter does not take, to the last and back to the first."""
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    greyed = options(page).nth(1)
    expect(greyed).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", greyed.get_attribute("id"))
    page.keyboard.press("Enter")
    expect(page.locator('input[name="relay"]')).to_have_count(0)
    page.keyboard.press("End")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.locator('input[name="relay"]')).to_have_value(str(colleagues["there"].id))


def test_the_search_stands_in_for_the_widget_without_javascript(window, make, anne, colleagues):
    page = window(make.account(anne), size=PHONE, java_script_enabled=False)
    page.goto("/absences/nouvelle")
    page.get_by_label("Du", exact=True).fill("2026-09-07")
    page.get_by_label("Note pour les collègues").fill("Joignable par SMS")
    page.get_by_role("searchbox", name="Relais").fill("roy")
    page.get_by_role("button", name="Chercher Relais").click()

    expect(page.get_by_label("Du", exact=True)).to_have_value("2026-09-07")
    expect(page.get_by_label("Note pour les collègues")).to_have_value("Joignable par SMS")
    expect(page.get_by_role("radio", name=re.compile("Brou"))).to_be_disabled()
    page.get_by_role("radio", name=re.compile("Inès Royer")).check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()

    expect(page).to_have_url(re.compile(r"/absences/$"))
    expect(page.locator("main")).to_contain_text("Inès Royer")


def test_naming_somebody_hands_the_duty_over(window, make, anne, colleagues):
    make.seat(make.slot(make.line(), EIGHT, EIGHT + TWO_HOURS), anne)
    page = window(make.account(anne), size=PHONE, has_touch=True)
    page.goto("/absences/nouvelle")
    page.get_by_label("Du", exact=True).fill("2026-08-14")
    page.get_by_label("Du", exact=True).blur()
    duty = page.get_by_role("group", name=re.compile("Ligne snp"))
    duty.get_by_role("combobox").tap()
    page.keyboard.type("paul")
    options(page).filter(has_text="Châteaudun").tap()

    expect(duty.get_by_role("radio", name="Je la confie à")).to_be_checked()
    axe(page)
    page.get_by_role("button", name="Enregistrer", exact=True).tap()
    expect(page).to_have_url(re.compile(r"/absences/$"))


def test_several_lead_a_group(window, make, anne, colleagues):
    page = window(make.account(role=Role.COORDINATOR))
    page.goto("/groupes/nouveau")
    page.get_by_label("Nom du groupe").fill("Diabète")
    field = page.get_by_role("combobox", name=re.compile("Qui l’anime"))
    for words in ("royer", "petit"):
        field.fill(words)
        expect(options(page)).to_have_count(1)
        field.press("ArrowDown")
        field.press("Enter")
    field.fill("royer")
    expect(options(page)).to_contain_text("déjà dans votre choix")
    field.press("Escape")
    field.press("Escape")
    page.get_by_role("button", name="Retirer Inès Royer").click()
    field.fill("roye")
    options(page).click()
    page.get_by_role("button", name="Ouvrir le groupe").click()

    expect(page.locator("main")).to_contain_text("Dr Anne Petit et Inès Royer")


def test_an_older_answer_never_replaces_a_newer_one(window, make, anne, colleagues):
    page = window(make.account(anne))
    page.goto("/absences/nouvelle")
    waiting = []

    def hold(route):
        waiting.append(route)

    page.route(re.compile(r"/choisir\?.*q=ro$"), hold)
    field = page.get_by_role("combobox", name=re.compile("Relais"))
    with page.expect_request(re.compile(r"q=ro$")):
        field.fill("ro")
    field.fill("royer")
    expect(options(page)).to_have_count(1)
    for route in waiting:
        route.abort()

    expect(options(page)).to_have_count(1)
