"""An entry is written once: again only when its facts change, whichever process asks, and whenever."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from cpts_net.calendars import ical, ledger
from cpts_net.pictures import kept
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading
from tests.conftest import NOW


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def absences(make, anne):
    return [make.absence(anne, date(2026, 9, day), date(2026, 9, day + 1)) for day in (1, 8, 15)]


@pytest.fixture
def feed(subscribe, make, anne):
    return subscribe(make.account(anne))


@pytest.fixture
def written(monkeypatch):
    """The UIDs of what was written since the last look."""
    uids, write = [], ical.content

    def noted(item):
        uids.append(item.uid)
        return write(item)

    monkeypatch.setattr(ledger, "content", noted)

    def since():
        seen, uids[:] = sorted(uids), []
        return seen

    return since


def uid(absence):
    return f"absence-{absence.id}@localhost"


def touch(app, scope=revisions.CONTINUITY):
    with app.app_context(), transaction():
        revisions.bump(scope)


def test_only_what_changed_is_written_anew(app, feed, absences, change, written):
    feed.get()
    assert written() == sorted(map(uid, absences))
    touch(app)
    feed.get()
    assert written() == []
    change(absences[1], last_day=date(2026, 9, 10))

    after = reading.events(feed.body)

    assert written() == [uid(absences[1])]
    assert [after[uid(each)]["SEQUENCE"] for each in absences] == [0, 1, 0]


def test_nothing_is_written_after_a_restart(app, feed, absences, written):
    before = feed.body
    written()
    kept.prepare(app)

    assert feed.body == before
    assert written() == []


def test_what_another_process_wrote_is_not_written_again(feed, absences, change, elsewhere, written):
    feed.get()
    change(absences[0], last_day=date(2026, 9, 3))
    there = elsewhere(lambda: feed.body)
    written()

    assert feed.body == there
    assert written() == []


def test_what_another_process_saw_meanwhile_counts(feed, absences, change, elsewhere):
    feed.get()
    change(absences[0], last_day=date(2026, 9, 3))
    there = reading.events(elsewhere(lambda: feed.body))[uid(absences[0])]
    change(absences[0], last_day=date(2026, 9, 2))  # As it was when this process last looked.

    here = reading.events(feed.body)[uid(absences[0])]

    assert (there["SEQUENCE"], here["SEQUENCE"]) == (1, 2)
    assert here["LAST-MODIFIED"].dt > there["LAST-MODIFIED"].dt


def test_other_facts_that_read_alike_raise_nothing(app, feed, absences, written, monkeypatch):
    before = feed.body
    written()
    # As an upgrade does that writes otherwise, or knows more of an entry.
    monkeypatch.setattr(ledger, "EDITION", ledger.EDITION + 1)
    kept.prepare(app)

    assert feed.body == before
    assert written() == sorted(map(uid, absences))
    kept.prepare(app)
    assert feed.body == before
    assert written() == []


def test_what_an_older_version_stamped_is_completed_and_keeps_its_stamp(app, feed, absences, frozen, written):
    before = feed.body
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE ledger_entry SET facts_hash = '', content = '', written_in = 0"))
    kept.prepare(app)
    frozen.move_to(NOW + timedelta(days=1))
    written()

    assert feed.body == before
    assert written() == sorted(map(uid, absences))
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM ledger_entry WHERE content = ''")) == 0


def test_a_feed_that_cannot_be_written_down_is_served_and_written_down_later(app, feed, absences, monkeypatch):
    write, tries = ledger.write, []

    def full(amendments):
        tries.append(len(amendments))
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(ledger, "write", full)
    first = feed.body
    monkeypatch.setattr(ledger, "write", write)

    assert feed.body == first
    assert tries == [3]
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM ledger_entry")) == 3
