"""Two people look at the board; what one does, the other sees."""

import re
import signal
from datetime import date

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, axe

DAYS = (date(2026, 8, 12), date(2026, 8, 14))


def freshness(page: Page):
    return page.locator("[data-freshness]")


def declare(page: Page) -> None:
    page.goto("/continuite/")
    page.get_by_role("link", name="Déclarer une absence").click()
    page.get_by_label("Du", exact=True).fill(DAYS[0].isoformat())
    page.get_by_label("Au (compris)").fill(DAYS[1].isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    expect(page).to_have_url(re.compile(r"/(continuite|absences)/"))
    expect(page.get_by_role("status").first).to_be_visible()


def test_an_absence_declared_in_one_window_appears_in_the_other(window, make):
    nurse, doctor = make.person("Inès", "Boyer", profession="60"), make.person("Anne", "Petit")
    board, phone = window(make.account(nurse)), window(make.account(doctor), size=PHONE)
    board.goto("/continuite/")
    expect(freshness(board)).to_have_text("en direct")
    expect(board.locator("#absents-medecin-generaliste")).to_be_hidden()
    axe(board)

    declare(phone)

    expect(board.locator("#absents-medecin-generaliste")).to_contain_text("Dr Anne Petit")
    expect(board.locator("#absents-medecin-generaliste")).to_contain_text("de retour sam. 15 août")
    axe(board)


def test_a_window_says_that_it_is_old_and_heals(windows, window, make, product):
    nurse = make.account(make.person("Inès", "Boyer", profession="60"))
    doctor = make.account(make.person("Anne", "Petit"))
    board, phone = window(nurse), window(doctor, size=PHONE)
    windows.tolerate(r"socket\.io")
    board.goto("/continuite/")
    expect(freshness(board)).to_have_text("en direct")

    product.stop("live", with_signal=signal.SIGKILL)
    expect(freshness(board)).to_have_text(re.compile(r"données de \d\d"))
    declare(phone)
    expect(freshness(board)).to_have_text(re.compile(r"données de \d\d"))
    product.start("live")

    expect(freshness(board)).to_have_text("en direct")
    expect(board.locator("#absents-medecin-generaliste")).to_contain_text("Dr Anne Petit")


def test_a_free_slot_is_taken_with_one_tap_and_the_board_knows(window, make, product):
    make.pattern(make.line(name="Soins non programmés"))
    product.command("oncall", "generate")
    nurse = make.account(make.person("Inès", "Boyer", profession="60"))
    doctor = make.account(make.person("Anne", "Petit"))
    board, phone = window(nurse), window(doctor, size=PHONE)
    board.goto("/continuite/")
    expect(board.locator("#on-call")).to_contain_text("Personne")

    phone.goto("/continuite/")
    phone.get_by_role("link", name="Prendre ce créneau").click()
    axe(phone)
    phone.get_by_role("button", name=re.compile("Prendre")).first.click()

    expect(board.locator("#on-call")).to_contain_text("Dr Anne Petit")


def test_a_session_ended_elsewhere_ends_the_window(windows, window, make, product):
    account = make.account(make.person("Inès", "Boyer", profession="60"))
    board, other = window(account), window(account)
    windows.tolerate(r"socket\.io|status of 401")
    board.goto("/continuite/")
    expect(freshness(board)).to_have_text("en direct")

    other.goto("/mon-compte/")
    other.get_by_role("button", name=re.compile("autres")).click()

    expect(freshness(board)).to_have_text("vous êtes déconnecté")


def test_the_filter_stays_through_a_push_and_in_the_address(window, make):
    nurse = make.account(make.person("Inès", "Boyer", profession="60"))
    for name, commune in (("Brou", "Brou"), ("Bonneval", "Bonneval")):
        make.absence(make.person("Anne", f"De {name}", commune=commune), *DAYS)
    board = window(nurse)
    board.goto("/continuite/")

    board.get_by_label("Commune").select_option("Brou")
    expect(board.locator("#absents-medecin-generaliste li:visible")).to_have_count(1)
    expect(board).to_have_url(re.compile(r"\?commune=Brou$"))
    make.absence(make.person("Zoé", "De Brou", commune="Brou"), *DAYS)
    make.announce("continuity")
    make.absence(make.person("Zoé", "De Bonneval", commune="Bonneval"), *DAYS)
    make.announce("continuity")

    expect(board.locator("#absents-medecin-generaliste li")).to_have_count(4)
    expect(board.locator("#absents-medecin-generaliste li:visible")).to_have_count(2)
    board.reload()
    expect(board.locator("#absents-medecin-generaliste li:visible")).to_have_count(2)
    board.get_by_label("Nom").fill("personne de ce nom")
    expect(board.locator(".absents-unmatched")).to_have_text(
        re.compile(r"Aucun absent ne correspond au filtre · 4 en tout")
    )
    expect(board.get_by_text("Personne n’est absent")).to_be_hidden()
    board.get_by_role("link", name="tout voir").click()
    expect(board.locator("#absents-medecin-generaliste li:visible")).to_have_count(4)
    expect(board.locator(".absents-unmatched")).to_be_hidden()
