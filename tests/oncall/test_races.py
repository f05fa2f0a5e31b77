"""Two people at once, in real threads on a real database."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from cpts_net import clock
from cpts_net.leave import actions as leave
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import Declaration
from cpts_net.oncall import actions, slot_actions
from cpts_net.oncall.models import DutyPattern, DutySeat, DutySlot
from cpts_net.oncall.queries import live
from cpts_net.oncall.rules import DutiesOverlap, HolderIsAway, SlotFull
from cpts_net.storage.connections import db
from tests.racing import at_once

EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)


def seats(app):
    with app.app_context():
        return db.session.scalars(select(DutySeat).where(live())).all()


@pytest.mark.parametrize("seats_max", [1, 3])
def test_last_seats_go_to_as_many_as_there_are(app, make, seats_max):
    slot = make.slot(make.line(seats_max=seats_max), EIGHT, EIGHT + TWO_HOURS)
    people = [make.person() for _ in range(6)]

    results = at_once(app, *(lambda who=who: actions.take_seat(slot.id, who.id, now=clock.now()) for who in people))

    refused = [result for result in results if not isinstance(result, actions.Done)]
    assert [type(error) for error in refused] == [SlotFull] * (6 - seats_max)
    assert sorted(seat.number for seat in seats(app)) == list(range(1, seats_max + 1))


def test_one_person_never_gets_two_duties_at_once(app, make):
    anne = make.person()
    slots = [make.slot(make.line(slug), EIGHT, EIGHT + TWO_HOURS) for slug in ("snp", "nuit", "garde", "renfort")]

    results = at_once(app, *(lambda slot=slot: actions.take_seat(slot.id, anne.id, now=clock.now()) for slot in slots))

    assert sum(isinstance(result, actions.Done) for result in results) == 1
    assert sum(isinstance(result, DutiesOverlap) for result in results) == 3
    assert len(seats(app)) == 1


def test_a_leave_and_a_duty_at_once_never_miss_each_other(app, make):
    anne = make.person()
    slot = make.slot(make.line(), EIGHT, EIGHT + TWO_HOURS)
    day = EIGHT.date()

    taken, declared = at_once(
        app,
        lambda: actions.take_seat(slot.id, anne.id, now=clock.now()),
        lambda: leave.declare_absence(anne.id, Declaration(day, day), actor_id=None, now=clock.now()),
    )

    assert isinstance(declared, int)
    assert isinstance(taken, actions.Done | HolderIsAway)


def test_slots_are_generated_once_by_several_processes(app, make):
    line = make.line()
    make.pattern(line)

    results = at_once(app, *(lambda: slot_actions.follow_patterns(line.id, now=clock.now(), weeks=2) for _ in range(4)))

    assert sorted(len(changes.opened) for changes in results)[:3] == [0, 0, 0]
    assert max(len(changes.opened) for changes in results) > 0


def test_absences_declared_at_once_do_not_overlap(app, make):
    anne = make.person()
    day = EIGHT.date()

    at_once(
        app,
        *(
            lambda: leave.declare_absence(anne.id, Declaration(day, day), actor_id=None, now=clock.now())
            for _ in range(4)
        ),
    )

    with app.app_context():
        assert len(db.session.scalars(select(Absence)).all()) == 1


def test_the_hourly_run_does_not_undo_a_change_of_hours_made_since_it_looked(app, make, monkeypatch):
    line = make.line()
    make.pattern(line)
    looked_at = slot_actions.coming_slots

    def change_meanwhile(*arguments):
        found = looked_at(*arguments)
        monkeypatch.setattr(slot_actions, "coming_slots", looked_at)
        at_once(app, lambda: db.session.execute(update(DutyPattern).values(opens_at=time(14), closes_at=time(20))))
        return found

    monkeypatch.setattr(slot_actions, "coming_slots", change_meanwhile)
    with app.app_context():
        slot_actions.open_coming_slots(now=clock.now())
        opened = db.session.scalars(select(DutySlot.starts_at).where(DutySlot.starts_at > EIGHT + TWO_HOURS))
        hours = {start.astimezone(clock.zone()).hour for start in opened}

    assert hours == {14, 16, 18}
