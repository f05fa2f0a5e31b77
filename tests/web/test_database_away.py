"""What people read, and keep, when the database does not answer."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from cpts_net.app import create_app
from cpts_net.storage import connections, turns
from cpts_net.storage.connections import db
from tests.conftest import NOW
from tests.house.page import HouseClient

NOTE = "De retour lundi 24,\nle cabinet rappelle"


@pytest.fixture
def away(settings, tmp_path):
    """The application without its database."""
    nowhere = f"sqlite:///{tmp_path}/nowhere/cpts.sqlite3"
    if settings.database_url.startswith("postgresql"):
        nowhere = f"postgresql://postgres@/postgres?host={tmp_path}"
    app = create_app(replace(settings, database_url=nowhere))
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    app.test_client_class = HouseClient
    return app


@pytest.fixture
def known(away):
    """A browser that was signed in before the database went away."""
    browser = away.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "a token of a session"
        cookie["_fresh"] = True
    return browser


@pytest.mark.parametrize("path", ["/continuite/", "/annuaire/", "/absences/nouvelle", "/reunions/"])
def test_a_page_says_that_it_could_not_be_made_and_when_to_come_back(known, path):
    answer = known.get(path)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Le réseau est occupé" in answer.text
    assert f'href="{path}"' in answer.text


def leave(**more):
    day = str(NOW.date() + timedelta(days=9))
    return {"first_day": day, "last_day": day, "kind": "holiday", "relay": "0", "note": NOTE, **more}


def test_what_was_typed_comes_back_to_be_sent_again(known):
    answer = known.post("/absences/nouvelle?pour=3", data=leave(relay=["3", "5"], password="not in a page"))

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert 'action="/absences/nouvelle?pour=3"' in answer.text
    assert answer.text.count('name="relay"') == 2
    assert f'name="note" value="{NOTE}"' in answer.text
    assert "De retour lundi 24,<br>le cabinet rappelle" in answer.text
    assert "not in a page" not in answer.text


def test_what_a_stranger_made_a_browser_send_is_not_offered_again(known):
    answer = known.post("/absences/nouvelle", data=leave(), headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 503
    assert "De retour" not in answer.text


@pytest.fixture
def impatient(app, monkeypatch):
    """Waits a tenth of a second for a lock rather than five."""
    if db_name(app) != "sqlite":
        pytest.skip("a lock on the file is SQLite's")
    for module in (connections, turns):
        monkeypatch.setattr(module, "PATIENCE", 0.1)
    dispose(app)
    yield
    dispose(app)


def db_name(app):
    with app.app_context():
        return db.engine.dialect.name


def dispose(app):
    with app.app_context():
        db.engine.dispose()


@pytest.mark.usefixtures("impatient")
def test_a_form_sent_while_somebody_holds_the_lock_is_sent_again_with_one_tap(app, make, sign_in, database_url):
    browser = sign_in(make.account(make.person()))
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        refused = browser.post("/absences/nouvelle", data=leave())
        board = browser.get("/continuite/")

    assert (refused.status_code, board.status_code) == (503, 200)
    assert f'name="note" value="{NOTE}"' in refused.text

    assert browser.post("/absences/nouvelle", data=leave()).status_code == 303
