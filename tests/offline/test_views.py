"""What a device is given to keep: nothing of a session, and of the board what all see."""

import json
import re
import struct
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cpts_net.accounts.models import LoginSession
from cpts_net.offline.build import build
from cpts_net.paths import ROOT
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from tests.conftest import NOW
from tests.house.page import read

DAYS = (NOW.date(), NOW.date() + timedelta(days=5))


@pytest.fixture
def nurse(make):
    return make.account(make.person("Inès", "Boyer", profession="60"))


def test_the_board_that_is_carried_is_the_same_for_everybody(make, sign_in, nurse):
    make.absence(make.person("Zoé", "Lenoir"), *DAYS)
    administrator = make.account(make.person("Ida", "Roy"), Role.ADMINISTRATOR)

    carried = [sign_in(account).get("/hors-ligne/continuite") for account in (nurse, administrator)]

    assert carried[0].text == carried[1].text
    assert "Zoé Lenoir" in read(carried[0].text)
    assert [each.headers["X-Carried-For"] for each in carried] == [str(nurse.id), str(administrator.id)]


def test_nothing_that_waits_for_the_staff_is_carried(make, sign_in, nurse):
    make.slot(make.line(name="Soins non programmés"), NOW + timedelta(days=1), NOW + timedelta(days=2))

    assert "to-settle" in sign_in(nurse).get("/continuite/").text
    assert "to-settle" not in sign_in(nurse).get("/hors-ligne/continuite").text


@pytest.mark.parametrize("path", ["/hors-ligne/continuite", "/hors-ligne/planning", "/hors-ligne/"])
def test_what_is_carried_has_nothing_of_the_session(sign_in, nurse, path):
    browser = sign_in(nurse)
    with browser.session_transaction() as session:
        session["_flashes"] = [("message", "Absence enregistrée")]

    page = browser.get(path).text

    assert not re.search(r"csrf|<form|Absence enregistrée|data-account", page, re.IGNORECASE)
    assert "Absence enregistrée" in browser.get("/continuite/").text  # And takes no message from the page it was for.


def test_the_planning_that_is_carried_is_that_of_its_page(make, sign_in, nurse):
    slot = make.slot(make.line(name="Soins non programmés"), NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
    make.seat(slot, nurse.person)
    browser = sign_in(nurse)

    page, carried = browser.get("/mon-planning/").text, browser.get("/hors-ligne/planning")

    version = re.search(r'data-carried="/mon-planning/" data-revision="(\w+)"', page)[1]
    assert carried.headers["X-Carried-Version"] == f"{build()}-{version}"
    assert "Soins non programmés" in read(carried.text)


def test_the_board_says_of_itself_what_is_carried_of_it(sign_in, nurse):
    browser = sign_in(nurse)

    page, carried = browser.get("/continuite/").text, browser.get("/hors-ligne/continuite")

    revision = re.search(r'data-revision="(\w+)"', page)[1]
    assert f'data-account="{nurse.id}" data-build="{build()}"' in page
    assert carried.headers["X-Carried-Version"] == f"{build()}-{revision}"
    assert carried.headers["Cache-Control"] == "no-store"


def test_a_device_that_fetches_by_itself_keeps_nobody_signed_in(app, frozen, sign_in, nurse):
    browser = sign_in(nurse)
    frozen.shift(timedelta(minutes=10))

    def seen_after(path):
        assert browser.get(path).status_code == 200
        with app.app_context():
            return db.session.scalars(select(LoginSession.last_seen_at)).one()

    assert {seen_after(path) for path in ("/hors-ligne/continuite", "/hors-ligne/planning")} == {NOW}
    assert seen_after("/continuite/") > NOW


def test_a_guest_carries_no_board(make, sign_in):
    guest = make.account(make.person("Ida", "Roy"), Role.GUEST)

    assert sign_in(guest).get("/hors-ligne/continuite").status_code == 404
    assert sign_in(guest).get("/hors-ligne/planning").status_code == 200


def test_the_worker_is_asked_for_anew_and_knows_every_link_that_is_a_secret(app, client):
    answer = client.get("/service-worker.js")

    assert (answer.headers["Cache-Control"], answer.mimetype) == ("no-cache", "text/javascript")
    known = json.loads(answer.text.splitlines()[0].removeprefix("const SETTINGS = ").removesuffix(";"))
    tokens = [rule.rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    assert tokens
    assert [rule for rule in tokens if not rule.startswith(tuple(known["secrets"]))] == []
    assert {"/connexion", "/deconnexion", "/invitation/", "/demonstration/"} <= set(known["entrances"])
    for room in ("offline", "push"):
        assert (ROOT / "static" / room / "worker.js").read_text() in answer.text


def test_the_manifest_names_the_community_and_where_its_pages_are(client):
    answer = client.get("/manifest.webmanifest")

    assert (answer.headers["Cache-Control"], answer.mimetype) == ("no-cache", "application/manifest+json")
    said = answer.json
    assert (said["name"], said["display"], said["start_url"]) == ("CPTS du Dunois", "standalone", "/")
    assert [each["url"] for each in said["shortcuts"]] == ["/continuite/", "/mon-planning/"]
    for icon in said["icons"]:
        assert client.get(icon["src"]).status_code == 200
    assert {(each["purpose"], each["sizes"]) for each in said["icons"] if "purpose" in each} == {
        (purpose, size) for purpose in ("any", "maskable") for size in ("192x192", "512x512")
    }


@pytest.mark.parametrize("path", sorted((ROOT / "static" / "icons").glob("*.png")), ids=lambda path: path.stem)
def test_an_icon_is_as_large_as_it_says(path: Path):
    width, height = struct.unpack(">II", path.read_bytes()[16:24])

    assert f"{width}" == f"{height}" == path.stem.split("-")[1]
