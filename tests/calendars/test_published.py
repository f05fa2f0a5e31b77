"""When a feed is made anew, and when the bytes in memory will do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event

import pytest
from sqlalchemy import event as listening

from cpts_net.calendars import published
from cpts_net.calendars.published import Published
from cpts_net.calendars.shelf import Shelf
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


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done once, between drawing a feed and writing it down."""

    def then(step):
        write_down = published._written_down

        def late(*arguments):
            monkeypatch.setattr(published, "_written_down", write_down)
            step()
            return write_down(*arguments)

        monkeypatch.setattr(published, "_written_down", late)

    return then


def test_change_while_the_feed_is_made_is_in_the_next_answer(subscribe, owner, make, anne, change, meanwhile):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feed = subscribe(owner)
    meanwhile(lambda: change(absence, last_day=date(2026, 9, 9)))

    first, second = reading.only_event(feed.get()), reading.only_event(feed.get())

    assert (first.end, first["SEQUENCE"]) == (date(2026, 9, 5), 0)
    assert (second.end, second["SEQUENCE"]) == (date(2026, 9, 10), 1)


def test_an_older_drawing_does_not_undo_a_later_one(subscribe, owner, make, anne, change, meanwhile):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    slow, quick = subscribe(owner), subscribe(owner)
    slow.get()
    change(absence, last_day=date(2026, 9, 7))

    def overtaken():
        change(absence, last_day=date(2026, 9, 9))
        quick.get()

    meanwhile(overtaken)
    slow.get()
    last = reading.only_event(slow.get())

    assert (last.end, last["SEQUENCE"]) == (date(2026, 9, 10), 1)


def test_two_who_see_the_same_change_at_once_give_it_one_stamp(subscribe, owner, make, anne, meanwhile):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    slow, quick, others = subscribe(owner), subscribe(owner), []
    meanwhile(lambda: others.append(quick.get()))

    answer = slow.get()

    assert reading.only_event(answer)["SEQUENCE"] == reading.only_event(others[0])["SEQUENCE"] == 0
    assert reading.only_event(answer)["LAST-MODIFIED"].dt == reading.only_event(others[0])["LAST-MODIFIED"].dt


def test_what_several_people_subscribe_to_is_drawn_once(subscribe, make, anne, monkeypatch):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feeds = [subscribe(make.account(), kind="absences", name=f"Agenda {number}") for number in range(4)]
    draw, drawn = published._drawn, []

    def counted(*arguments):
        drawn.append(arguments)
        return draw(*arguments)

    monkeypatch.setattr(published, "_drawn", counted)
    answers = [feed.get() for feed in feeds]

    assert len(drawn) == 1
    assert len({answer.data for answer in answers}) == 4
    assert all(reading.only_event(answer)["SEQUENCE"] == 0 for answer in answers)


def published_of(size, version="a"):
    return Published(b"x" * size, "", NOW, version)


def test_shelf_drops_what_was_not_asked_for_the_longest():
    shelf = Shelf(100)
    shelf.put(1, published_of(40))
    shelf.put(2, published_of(40))
    shelf.get(1, "a")
    shelf.put(3, published_of(40))

    assert [shelf.get(number, "a") is None for number in (1, 2, 3)] == [False, True, False]
    assert shelf.get(1, "b") is None


def test_shelf_counts_a_feed_once():
    shelf = Shelf(100)
    for version in range(10):
        shelf.put(1, published_of(60, version))

    assert shelf.get(1, 9) is not None


def test_shelf_makes_once_what_several_ask_for_at_the_same_time():
    shelf, makes, may_finish = Shelf(100), [], Event()
    made = published_of(10)

    def make():
        makes.append(1)
        assert may_finish.wait(20)
        return made

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(shelf.get_or_make, 1, "a", make) for _ in range(4)]
        while not makes:
            pass
        may_finish.set()

        assert all(each.result() is made for each in asked)
    assert len(makes) == 1


def test_shelf_keeps_nothing_of_a_making_that_failed_or_may_not_be_kept():
    shelf = Shelf(100)
    with pytest.raises(ZeroDivisionError):
        shelf.get_or_make(1, "a", lambda: 1 / 0)
    shelf.get_or_make(1, "a", lambda: published_of(10, None))

    assert shelf.get(1, "a") is None
    assert shelf.get_or_make(1, "a", lambda: published_of(7)).body == b"x" * 7
