"""The coordinator is somebody: in a group, in its thread, asked and answering."""

import re

from playwright.sync_api import Page, expect

from cpts_net.roles import Role
from tests.journeys.conftest import PHONE, axe
from tests.journeys.test_poll import propose, say


def open_group(page: Page) -> None:
    page.goto("/groupes/")
    page.get_by_role("link", name="Soins non programmés").click()


def test_the_coordinator_proposes_a_poll_answers_it_posts_and_is_invited(window, make, product):
    lead = make.person("Anne", "Petit")
    coordinator = make.account(role=Role.COORDINATOR, name="Camille Morel")
    of_lead = make.account(lead)
    make.group("Soins non programmés", leads=[lead])
    desk, phone = window(coordinator), window(of_lead, size=PHONE)

    desk.goto("/groupes/")
    desk.get_by_role("button", name=re.compile("Rejoindre")).click()
    propose(desk)
    say(desk, "jeudi 3 septembre", "oui")
    desk.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(desk.locator(".poll-answers tbody tr", has_text="jeudi 3 septembre")).to_contain_text("oui")

    open_group(phone)
    expect(phone.locator("[data-freshness]")).to_have_text("en direct")
    open_group(desk)
    desk.get_by_label("Votre message").fill("Dites-moi quelles dates vous vont.")
    desk.get_by_role("button", name="Publier").click()
    expect(phone.locator(".thread")).to_contain_text("Camille Morel")
    expect(phone.locator(".thread")).to_contain_text("Dites-moi quelles dates vous vont.")

    phone.get_by_role("link", name=re.compile("Organiser l’automne")).click()
    phone.locator("li", has_text="jeudi 3 septembre").get_by_role("button", name=re.compile("Retenir")).click()
    expect(phone).to_have_url(re.compile(r"/reunions/\d+$"))
    expect(phone.locator(".who.said-yes + .who-trades + .chips")).to_contain_text("Camille Morel")

    assert [mail["Subject"] for mail in product.mails(coordinator.email)] == [
        "Date fixée : Organiser l’automne, jeudi 3 septembre à 20 h"
    ]
    desk.goto("/mon-planning/")
    expect(desk.get_by_role("main")).to_contain_text("Organiser l’automne")
    axe(desk)
    desk.goto("/reunions/")
    desk.get_by_role("link", name=re.compile("Fixer une réunion")).click()
    axe(desk)


def test_a_poll_that_went_out_is_put_right_and_whoever_answered_is_told(window, make, product):
    lead, nurse = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    of_nurse = make.account(nurse)
    make.group("Soins non programmés", leads=[lead], members=[nurse])
    desk, phone = window(make.account(lead)), window(of_nurse, size=PHONE)
    propose(desk)
    product.mails(of_nurse.email)  # Whoever answers before it leaves is not asked by mail any more.
    phone.goto(desk.url)
    say(phone, "jeudi 3 septembre", "oui")
    phone.get_by_role("button", name="Enregistrer mes réponses").click()

    desk.get_by_role("link", name="Corriger le sondage").click()
    axe(desk)
    desk.get_by_label("Lieu").fill("Mairie de Brou")
    desk.get_by_label("Jour", exact=True).nth(0).fill("2026-09-08")
    desk.get_by_role("button", name="Enregistrer").click()

    expect(desk.locator(".poll-answers")).to_contain_text("mardi 8 septembre")
    expect(phone.locator(".poll-answers")).to_contain_text("mardi 8 septembre")
    expect(phone.locator(".poll-answers tbody tr", has_text="jeudi 3 septembre")).to_contain_text("oui")
    subjects = [mail["Subject"] for mail in product.mails(of_nurse.email, 2)]
    assert "Sondage corrigé : Organiser l’automne" in subjects
