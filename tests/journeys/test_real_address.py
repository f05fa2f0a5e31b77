"""The product as docs/operating.md installs it: a name of its own, TLS, the shipped nginx, two ports."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from icalendar import Calendar
from playwright.sync_api import Page, expect

from cpts_net.meetings.models import Poll, PollOption
from tests.conftest import NOW
from tests.journeys import proxy
from tests.journeys.conftest import PHONE
from tests.journeys.test_live_board import DAYS, declare, freshness
from tests.journeys.test_poll import invitation_in

PASSWORD = "quatre chevaux gris sous la pluie"
ADDRESS = "anne.petit@cpts-dunois.example"
TOMORROW = (NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
ABSENT = "#absents-medecin-generaliste"
# What a browser does whose owner does not want to say where they come from: no Referer, and "null" for Origin.
SAY_NOTHING = """addEventListener("DOMContentLoaded", () => {
  document.head.append(Object.assign(document.createElement("meta"), {name: "referrer", content: "no-referrer"}))
})"""
on_both_ports = pytest.mark.parametrize("address", [proxy.USUAL, proxy.OTHER_PORT], ids=["usual", "port"])


@pytest.fixture
def is_alone():
    return True


def silent(page: Page) -> Page:
    """The page in a browser that sends no Referer."""
    page.add_init_script(SAY_NOTHING)
    return page


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Adresse").fill(ADDRESS)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Me connecter").click()
    expect(page).to_have_url(re.compile("/continuite/"))


@on_both_ports
def test_somebody_signs_in_whatever_the_browser_says_and_the_board_is_live(window, make, product):
    product.command("accounts", "create", ADDRESS, "--role", "secretary", "--password-stdin", typed=PASSWORD)
    assert signs_in_saying_nothing(product.proxy)
    doctor = make.account(make.person("Anne", "Petit", commune="Bonneval"))
    boards = [window(size=PHONE), silent(window())]
    for page in boards:
        with page.expect_request(lambda request: request.method == "POST") as sent:
            sign_in(page)
        expect(freshness(page)).to_have_text("en direct")
    said = sent.value.all_headers()
    assert (said.get("referer"), said["origin"]) == (None, "null")
    make.absence(make.person("Zoé", "De Brou", commune="Brou"), *DAYS)
    make.announce("continuity")
    boards[0].reload()
    boards[0].get_by_label("Commune").select_option("Brou")

    declare(silent(window(doctor, size=PHONE)))

    expect(boards[0].locator(f"{ABSENT} li")).to_have_count(2)
    expect(boards[0].locator(f"{ABSENT} li:visible")).to_have_count(1)
    expect(boards[1].locator(ABSENT)).to_contain_text("Dr Anne Petit")
    for board in boards:
        expect(freshness(board)).to_have_text("en direct")


def signs_in_saying_nothing(asked: proxy.Proxy) -> bool:
    """Whether a browser gets in that sends none of the headers that say from where."""
    page = asked.ask("/connexion")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.body.decode())
    form = urlencode({"csrf_token": token[1], "email": ADDRESS, "password": PASSWORD})
    kind, cookie = "application/x-www-form-urlencoded", page.headers["Set-Cookie"].split(";")[0]
    answer = asked.ask("/connexion", "POST", form, **{"Content-Type": kind, "Cookie": cookie})
    return answer.status == 303


@pytest.mark.parametrize("address", [proxy.OTHER_PORT])
def test_every_kind_of_live_page_is_live_there(window, make, product, address):
    anne, ines = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    group = make.group("Soins non programmés", leads=[anne], members=[ines])
    slot = make.slot(make.line(name="Soins non programmés"), *TOMORROW)
    times = {"created_at": NOW, "deadline": NOW + timedelta(days=5)}
    date = PollOption(starts_at=TOMORROW[0] + timedelta(days=9), ends_at=TOMORROW[1] + timedelta(days=9))
    poll = make.save(Poll(group_id=group.id, title="Organiser l’automne", options=[date], **times))
    of_anne, of_ines = make.account(anne), make.account(ines)
    for path, act, seen in (
        (f"/groupes/{group.id}", write_in_group, ".post"),
        ("/astreintes/snp/", take_slot, f"#creneau-{slot.id}"),
        ("/continuite/semaines/", be_away, f"#weeks-{anne.id}"),
        (f"/reunions/sondages/{poll.id}", answer_poll, ".poll-answers tbody"),
    ):
        phone, desk = window(of_ines, size=PHONE), window(of_anne)
        for page in (phone, desk):
            page.goto(path)
            expect(freshness(page)).to_have_text("en direct")

        act(desk)

        expect(phone.locator(seen)).to_contain_text("1 oui" if act is answer_poll else "Dr Anne Petit")
        expect(freshness(phone)).to_have_text("en direct")


def write_in_group(page: Page) -> None:
    page.get_by_role("textbox", name="Votre message").fill("Qui vient en voiture ?")
    page.get_by_role("button", name="Publier").click()


def take_slot(page: Page) -> None:
    page.get_by_role("button", name="Prendre").first.click()


def be_away(page: Page) -> None:
    page.goto("/absences/nouvelle")
    page.get_by_label("Du", exact=True).fill("2026-08-20")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page).to_have_url(re.compile(r"/absences/$"))


def answer_poll(page: Page) -> None:
    page.locator("fieldset").get_by_text("oui", exact=True).click()
    page.get_by_role("button", name="Enregistrer mes réponses").click()


def plan_a_meeting(page: Page, name: str) -> None:
    page.goto("/groupes/")
    page.get_by_role("link", name=name).click()
    page.get_by_role("link", name="Fixer une réunion").click()
    page.get_by_label("Sujet").fill("Organiser l’automne")
    page.get_by_label("Lieu").fill("Maison de santé, Châteaudun")
    page.get_by_label("Jour", exact=True).fill("2026-09-01")
    page.get_by_label("Heure de début").fill("20:00")
    page.get_by_role("button", name="Fixer la réunion et inviter le groupe").click()
    expect(page).to_have_url(re.compile(r"/reunions/\d+$"))


def subscribe(page: Page) -> str:
    """The path of a new feed of one's own agenda."""
    page.goto("/abonnements/")
    page.get_by_role("button", name=re.compile("S’abonner")).first.click()
    found: str = page.get_by_label("Ou l’adresse").input_value()
    return found


@on_both_ports
def test_a_meeting_reaches_mail_and_feed_at_this_address(window: Callable[..., Page], make, product, address):
    lead, nurse = make.person("Anne", "Petit"), make.person("Inès", "Boyer", profession="60")
    of_nurse = make.account(nurse)
    make.group("Soins non programmés", leads=[lead], members=[nurse])
    feed = subscribe(window(of_nurse, size=PHONE))
    plan_a_meeting(window(make.account(lead)), "Soins non programmés")

    mail = product.mails(of_nurse.email)[0]
    _method, event = invitation_in(mail)
    words = mail.get_body(("plain",)).get_content()
    links = re.findall(r"https://\S+/reunions/reponse/\S+", words)
    assert str(event["UID"]) == f"meeting-1@{proxy.SHIPPED_NAME}"
    assert mail["From"].addresses[0].display_name == "CPTS de l’Exemple"
    assert len(links) == 3
    assert all(link.startswith(f"{address}/") for link in links)
    stranger = window(size=PHONE)
    stranger.goto(links[0])
    stranger.get_by_role("main").get_by_role("button").first.click()
    expect(stranger.get_by_role("main")).to_contain_text("Organiser l’automne")

    assert feed.startswith(f"{address}/agenda/")
    path = feed.removeprefix(address)
    read = product.proxy.ask(path, **{"Accept-Encoding": "gzip", "User-Agent": "Microsoft Office/16.0"})
    assert (read.status, read.headers["Content-Encoding"]) == (200, None)
    assert [str(entry["UID"]) for entry in Calendar.from_ical(read.body).walk("VEVENT")] == [str(event["UID"])]
    assert read.headers["ETag"].startswith('"')
    assert product.proxy.ask(path, **{"If-None-Match": read.headers["ETag"]}).status == 304


@pytest.mark.parametrize("address", [proxy.USUAL])
def test_health_is_told_whatever_the_host_and_nothing_else_is(installation, address):
    installation.start("web", "nginx")
    product = installation

    assert product.proxy.ask("/sante", Host="10.0.0.7").status == 200
    assert product.proxy.ask("/sante", Host="").status == 400  # nginx itself asks for one.
    refused = product.proxy.ask("/connexion", Host="10.0.0.7")
    assert (refused.status, refused.headers["Set-Cookie"]) == (400, None)
