"""A group finds the date of its meeting, and everybody gets it."""

import re
from email.message import EmailMessage

from icalendar import Calendar, Component
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, axe


def say(page: Page, day: str, answer: str) -> None:
    page.locator("fieldset", has_text=day).get_by_text(answer, exact=True).click()


def propose(page: Page) -> None:
    page.goto("/groupes/")
    page.get_by_role("link", name="Soins non programmés").click()
    axe(page)
    page.get_by_role("link", name=re.compile("Proposer des dates")).click()
    page.get_by_label("Sujet").fill("Organiser l’automne")
    page.get_by_label("Lieu").fill("Maison de santé, Châteaudun")
    for row, day in enumerate(("2026-09-01", "2026-09-03")):
        page.get_by_label("Jour", exact=True).nth(row).fill(day)
        page.get_by_label("Heure de début").nth(row).fill("20:00")
    page.get_by_label("Réponses jusqu’au").fill("2026-08-25")
    axe(page)
    page.get_by_role("button", name="Proposer ces dates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Organiser l’automne")
    expect(page.locator("[data-freshness]")).to_have_text("en direct")
    axe(page)


def invitation_in(mail: EmailMessage) -> tuple[str, Component]:
    """The method of the mail's calendar part and its only event."""
    (part, *_) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    (event,) = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")
    return str(part.get_param("method")), event


def test_a_poll_is_answered_in_two_windows_and_becomes_a_meeting_in_the_mail(window, make, product):
    lead, nurse = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    of_nurse = make.account(nurse)
    make.group("Soins non programmés", leads=[lead], members=[nurse])
    desk, phone = window(make.account(lead)), window(of_nurse, size=PHONE)

    propose(desk)
    product.mails(of_nurse.email)  # That asks for the dates, while nobody has answered.
    phone.goto(desk.url)
    say(phone, "mardi 1er septembre", "si besoin")
    say(phone, "jeudi 3 septembre", "oui")
    phone.get_by_role("button", name="Enregistrer mes réponses").click()

    expect(desk.locator(".poll-answers tbody tr", has_text="jeudi 3 septembre")).to_contain_text("oui")
    axe(phone)

    desk.locator("li", has_text="jeudi 3 septembre").get_by_role("button", name=re.compile("Retenir")).click()
    expect(desk).to_have_url(re.compile(r"/reunions/\d+$"))
    axe(desk)

    (invitation,) = [mail for mail in product.mails(of_nurse.email, 2) if mail["Subject"].startswith("Réunion")]
    method, event = invitation_in(invitation)
    assert method == "REQUEST"
    assert str(event["UID"]).startswith("meeting-")
    assert event.decoded("DTSTART").isoformat() == "2026-09-03T18:00:00+00:00"
    assert of_nurse.email in str(event["ATTENDEE"]).lower()
