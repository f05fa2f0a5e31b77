"""What only reads reads one state, whatever others commit meanwhile; a writer reads anew once it has its turn."""

import threading
from datetime import date, time, timedelta

import pytest
from sqlalchemy import text

from cpts_net import clock
from cpts_net.continuity import resolver
from cpts_net.oncall import slot_actions
from cpts_net.oncall.line_actions import LineDraft, change_line, create_line
from cpts_net.oncall.models import DutySlot
from cpts_net.oncall.versions import Version
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot, transaction
from tests.conftest import NOW


def draft(opens, closes):
    pattern = Version("01234", "closed", opens, closes, 120, date(2026, 1, 1), None)
    return LineDraft("Soins", "", "", (("10", None),), (pattern,))


def in_another_thread(app, step):
    """Run ``step`` in a transaction of another thread, to its end."""

    def run():
        with app.app_context(), transaction():
            step()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


@pytest.mark.parametrize("path", ["/continuite/", "/astreintes/", "/mon-planning/"])
def test_a_page_opens_while_a_line_is_being_made(app, make, sign_in, monkeypatch, path):
    make.profession("10")
    browser = sign_in(make.account())
    with app.app_context(), transaction():
        revisions.bump(revisions.CONTINUITY)
    kept = resolver._slots

    def meanwhile(*arguments):
        monkeypatch.setattr(resolver, "_slots", kept)
        in_another_thread(app, lambda: create_line(draft(time(8), time(18)), actor_id=None, now=clock.now()))
        return kept(*arguments)

    monkeypatch.setattr(resolver, "_slots", meanwhile)

    assert browser.get(path).status_code == 200


def test_two_readings_of_one_request_see_one_state(app, make):
    with app.app_context():
        before = revisions.number("group:31")
        in_another_thread(app, lambda: revisions.bump("group:31"))

        assert revisions.number("group:31") == before
        with snapshot():
            assert revisions.number("group:31") == before + 1


def test_the_hourly_run_does_not_undo_a_change_of_hours_made_meanwhile(app, make, monkeypatch):
    make.profession("10")
    with app.app_context():
        with transaction():
            line_id = create_line(draft(time(8), time(18)), actor_id=None, now=clock.now()).id
        with transaction():  # Something to do, or the run goes home before it locks.
            db.session.execute(text("DELETE FROM duty_slot WHERE starts_at = (SELECT max(starts_at) FROM duty_slot)"))
            db.session.execute(text("UPDATE duty_line SET opened_until = NULL"))
    look = slot_actions.coming_slots

    def then_the_hours_change(*arguments):
        found = look(*arguments)
        monkeypatch.setattr(slot_actions, "coming_slots", look)
        in_another_thread(app, lambda: change_line(line_id, draft(time(14), time(20)), actor_id=None, now=clock.now()))
        return found

    monkeypatch.setattr(slot_actions, "coming_slots", then_the_hours_change)
    with app.app_context():
        slot_actions.open_coming_slots(now=clock.now())
        starts = db.session.scalars(db.select(DutySlot.starts_at).where(DutySlot.starts_at > NOW + timedelta(days=2)))
        hours = {start.astimezone(clock.zone()).hour for start in starts}

    assert hours == {14, 16, 18}
