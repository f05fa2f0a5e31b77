"""Somebody is asked about dates by mail, answers without signing in, and reads what they were told."""

import re
import threading
import time
from datetime import timedelta

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, axe
from tests.mail_server import running_mail_server

PATIENT = 60  # Seconds.
UNTIL_THE_LAST_DAYS = timedelta(days=12)


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
    with reader.expect_response("**/avis/vus") as seen:
        reader.get_by_role("link", name="Quoi de neuf, 1 avis non lu").click()
    assert seen.value.status == 200
    axe(reader)
    expect(reader.get_by_text("nouveau")).to_be_visible()
    expect(reader.get_by_role("link", name="Quoi de neuf", exact=True)).to_be_visible()
    reader.reload()
    expect(reader.get_by_text("nouveau")).to_have_count(0)
    reader.get_by_role("link", name=re.compile("Quelle date vous convient")).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Organiser l’automne")


def arrived(server, account, number):
    """The mails that a server was handed for somebody, once there are so many."""
    waiting, until = threading.Event(), time.monotonic() + PATIENT
    while time.monotonic() < until:
        mails = [mail for mail in server.read() if mail["To"] == account.email]
        if len(mails) >= number:
            assert len(mails) == number, [mail["Subject"] for mail in mails]
            return mails
        waiting.wait(0.05)
    raise AssertionError(
        f"no {number} mails to {account.email}: {[(mail['To'], mail['Subject']) for mail in server.read()]}"
    )


def test_a_poll_from_its_first_mail_to_the_date_that_is_fixed(window, make, product):
    lead, nurse, silent = make.person("Anne", "Petit"), make.person("Inès", "Boyer"), make.person("Luc", "Martin")
    of_nurse, of_silent = make.account(nurse), make.account(silent)
    make.group("Soins non programmés", leads=[lead], members=[nurse, silent])
    desk = window(make.account(lead))
    with running_mail_server() as server:
        product.stop("worker")
        product.environment["SMTP_URL"] = server.url
        product.start("worker")

        propose(desk)
        arrived(server, of_silent, 1)
        (mail,) = arrived(server, of_nurse, 1)
        answer_from(mail, window(size=PHONE))
        expect(desk.locator(".poll-answers tbody tr", has_text="mardi 1er septembre")).to_contain_text("oui")

        poll = desk.url
        desk.goto("about:blank")
        for name in ("worker", "live", "web"):
            product.stop(name)
        product.began -= UNTIL_THE_LAST_DAYS.total_seconds()
        product.start()
        _asked, reminded = arrived(server, of_silent, 2)
        assert reminded["Subject"].startswith("On attend votre réponse")
        arrived(server, of_nurse, 1)

        desk.goto(poll)
        desk.get_by_role("button", name=re.compile("Retenir")).first.click()
        expect(desk).to_have_url(re.compile(r"/reunions/\d+$"))
        *_before, fixed = arrived(server, of_nurse, 2)
        assert fixed["Subject"].startswith("Date fixée")
        assert "text/calendar" in {part.get_content_type() for part in fixed.walk()}
        arrived(server, of_silent, 3)
