"""SEQUENCE never falls below what calendars hold, whatever the base has forgotten."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from cpts_net import clock
from cpts_net.calendars import actions, floors
from cpts_net.calendars.models import Feed, LedgerEntry
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading
from tests.conftest import NOW


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def absence(make, anne):
    return make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))


@pytest.fixture
def feed(subscribe, make, anne):
    return subscribe(make.account(anne))


def in_the_ledger(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(LedgerEntry))


def test_after_a_restore_calendars_take_over_what_the_base_says(app, feed, absence, change, frozen):
    reading.only_event(feed.get())
    with app.app_context():
        saved = db.session.execute(text("SELECT uid, sequence, content_hash FROM ledger_entry")).one()
    for last_day in (5, 6, 7):
        frozen.shift(timedelta(minutes=5))
        change(absence, last_day=date(2026, 9, last_day))
        held = reading.only_event(feed.get())
    assert held["SEQUENCE"] == 3

    frozen.shift(timedelta(hours=1))
    change(absence, last_day=date(2026, 9, 4))  # As the backup has it, the ledger too.
    with app.app_context(), transaction():
        db.session.execute(
            text("UPDATE ledger_entry SET sequence = :sequence, content_hash = :content_hash WHERE uid = :uid"),
            saved._asdict(),
        )
        floors.raise_beneath_all(clock.now())
        revisions.bump(revisions.CONTINUITY)
    restored = reading.only_event(feed.get())
    again = reading.only_event(feed.get())
    change(absence, last_day=date(2026, 9, 8))
    changed = reading.only_event(feed.get())

    assert restored.end == date(2026, 9, 5)
    assert held["SEQUENCE"] < restored["SEQUENCE"] == again["SEQUENCE"] < changed["SEQUENCE"] < 2**31
    assert restored["LAST-MODIFIED"].dt > held["LAST-MODIFIED"].dt


def test_what_a_window_may_still_hold_stays_in_the_ledger(app, feed, absence):
    feed.get()
    with app.app_context(), transaction():
        floors.forget_what_is_over(NOW + timedelta(days=92 + 23))

    assert in_the_ledger(app) == 1


def test_what_no_window_holds_is_forgotten_and_begins_above_when_it_comes_back(app, feed, absence, change, frozen):
    change(absence, last_day=date(2026, 9, 5))
    before = reading.only_event(feed.get())
    frozen.move_to(NOW + timedelta(days=200))
    with app.app_context(), transaction():
        floors.forget_what_is_over(clock.now())
    assert in_the_ledger(app) == 0

    change(absence, first_day=date(2027, 4, 1), last_day=date(2027, 4, 2))
    after = reading.only_event(feed.get())

    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]


def test_nothing_forgotten_lays_no_floor(app, feed, absence):
    feed.get()
    with app.app_context(), transaction():
        floors.forget_what_is_over(NOW)

    with app.app_context():
        assert floors.floor() == floors.Floor()


def test_a_revoked_feed_stays_gone_however_often_the_house_is_kept(app, feed, absence, frozen):
    feed.get()
    with app.app_context(), transaction():
        actions.revoke_feed(db.session.get_one(Feed, feed.feed_id), now=clock.now())
    frozen.move_to(NOW + timedelta(days=1500))
    with app.app_context(), transaction():
        floors.forget_what_is_over(clock.now())

    assert feed.get().status_code == 410


def test_an_archive_that_was_restored_lies_above_what_calendars_hold(app, feed, absence, database_url):
    if not database_url.startswith("sqlite"):
        pytest.skip("a file is restored by our command")
    before = reading.only_event(feed.get())

    floors.raise_in(Path(database_url.removeprefix("sqlite:///")), NOW)
    with app.app_context(), transaction():
        revisions.bump(revisions.CONTINUITY)
    after = reading.only_event(feed.get())

    assert after["SEQUENCE"] == floors.height(NOW) > before["SEQUENCE"]


def test_an_archive_of_an_older_version_has_no_floor_to_raise(tmp_path):
    archive = tmp_path / "empty.sqlite3"

    floors.raise_in(archive, NOW)

    with closing(sqlite3.connect(archive)) as database:
        assert database.execute("SELECT name FROM sqlite_schema").fetchall() == []


def test_the_command_raises_every_feed(app, feed, absence):
    before = reading.only_event(feed.get())

    result = app.test_cli_runner().invoke(args=["feeds", "raise"])

    assert result.exit_code == 0, result.output
    assert reading.only_event(feed.get())["SEQUENCE"] > before["SEQUENCE"]
