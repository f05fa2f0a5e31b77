"""Somebody comes in, and goes out again."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PHONE, axe

ADDRESS = "anne.petit@cpts-dunois.example"
PASSWORD = "quatre chevaux gris sous la pluie"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_a_member_signs_in_with_a_password_and_sees_the_board(window, product, size):
    product.command("accounts", "create", ADDRESS, "--role", "member", "--password-stdin", typed=PASSWORD)
    page = window(size=size)

    page.goto("/")
    expect(page).to_have_url(re.compile("/connexion"))
    axe(page)
    page.get_by_label("Adresse").fill(ADDRESS)
    page.get_by_label("Mot de passe").fill("pas le bon mot de passe")
    page.get_by_role("button", name="Me connecter").click()
    expect(page.locator("#password-error")).to_be_visible()
    expect(page.get_by_label("Adresse")).to_have_value(ADDRESS)

    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Me connecter").click()

    expect(page).to_have_url(re.compile("/continuite/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    axe(page)


def test_an_invitation_is_accepted_and_the_rule_is_told_while_typing(window, product):
    product.command("accounts", "invite", ADDRESS, "--role", "member", "--name", "Dr Anne Petit")
    (mail,) = product.mails(ADDRESS)
    link = re.search(r"http://\S+/invitation/\S+", mail.get_body(("plain",)).get_content())[0]
    page = window(size=PHONE)

    page.goto(link)
    axe(page)
    password = page.get_by_label("Nouveau mot de passe")
    password.press_sequentially("anne petit")
    expect(page.get_by_text("Encore 2 caractères.")).to_be_visible()
    password.press_sequentially(" médecin")
    expect(page.get_by_text("Trop proche de votre nom")).to_be_visible()
    password.fill("")
    password.press_sequentially(PASSWORD)
    expect(page.get_by_text("Ce mot de passe convient.")).to_be_visible()
    page.get_by_role("button", name="Enregistrer et entrer").click()

    expect(page).to_have_url(re.compile("/continuite/"))
    expect(page.get_by_text("Bienvenue")).to_be_visible()
