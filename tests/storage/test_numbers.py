"""The numbers of scopes are known without a query, and never later than a change was acknowledged."""

import sqlite3
import threading
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import event

from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.numbers import Numbers, NumbersUnknown, look, numbers
from cpts_net.storage.transaction import transaction


@pytest.fixture(autouse=True)
def frozen():
    """How long a number may be believed is measured in real time."""


@pytest.fixture
def elsewhere(app):
    """What another process knows."""
    with app.app_context():
        url = db.engine.url
    known = Numbers(url)
    yield known
    known.close()


def bump(app, *scopes):
    with app.app_context(), transaction():
        revisions.bump(*scopes)


def known_to(app):
    with app.app_context():
        return numbers().known()


def in_another_thread(work):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def test_a_process_knows_of_its_own_change_once_it_is_committed(app):
    before = known_to(app).get("poll:7", 0)

    bump(app, "poll:7")

    assert known_to(app)["poll:7"] == before + 1


def test_nothing_is_known_of_what_is_not_committed(app):
    bump(app, "poll:7")
    before = known_to(app)["poll:7"]

    with app.app_context(), transaction():
        revisions.bump("poll:7")
        meanwhile = numbers().known()["poll:7"]

    assert (meanwhile, known_to(app)["poll:7"]) == (before, before + 1)


def test_what_is_rolled_back_leaves_the_numbers_as_they_were(app):
    before = dict(known_to(app))

    with app.app_context(), suppress(ZeroDivisionError), transaction():
        revisions.bump("poll:8")
        _ = 1 / 0

    assert known_to(app) == before


def test_another_process_hears_of_a_change(app, elsewhere):
    before = elsewhere.known().get("poll:7", 0)

    bump(app, "poll:7")
    elsewhere.wait(5, glance=0)

    assert elsewhere.known()["poll:7"] == before + 1


def test_while_nothing_changes_nothing_is_asked(app, elsewhere, monkeypatch):
    bump(app, "poll:7")
    first = elsewhere.known()
    source = elsewhere._source
    asked = []
    monkeypatch.setattr(type(source), "numbers", lambda self: asked.append(1) or {})

    assert all(elsewhere.known() is first for _ in range(100))
    assert asked == []


def test_a_notice_that_is_lost_is_made_up_for(app, elsewhere, monkeypatch):
    before = elsewhere.known().get("poll:7", 0)
    source = elsewhere._source
    if isinstance(source._connection, sqlite3.Connection):
        pytest.skip("SQLite sends no notices")
    monkeypatch.setattr(source, "_has_heard", lambda: False)

    bump(app, "poll:7")
    source._asked_at -= 1  # A second later.

    assert elsewhere.known()["poll:7"] == before + 1


def test_a_base_that_went_away_is_not_believed_and_asked_anew_once_it_is_back(app, elsewhere):
    elsewhere.known()
    elsewhere._source._connection.close()

    with pytest.raises(NumbersUnknown):
        elsewhere.doubt() or elsewhere.known()
    bump(app, "poll:7")

    assert elsewhere.known()["poll:7"] == known_to(app)["poll:7"]


def test_scopes_are_bumped_in_one_order_whoever_names_them(app):
    statements = []

    def listener(*arguments):
        if "INSERT INTO revision" in arguments[2]:
            said = arguments[3]
            statements.append(said["scope"] if isinstance(said, dict) else said[0])

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", listener)
        with transaction():
            revisions.bump("sessions", "continuity", "poll:12", "poll:7", "directory", "meetings", "group:3", "groups")
        event.remove(db.engine, "before_cursor_execute", listener)

    expected = ["groups", "group:3", "meetings", "poll:7", "poll:12", "directory", "continuity", "sessions"]
    assert statements == expected


def test_two_who_bump_the_same_scopes_never_wait_for_each_other_in_a_circle(app):
    failed = []

    def write(*scopes):
        try:
            for _ in range(20):
                bump(app, *scopes)
        except Exception as error:
            failed.append(error)

    writers = [
        threading.Thread(target=write, args=scopes)
        for scopes in (("meetings", "continuity"), ("continuity", "meetings"))
    ]
    for each in writers:
        each.start()
    for each in writers:
        each.join()

    assert failed == []


def test_a_connection_that_postgresql_ends_is_noticed(app, elsewhere):
    elsewhere.known()
    if isinstance(elsewhere._source._connection, sqlite3.Connection):
        pytest.skip("SQLite has no server that could end one")
    with psycopg.connect(elsewhere._source._connection.info.dsn, autocommit=True, password="") as server:
        server.execute("SELECT pg_terminate_backend(%s)", [elsewhere._source._connection.info.backend_pid])
    elsewhere.wait(5, glance=0)

    with pytest.raises(NumbersUnknown):
        elsewhere.known()
    assert elsewhere.known() == known_to(app)


def test_a_request_asks_for_the_numbers_once(app):
    """What somebody else commits meanwhile may be known to it or not; the next request knows."""
    with app.test_request_context():
        before = look(is_fresh=False)
        in_another_thread(lambda: bump(app, "poll:7"))
        meanwhile = look(is_fresh=False)

    with app.test_request_context():
        assert look(is_fresh=False).numbers["poll:7"] == before.numbers.get("poll:7", 0) + 1
    assert meanwhile is before


def test_a_request_knows_of_its_own_change_at_once(app):
    with app.test_request_context():
        before = look(is_fresh=False).numbers.get("poll:7", 0)
        with transaction():
            revisions.bump("poll:7")

        assert look(is_fresh=False).numbers["poll:7"] == before + 1


def test_outside_of_a_request_every_look_is_fresh(app):
    """As in the process that pushes, which has one context for all its life."""
    with app.app_context():
        before = look(is_fresh=False).numbers.get("poll:7", 0)
        in_another_thread(lambda: bump(app, "poll:7"))

        assert look(is_fresh=False).numbers["poll:7"] == before + 1


def test_a_socket_that_keeps_its_environment_looks_anew_at_each_event(app):
    with app.test_request_context() as handshake:
        before = look(is_fresh=False).numbers.get("poll:7", 0)
    bump(app, "poll:7")

    with app.request_context(handshake.request.environ):
        assert look(is_fresh=False).numbers["poll:7"] == before + 1
