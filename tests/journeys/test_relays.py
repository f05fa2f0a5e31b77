"""A relay leaves in the middle of the leave that they cover: seen at once, told by mail, and settled."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from cpts_net.roles import Role
from tests.journeys.conftest import PHONE, axe

OF_THE_MIDDLE = "du jeudi 20 au vendredi 21 août"


def words(mail):
    return mail.get_body(("plain",)).get_content()


def leave_in_the_middle(phone: Page) -> None:
    phone.goto("/absences/nouvelle")
    phone.get_by_label("Du", exact=True).fill("2026-08-20")
    phone.get_by_label("Au (compris)").fill("2026-08-21")
    expect(phone.get_by_text(f"Vous êtes le relais de Dr Anne Petit {OF_THE_MIDDLE}.")).to_be_visible()
    axe(phone)
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_role("status").first).to_be_visible()


def name_somebody(phone: Page, family_name: str) -> None:
    phone.goto("/absences/")
    phone.get_by_role("link", name=re.compile("Modifier")).first.click()
    phone.locator('[name="relay-q"][role=combobox]').fill(family_name)
    phone.locator("[role=option]").first.click()
    phone.get_by_role("button", name="Enregistrer").click()
    expect(phone.get_by_role("status").first).to_be_visible()


def test_a_relay_who_leaves_in_the_middle_is_seen_at_once_and_somebody_else_is_told(window, make, product):
    anne, paul, luc = make.person("Anne", "Petit"), make.person("Paul", "Girard"), make.person("Luc", "Martin")
    of_anne, of_paul, of_luc = (make.account(person) for person in (anne, paul, luc))
    make.absence(anne, date(2026, 8, 17), date(2026, 8, 28), relays=[paul])
    board, desk = window(of_anne), window(make.account(role=Role.COORDINATOR))
    phone = window(of_paul, size=PHONE)
    for screen in (board, desk):
        screen.goto("/continuite/")
        expect(screen.locator("[data-freshness]")).to_have_text("en direct")
        expect(screen.locator("#to-settle")).not_to_contain_text("Sans relais")

    leave_in_the_middle(phone)

    for screen in (board, desk):
        broken = screen.locator("#to-settle li", has_text="Sans relais").filter(visible=True)
        expect(broken).to_contain_text("Dr Anne Petit")
        expect(broken).to_contain_text(OF_THE_MIDDLE)
        axe(screen)
    (mail,) = product.mails(of_anne.email)
    assert mail["Subject"] == f"Plus personne ne vous relaie {OF_THE_MIDDLE}"

    name_somebody(phone, "martin")

    for screen in (board, desk):
        expect(screen.locator("#to-settle")).not_to_contain_text("Dr Anne Petit")
    asked, told = sorted(product.mails(of_luc.email, at_least=2), key=lambda each: "aussi" in each["Subject"])
    assert asked["Subject"] == f"Relais demandé : Dr Paul Girard, {OF_THE_MIDDLE}"
    assert told["Subject"] == f"Vous relayez aussi Dr Anne Petit, {OF_THE_MIDDLE}"
    planning = window(of_luc, size=PHONE)
    planning.goto("/mon-planning/")
    agenda = planning.locator(".agenda")
    expect(agenda.get_by_text("jusqu’au vendredi 21 août")).to_have_count(2)
    for name in ("Dr Anne Petit", "Dr Paul Girard"):
        expect(agenda.get_by_role("link", name=f"Relais de {name}")).to_be_visible()
    phone.goto("/mon-planning/")
    for last in ("mercredi 19 août", "vendredi 28 août"):
        expect(phone.locator(".agenda").get_by_text(f"jusqu’au {last}")).to_be_visible()
    answer(window(size=PHONE), asked)
    declined = desk.locator("#to-settle li", has_text="Dr Luc Martin a dit ne pas pouvoir").filter(visible=True)
    expect(declined).to_contain_text("Dr Paul Girard")


def answer(stranger: Page, mail) -> None:
    """By the link of the mail, in a browser where nobody is signed in."""
    stranger.goto(re.search(r"https?://[^/\s]+(/absences/relais/\S+)", words(mail))[1])
    axe(stranger)
    stranger.get_by_label("Un mot, si vous voulez").fill("Je suis en formation")
    stranger.get_by_role("button", name="Je ne peux pas").click()
    expect(stranger.get_by_text("Merci, votre réponse est enregistrée.")).to_be_visible()
    expect(stranger.get_by_text("Vous avez répondu")).to_be_visible()
    axe(stranger)
