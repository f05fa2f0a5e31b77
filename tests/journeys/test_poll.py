"""A group finds the date of its meeting, and everybody gets it."""

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from icalendar import Calendar, Component
from playwright.sync_api import Page, expect

from cpts_net.meetings.models import Poll, PollOption
from tests.conftest import NOW
from tests.journeys.conftest import DESK, PHONE, axe


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

    (invitation,) = [mail for mail in product.mails(of_nurse.email, 2) if mail["Subject"].startswith("Date fixée")]
    method, event = invitation_in(invitation)
    assert method == "REQUEST"
    assert str(event["UID"]).startswith("meeting-")
    assert event.decoded("DTSTART").isoformat() == "2026-09-03T18:00:00+00:00"
    assert of_nurse.email in str(event["ATTENDEE"]).lower()


@pytest.fixture
def poll(make):
    """A poll of two dates in September, asked of Dr Petit and Inès Boyer by their group; with the accounts of both."""
    lead, nurse = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    group = make.group("Soins non programmés", leads=[lead], members=[nurse])
    make.absence(nurse, date(2026, 9, 3), date(2026, 9, 4))
    asked = Poll(
        group_id=group.id,
        title="Organiser l’automne",
        deadline=datetime(2026, 8, 25, 22, tzinfo=UTC),
        created_at=NOW,
        options=[
            PollOption(starts_at=start, ends_at=start + timedelta(hours=2))
            for start in (datetime(2026, 9, day, 18, tzinfo=UTC) for day in (1, 3))
        ],
    )
    make.save(asked)
    return f"/reunions/sondages/{asked.id}", make.account(lead), make.account(nurse)


def put_right(page: Page, address: str, dates: dict[int, str]) -> None:
    """Put the poll right: the days of some of its rows, by their place."""
    page.goto(f"{address}/modifier")
    for row, day in dates.items():
        if row >= page.get_by_label("Jour", exact=True).count():
            page.get_by_role("button", name="Une date de plus").click()
        page.get_by_label("Jour", exact=True).nth(row).fill(day)
        page.get_by_label("Heure de début").nth(row).fill("19:00")
    page.get_by_role("button", name=re.compile("Enregistrer")).click()
    expect(page).to_have_url(re.compile(rf"{address}$"))


def test_a_new_date_and_new_hours_can_be_answered_at_once_and_what_i_ticked_stays(window, poll):
    address, lead, nurse = poll
    mine, desk, watched = window(nurse, size=PHONE), window(lead), window(lead)
    for page in (mine, watched):
        page.goto(address)
        expect(page.locator("[data-freshness]")).to_have_text("en direct")
    say(mine, "mardi 1er septembre", "non")

    put_right(desk, address, {1: "2026-09-04", 2: "2026-09-08"})  # Another day for the second, and a third one.

    expect(mine.get_by_role("group", name=re.compile("jeudi 3 septembre"))).to_have_count(0)
    say(mine, "vendredi 4 septembre", "si besoin")
    say(mine, "mardi 8 septembre", "oui")
    kept = mine.get_by_role("group", name=re.compile("mardi 1er septembre"))
    expect(kept.get_by_role("radio", name="non")).to_be_checked()
    expect(watched.locator("#poll-fix-dates")).to_contain_text("mardi 8 septembre")
    expect(watched.locator("#poll-fix-dates")).not_to_contain_text("jeudi 3 septembre")
    axe(mine)
    mine.get_by_role("button", name="Enregistrer mes réponses").click()
    row = watched.locator(".poll-answers tbody tr", has_text="mardi 8 septembre")
    expect(row).to_contain_text("1 oui")


def test_without_scripts_a_poll_is_answered_changed_and_closed(window, poll):
    address, lead, nurse = poll
    mine, desk = (window(who, java_script_enabled=False) for who in (nurse, lead))
    mine.goto(address)
    say(mine, "mardi 1er septembre", "oui")
    say(mine, "jeudi 3 septembre", "non")
    mine.get_by_role("button", name="Enregistrer mes réponses").click()
    say(mine, "mardi 1er septembre", "si besoin")
    mine.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(mine.locator(".poll-answers tbody tr", has_text="mardi 1er septembre")).to_contain_text("1 si besoin")

    desk.goto(address)
    desk.get_by_text("Clore sans retenir de date", exact=True).click()
    desk.get_by_role("button", name="Oui, clore le sondage").click()
    expect(desk.locator(".page-lead")).to_contain_text("Les réponses sont closes")
    desk.get_by_role("button", name="Revenir en arrière").click()
    expect(desk.locator(".flash")).to_have_text("Le sondage est rouvert.")
    desk.locator("li", has_text="mardi 1er septembre").get_by_role("button", name=re.compile("Retenir")).click()

    expect(desk).to_have_url(re.compile(r"/reunions/\d+$"))
    mine.reload()
    expect(mine.locator(".poll-outcome")).to_contain_text("La date est fixée")
    expect(mine.get_by_role("button", name="Enregistrer mes réponses")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_poll_is_answered_with_the_keyboard_and_read_by_ear(window, poll, size):
    address, _lead, nurse = poll
    page = window(nurse, size=size)
    page.goto(address)

    heard = page.get_by_role("table").aria_snapshot().replace("\u202f", " ")
    first = heard[heard.index("rowheader") :]
    for words in (
        'rowheader "mardi 1er septembre 20 h – 22 h"',
        'group "mardi 1er septembre 20 h – 22 h"',
        'radio "oui"',
        'radio "si besoin"',
        'radio "non"',
        "0 oui",
        'cell "sans réponse',
        'rowheader "jeudi 3 septembre 20 h – 22 h"',
        "absent",
    ):
        assert words in first, heard
        first = first[first.index(words) + len(words) :]
    assert "Répondre" not in heard

    region = page.get_by_role("region", name="Tableau des réponses")
    region.focus()
    group = page.get_by_role("group", name=re.compile("mardi 1er septembre"))
    while not group.locator(":focus").count():
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    other = page.get_by_role("group", name=re.compile("jeudi 3 septembre"))
    while not other.locator(":focus").count():
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    while not page.locator("button:focus", has_text="Enregistrer mes réponses").count():
        page.keyboard.press("Tab")
    with page.expect_navigation():  # The page that is left is live, too.
        page.keyboard.press("Enter")

    expect(group.get_by_role("radio", name="oui")).to_be_checked()
    expect(other.get_by_role("radio", name="si besoin")).to_be_checked()
    row = page.locator(".poll-best")
    expect(row).to_contain_text("la meilleure")
    expect(row).to_contain_text("1 oui")
    expect(page.locator(".poll-head")).to_contain_text("Quelle que soit la date, il manque un médecin")
    axe(page)


def test_what_i_have_ticked_stays_while_others_answer_and_join(window, poll, make):
    address, lead, nurse = poll
    desk, phone = window(lead), window(nurse, size=PHONE)
    desk.goto(address)
    phone.goto(address)
    expect(desk.locator("[data-freshness]")).to_have_text("en direct")
    say(desk, "mardi 1er septembre", "non")
    ticked = desk.get_by_role("group", name=re.compile("mardi 1er septembre")).get_by_role("radio", name="non")
    expect(ticked).to_be_focused()

    say(phone, "mardi 1er septembre", "si besoin")
    phone.get_by_role("button", name="Enregistrer mes réponses").click()

    row = desk.locator(".poll-answers tbody tr", has_text="mardi 1er septembre")
    expect(row).to_contain_text("1 si besoin")
    expect(ticked).to_be_checked()
    expect(ticked).to_be_focused()
    newcomer = make.person("Luc", "Martin")
    other = window(make.account(newcomer))
    other.goto("/groupes/")
    other.get_by_role("link", name="Soins non programmés").click()
    other.get_by_role("button", name=re.compile("Rejoindre")).click()
    expect(desk.get_by_role("columnheader", name="Luc Martin")).to_be_visible()
    expect(ticked).to_be_checked()
    expect(ticked).to_be_focused()
    expect(desk.get_by_role("columnheader", name="Anne Petit")).to_have_count(0)
    desk.get_by_role("button", name="Enregistrer mes réponses").click()
    expect(phone.locator(".poll-answers tbody tr", has_text="mardi 1er septembre")).to_contain_text("1 non")
