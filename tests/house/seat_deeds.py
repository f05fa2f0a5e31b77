"""What somebody may do with seats and lines, and who comes and goes; two numbers choose who and what."""

from datetime import time, timedelta

from sqlalchemy import select

from cpts_net import clock
from cpts_net.departures.actions import come_back, leave_community, since
from cpts_net.departures.queries import belongings
from cpts_net.oncall import actions as oncall
from cpts_net.oncall import exception_actions, line_actions, queries, slot_actions, undoing
from cpts_net.oncall.line_actions import LineDraft
from cpts_net.oncall.models import DutySeat, DutySlot, LineException, SeatChange
from cpts_net.oncall.queries import live
from cpts_net.oncall.versions import version_of
from cpts_net.storage.connections import db
from tests.conftest import NOW

TODAY = NOW.date()


def seat_ids():
    return db.session.scalars(select(DutySeat.id).where(live()).order_by(DutySeat.id)).all()


def sit(world, who, what):
    oncall.take_seat(world.slots[what % 2].id, world.people[who].id, now=clock.now(), on_day_off=who == what)


def stand_up(_world, who, _what):
    if seats := seat_ids():
        oncall.give_back_seat(seats[who % len(seats)], now=clock.now())


def pass_on(world, who, what):
    if seats := seat_ids():
        oncall.hand_over_seat(seats[what % len(seats)], world.people[who].id, now=clock.now())


def split(world, who, what):
    """With a taker, or without."""
    if seats := seat_ids():
        seat = db.session.get_one(DutySeat, seats[what % len(seats)])
        taker = world.people[who].id if who else None
        oncall.split_seat(seat.id, seat.starts_at + timedelta(hours=1), taker, now=clock.now())


def keep(_world, _who, what):
    if seats := seat_ids():
        oncall.keep_seat(seats[what % len(seats)], now=clock.now())


def undo(_world, _who, _what):
    undoing.undo(db.session.scalar(select(SeatChange.id).order_by(SeatChange.id.desc()).limit(1)), now=clock.now())


def close(world, _who, what):
    slot = db.session.get_one(DutySlot, world.slots[what % 2].id)
    if slot.state == "open":
        slot_actions.close_slot(slot.id, "Fermé ce jour", now=clock.now())
    else:
        slot_actions.open_slot(slot.id, now=clock.now())


def assign(world, who, what):
    oncall.assign_seat(world.slots[what % 2].id, world.people[who].id, now=clock.now())


def except_days(world, _who, what):
    """Closed, or at other hours; once more: as ever."""
    standing = db.session.scalars(select(LineException.id)).first()
    if standing:
        exception_actions.remove_exception(standing, actor_id=None, now=clock.now())
        return
    hours = ((None, None), (time(10), time(16)))[what % 2]
    wanted = exception_actions.ExceptionDraft(TODAY, TODAY + timedelta(days=what), *hours, message="Appelez le 15")
    exception_actions.add_exception(world.line.id, wanted, actor_id=None, now=clock.now())


def depart(world, who, what):
    person_id, left_on = world.people[who].id, TODAY + timedelta(days=what)
    seen = belongings(person_id, since(left_on, clock.now())).as_seen
    leave_community(person_id, left_on, seen=seen, actor_id=world.desk.id, now=clock.now())


def return_to_us(world, who, _what):
    come_back(world.people[who].id, actor_id=world.desk.id, now=clock.now())


def word_line(world, _who, what):
    """Whom to call while it is closed."""
    patterns = tuple(version_of(pattern, pattern.id) for pattern in queries.line(world.line.id).patterns)
    said = LineDraft("Soins", "", "+33261919900", (("10", None), ("60", None)), patterns, f"Le {what}237")
    line_actions.change_line(world.line.id, said, actor_id=None, now=clock.now())


DEEDS = (sit, stand_up, pass_on, split, keep, undo, close, assign, except_days, depart, return_to_us, word_line)
