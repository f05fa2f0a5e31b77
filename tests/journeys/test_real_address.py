"""The product as docs/operating.md installs it: a name of its own, TLS, the shipped nginx, two ports."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import proxy
from tests.journeys.conftest import PHONE
from tests.journeys.test_live_board import declare, freshness

PASSWORD = "quatre chevaux gris sous la pluie"
ADDRESS = "anne.petit@cpts-dunois.example"
pytestmark = pytest.mark.parametrize("address", [proxy.USUAL, proxy.OTHER_PORT], ids=["usual", "port"])


def sign_in(page: Page) -> None:
    page.goto("/connexion")
    page.get_by_label("Adresse").fill(ADDRESS)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Me connecter").click()
    expect(page).to_have_url(re.compile("/continuite/"))


def test_somebody_signs_in_and_the_board_is_live(window, make, product):
    account = make.account(make.member("Inès", "Boyer", profession="60"))
    product.command("accounts", "create", ADDRESS, "--role", "secretary", "--password-stdin", typed=PASSWORD)
    board, desk = window(account, size=PHONE), window()
    board.goto("/continuite/")
    expect(freshness(board)).to_have_text("en direct")

    sign_in(desk)
    expect(freshness(desk)).to_have_text("en direct")
    doctor = window(make.account(make.member("Anne", "Petit")), size=PHONE)
    declare(doctor)

    for page in (board, desk):
        expect(page.locator("#absents-10")).to_contain_text("Dr Anne Petit")
        expect(freshness(page)).to_have_text("en direct")
