"""What somebody may do with absences and relays; two numbers choose who and what."""

from contextlib import suppress
from datetime import time, timedelta

from sqlalchemy import select

from cpts_net import clock
from cpts_net.continuity import closings, declaring
from cpts_net.continuity.closings import AlreadyAway, ClosingSaid
from cpts_net.continuity.declaring import Choice, Settlement
from cpts_net.directory.models import StructureClosing
from cpts_net.leave.models import Absence, AbsenceException, Relay
from cpts_net.leave.rules import Answer, Asks, Declaration, Outsider
from cpts_net.oncall.models import DutySeat
from cpts_net.storage.connections import db
from tests.conftest import NOW
from tests.house.seat_deeds import seat_ids

TODAY = NOW.date()


def declare(world, who, what):
    relays = (world.people[what].id,) if what != who else ()
    first = TODAY + timedelta(days=what % 2)
    hours = (time(9 + what), time(17)) if what % 2 else (None, None)
    wanted = Declaration(first, first + timedelta(days=what), *hours, relay_ids=relays)
    settled = dict.fromkeys(seat_ids(), Settlement((Choice.KEEP, Choice.SEEK)[what % 2]))
    declaring.declare(world.people[who].id, wanted, settled, actor_id=None, now=clock.now())


def cancel(_world, who, _what):
    standing = db.session.scalars(select(Absence).where(Absence.cancelled_at.is_(None)).order_by(Absence.id)).all()
    if standing:
        declaring.cancel(standing[who % len(standing)].id, actor_id=None, now=clock.now())


def end(_world, who, _what):
    standing = db.session.scalars(select(Absence).where(Absence.cancelled_at.is_(None)).order_by(Absence.id)).all()
    if standing:
        declaring.end(standing[who % len(standing)].id, actor_id=None, now=clock.now())


def rest(world, who, what):
    """Off week by week, whatever duties there are."""
    relays = (world.people[what].id,) if what != who else ()
    weekdays = str((TODAY.weekday() + what % 2) % 7)
    wanted = Declaration(TODAY, None, weekdays=weekdays, relay_ids=relays)
    kept = {slot: declaring.Settlement(declaring.Choice.KEEP) for slot in db.session.scalars(select(DutySeat.id))}
    declaring.declare(world.people[who].id, wanted, kept, actor_id=None, now=clock.now())


def come_in(_world, who, what):
    """On a day off, or stay at home on one after all."""
    weekly = db.session.scalars(select(Absence).where(Absence.weekdays != "").order_by(Absence.id)).all()
    if weekly:
        absence = weekly[who % len(weekly)]
        days = [TODAY + timedelta(days=number) for number in range(14)]
        day = [each for each in days if str(each.weekday()) in absence.weekdays][what % 2]
        excepted = db.session.get(AbsenceException, (absence.id, day))
        change = declaring.restore_day if excepted else declaring.except_day
        change(absence.id, day, actor_id=None, now=clock.now())


def ask(world, who, what):
    """Other relays than those there are: a person, the structure of the first one, a line, somebody from outside."""
    standing = db.session.scalars(select(Absence).where(Absence.cancelled_at.is_(None)).order_by(Absence.id)).all()
    if standing:
        absence = standing[who % len(standing)]
        targets = (
            {"relay_ids": (world.people[who].id,), "asks": Asks.AT_ONCE},
            {"structure_id": world.house},
            {"line_id": world.line.id},
            {"outsider": Outsider("Dr Remplaçante", "+33639980199")},
        )
        wanted = Declaration(absence.first_day, absence.last_day, weekdays=absence.weekdays, **targets[what])
        declaring.change(absence.id, wanted, {}, actor_id=None, now=clock.now())


def reply(world, who, what):
    """For a person, or for the structure where two of them work."""
    waiting = db.session.scalars(select(Relay).where(Relay.withdrawn_at.is_(None)).order_by(Relay.id)).all()
    if waiting:
        relay = waiting[who % len(waiting)]
        by = {"person_id": relay.person_id or world.people[what % 2].id, "actor_id": None}
        said = (Answer.ACCEPTED, Answer.DECLINED)[what % 2]
        declaring.answer(relay.id, said, f"Mot {what}", **by, now=clock.now(), seen=None)


def shut(world, who, what):
    """The structure, for some of the days, or not any more."""
    closed = db.session.scalars(select(StructureClosing.id)).first()
    if closed:
        closings.reopen(closed, actor_id=None, now=clock.now())
    else:
        said = ClosingSaid(TODAY, TODAY + timedelta(days=what), from_noon=what == 2)
        with suppress(AlreadyAway):
            closings.close(world.house, said, [world.people[who].id], actor_id=None, now=clock.now())


DEEDS = (declare, cancel, end, rest, come_in, ask, reply, shut)
