"""The pages on which people subscribe."""

import io
import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from cpts_net.audit.models import AuditEntry
from cpts_net.calendars.models import Feed
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from tests.conftest import NOW


@pytest.fixture
def owner(make):
    return make.account(make.person())


@pytest.fixture
def browser(sign_in, owner):
    return sign_in(owner)


def shown_address(page):
    return re.search(r'value="(http://localhost:8000/agenda/[^"]+)"', page.text)[1]


def feeds(app):
    with app.app_context():
        return list(db.session.scalars(select(Feed).order_by(Feed.id)))


def test_subscribing_takes_one_tap_and_shows_the_address(browser, client):
    made = browser.post("/abonnements/nouveau/mine")
    page = browser.get(made.location)

    assert made.status_code == 303
    address = shown_address(page)
    assert client.get(address.removeprefix("http://localhost:8000")).status_code == 200


def test_address_can_be_seen_again(browser):
    location = browser.post("/abonnements/nouveau/mine").location

    assert shown_address(browser.get(location)) == shown_address(browser.get(location))


def test_each_calendar_is_given_what_it_wants(browser):
    page = browser.get(browser.post("/abonnements/nouveau/mine").location)
    https = shown_address(page)
    webcal = https.replace("http:", "webcal:")
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', page.text)]

    assert webcal in links
    google = next(urlsplit(link) for link in links if "calendar.google.com" in link)
    assert (google.path, parse_qs(google.query)) == ("/calendar/r", {"cid": [webcal]})
    for host in ("outlook.live.com", "outlook.office.com"):
        outlook = next(urlsplit(link) for link in links if host in link)
        assert outlook.path == "/calendar/0/addfromweb"
        assert parse_qs(outlook.query) == {"url": [https], "name": ["CPTS · Dr Anne Petit"]}


def test_google_s_link_is_for_a_computer_and_a_phone_is_told_how(browser):
    page = browser.get(browser.post("/abonnements/nouveau/mine").location).text

    assert "Google Agenda, sur un ordinateur" in page
    assert "Sur un téléphone Android" in page
    assert "Google Agenda (Android)" not in page


def test_qr_code_is_a_private_drawing(browser):
    location = browser.post("/abonnements/nouveau/mine").location

    drawing = browser.get(f"{location}/qr.svg")

    assert drawing.content_type.startswith("image/svg+xml")
    assert drawing.headers["Cache-Control"] == "private, no-store"
    assert ET.parse(io.BytesIO(drawing.data)).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_page_offers_each_line(browser, make):
    make.line("nuit", name="Garde de nuit")
    browser.get(browser.post("/abonnements/nouveau/line-nuit").location)

    page = browser.get("/abonnements/").text

    assert "Qui est d’astreinte sur la ligne Garde de nuit" in page
    assert 'action="/abonnements/nouveau/line-nuit"' in page


def test_staff_are_offered_an_agenda_of_their_own(sign_in, make):
    secretary = sign_in(make.account(role=Role.SECRETARY))

    page = secretary.get("/abonnements/").text

    assert "nouveau/mine" in page
    assert "nouveau/absences" in page
    assert secretary.post("/abonnements/nouveau/mine").status_code == 303


@pytest.mark.parametrize("code", ["line-inconnue", "autre", "line-"])
def test_unknown_offer_is_404(browser, code):
    assert browser.post(f"/abonnements/nouveau/{code}").status_code == 404


def test_second_feed_of_a_kind_has_another_name(browser, app):
    browser.post("/abonnements/nouveau/mine")
    browser.post("/abonnements/nouveau/mine")

    assert [feed.name for feed in feeds(app)] == ["CPTS · Dr Anne Petit", "CPTS · Dr Anne Petit 2"]


def test_twenty_feeds_are_enough(browser, app):
    for _ in range(20):
        browser.post("/abonnements/nouveau/absences")

    refused = browser.post("/abonnements/nouveau/absences")

    assert refused.status_code == 422
    assert "déjà 20 agendas" in refused.text
    assert len(feeds(app)) == 20


def test_list_says_when_and_by_what_each_was_read(browser, subscribe, owner, frozen):
    subscribe(owner, name="Lu").get(User_Agent="Google-Calendar-Importer")
    subscribe(owner, name="Pas lu")
    frozen.move_to(NOW + timedelta(hours=9))

    page = browser.get("/abonnements/").text

    assert "lu il y a 9 heures par Google Agenda" in page
    assert page.count("jamais lu") == 1


def test_page_says_what_a_calendar_cannot_promise(browser):
    page = browser.get("/abonnements/").text

    assert "une ou deux fois par jour" in page
    assert "seul le tableau fait foi" in page


def test_feed_is_renamed_and_switched(browser, app):
    location = browser.post("/abonnements/nouveau/mine").location

    changed = browser.post(location, data={"name": "  Mes   gardes ", "is_busy": "y"})

    assert changed.status_code == 303
    (feed,) = feeds(app)
    assert (feed.name, feed.is_busy, feed.switches) == ("Mes gardes", True, 1)


@pytest.mark.parametrize(("name", "said"), [("  ", "Donnez-lui un nom"), ("x" * 61, "60 caractères au plus")])
def test_name_that_will_not_do_is_kept_and_explained(browser, app, name, said):
    location = browser.post("/abonnements/nouveau/mine").location

    refused = browser.post(location, data={"name": name})

    assert refused.status_code == 422
    assert said in refused.text
    assert f'value="{name.strip()}"' in refused.text
    assert feeds(app)[0].name == "CPTS · Dr Anne Petit"


def test_renewing_asks_first_and_then_gives_another_address(browser, client):
    location = browser.post("/abonnements/nouveau/mine").location
    before = shown_address(browser.get(location))

    asked = browser.get(f"{location}/nouvelle-adresse")
    assert client.get(before.removeprefix("http://localhost:8000")).status_code == 200
    renewed = browser.post(f"{location}/nouvelle-adresse")
    after = shown_address(browser.get(renewed.location))

    assert asked.status_code == 200
    assert after != before
    assert client.get(before.removeprefix("http://localhost:8000")).status_code == 410
    assert client.get(after.removeprefix("http://localhost:8000")).status_code == 200


def test_revoking_asks_first_and_then_ends_the_feed(browser, client, app):
    location = browser.post("/abonnements/nouveau/mine").location
    address = shown_address(browser.get(location)).removeprefix("http://localhost:8000")

    asked = browser.get(f"{location}/resilier")
    assert client.get(address).status_code == 200
    revoked = browser.post(f"{location}/resilier")

    assert (asked.status_code, revoked.status_code, revoked.location) == (200, 303, "/abonnements/")
    assert client.get(address).status_code == 410
    assert browser.get(location).status_code == 404
    with app.app_context():
        assert list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))) == [
            "feed.created",
            "feed.revoked",
        ]


@pytest.mark.parametrize("path", ["", "/qr.svg", "/nouvelle-adresse", "/resilier"])
def test_feed_does_not_exist_for_others(browser, sign_in, make, path):
    location = browser.post("/abonnements/nouveau/absences").location
    coordinator = sign_in(make.account(role=Role.COORDINATOR))

    assert coordinator.get(location + path).status_code == 404
    if path != "/qr.svg":
        assert coordinator.post(location + path, data={"name": "À moi"}).status_code == 404
    assert browser.get(location).status_code == 200


def test_feed_is_not_made_by_a_form_from_elsewhere(browser, app):
    assert browser.post("/abonnements/nouveau/mine", csrf=False).status_code == 400
    assert feeds(app) == []


@pytest.mark.parametrize("path", ["/abonnements/", "/abonnements/1", "/mon-planning/"])
def test_stranger_is_sent_to_sign_in(client, path):
    assert client.get(path).status_code == 303
