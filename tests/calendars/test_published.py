"""When a feed is made anew, and when the bytes in memory will do."""

from datetime import date

import pytest
from sqlalchemy import event as listening

from cpts_net.calendars import served_entries
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def owner(make, anne):
    return make.account(anne)


def test_11_feed_stays_under_a_mebibyte_and_keeps_what_is_near(subscribe, owner, make, anne, monkeypatch):

    monkeypatch.setattr(served_entries, "LARGEST_FEED", 20 * served_entries.OVERHEAD + 1100)
    for month in (5, 7, 8, 9, 11):
        make.absence(anne, date(2026, month, 13), date(2026, month, 13))

    body = subscribe(owner).body

    assert len(body) <= served_entries.LARGEST_FEED
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
    assert seen == []


@pytest.fixture
def meanwhile(monkeypatch):
    """Have something done once, between drawing a feed and writing it down."""

    def then(step):
        write_down = served_entries._written_down

        def late(*arguments):
            monkeypatch.setattr(served_entries, "_written_down", write_down)
            step()
            return write_down(*arguments)

        monkeypatch.setattr(served_entries, "_written_down", late)

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
    slow, quick = subscribe(owner), subscribe(owner, is_busy=True)  # Drawn apart.
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
    slow, quick, others = subscribe(owner), subscribe(owner, is_busy=True), []  # Drawn apart.
    meanwhile(lambda: others.append(quick.get()))

    answer = slow.get()

    assert reading.only_event(answer)["SEQUENCE"] == reading.only_event(others[0])["SEQUENCE"] == 0
    assert reading.only_event(answer)["LAST-MODIFIED"].dt == reading.only_event(others[0])["LAST-MODIFIED"].dt


def test_what_several_people_subscribe_to_is_drawn_once(subscribe, make, anne, monkeypatch):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feeds = [subscribe(make.account(), kind="absences", name=f"Agenda {number}") for number in range(4)]
    draw, drawn = served_entries._drawn, []

    def counted(*arguments):
        drawn.append(arguments)
        return draw(*arguments)

    monkeypatch.setattr(served_entries, "_drawn", counted)
    answers = [feed.get() for feed in feeds]

    assert len(drawn) == 1
    assert len({answer.data for answer in answers}) == 4
    assert all(reading.only_event(answer)["SEQUENCE"] == 0 for answer in answers)
