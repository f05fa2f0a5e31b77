"""Somebody is asked about dates by mail, answers without signing in, and reads what they were told."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, axe


def propose(desk):
    desk.goto("/groupes/")
    desk.get_by_role("link", name="Soins non programmés").click()
    desk.get_by_role("link", name=re.compile("Proposer des dates")).click()
    desk.get_by_label("Sujet").fill("Organiser l’automne")
    desk.get_by_label("Jour", exact=True).nth(0).fill("2026-09-01")
    desk.get_by_label("Heure de début").nth(0).fill("20:00")
    desk.get_by_label("Réponses jusqu’au").fill("2026-08-25")
    desk.get_by_role("button", name="Proposer ces dates").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Organiser l’automne")


def answer_from(mail, phone):
    words = mail.get_body(("plain",)).get_content()
    phone.goto(re.search(r"https?://[^/\s]+(/sondages/reponse/\S+)", words)[1])
    axe(phone)
    phone.locator("fieldset", has_text="mardi 1er septembre").get_by_text("oui", exact=True).click()
    phone.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(phone.get_by_text("Merci, vos réponses sont enregistrées.")).to_be_visible()


def test_a_poll_is_answered_from_its_mail_and_the_notice_is_seen_by_being_read(window, make, product):
    lead, nurse = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    of_nurse = make.account(nurse)
    make.group("Soins non programmés", leads=[lead], members=[nurse])
    desk = window(make.account(lead))
    propose(desk)
    (mail,) = product.mails(of_nurse.email)
    answer_from(mail, window(size=PHONE))
    expect(desk.locator(".poll-answers tbody tr", has_text="mardi 1er septembre")).to_contain_text("oui")

    reader = window(of_nurse, size=PHONE)
    reader.goto("/plus/")
    expect(reader.locator(".count")).to_contain_text("1")
    axe(reader)
    with reader.expect_response("**/avis/vus") as seen:
        reader.get_by_role("link", name=re.compile("Avis")).first.click()
    assert seen.value.status == 204
    axe(reader)
    expect(reader.get_by_text("nouveau")).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("nouveau")).to_have_count(0)
    expect(reader.locator(".count")).to_have_count(0)
    reader.get_by_role("link", name=re.compile("Quelle date vous convient")).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Organiser l’automne")
