"""When a feed is made anew, and when the bytes in memory will do."""

from datetime import date

import pytest
from sqlalchemy import event as listening

from cpts_net.calendars import published
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading
from tests.conftest import NOW


@pytest.fixture
def anne(make):
    return make.member()


@pytest.fixture
def owner(make, anne):
    return make.account(anne)


def test_11_feed_stays_under_a_mebibyte_and_keeps_what_is_near(subscribe, owner, make, anne, monkeypatch):

    monkeypatch.setattr(published, "LARGEST_FEED", 20 * published.OVERHEAD + 1100)
    for month in (5, 7, 8, 9, 11):
        make.absence(anne, date(2026, month, 13), date(2026, month, 13))

    body = subscribe(owner).body

    assert len(body) <= published.LARGEST_FEED
    days = [event.start.month for event in reading.calendar(body).events]
    assert days == [7, 8, 9][: len(days)] or days == [8, 9][: len(days)]
    assert 8 in days


def test_feed_writes_only_when_something_changed(subscribe, owner, make, anne, app):

    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feed = subscribe(owner)
    feed.get()
    with app.app_context(), transaction():
        revisions.bump(revisions.CONTINUITY)
    seen = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement.split(" ", 1)[0].upper())

    listening.listen(engine, "before_cursor_execute", note)
    try:
        feed.get()
        rendered = list(seen)
        seen.clear()
        feed.get()
    finally:
        listening.remove(engine, "before_cursor_execute", note)

    assert not {"INSERT", "UPDATE", "DELETE"} & set(rendered)
    assert seen.count("SELECT") == 1


def test_change_while_the_feed_is_made_is_in_it(subscribe, owner, make, anne, change, monkeypatch):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feed = subscribe(owner)
    write_down = published._written_down

    def late(*arguments):
        change(absence, last_day=date(2026, 9, 9))
        return write_down(*arguments)

    monkeypatch.setattr(published, "_written_down", late)
    event = reading.only_event(feed.get())

    assert (event.end, event["SEQUENCE"]) == (date(2026, 9, 10), 0)


def test_shelf_drops_what_was_not_asked_for_the_longest():
    def of(size):
        return published.Published(b"x" * size, "", NOW)

    shelf = published.Shelf(100)
    shelf.put(1, "a", of(40))
    shelf.put(2, "a", of(40))
    shelf.get(1, "a")
    shelf.put(3, "a", of(40))

    assert [shelf.get(number, "a") is None for number in (1, 2, 3)] == [False, True, False]
    assert shelf.get(1, "b") is None


def test_shelf_counts_a_feed_once():
    shelf = published.Shelf(100)
    for version in range(10):
        shelf.put(1, version, published.Published(b"x" * 60, "", NOW))

    assert shelf.get(1, 9) is not None
