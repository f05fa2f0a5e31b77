"""What the worker looks after: words that have had their time, and what should not exist."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from cpts_net.oncall import queries
from cpts_net.oncall.models import DutySeat, DutySlot, SeatChange, SlotState
from cpts_net.oncall.replay import NoSeat, replay
from cpts_net.storage.connections import db

log = logging.getLogger(__name__)

WORDS_KEPT = timedelta(days=30)
LOOKED_BACK = timedelta(days=2)  # Of what is older nothing changes any more.
NIGHT = range(2, 4)  # Hours UTC, when hardly anybody waits for an answer.


def empty_words(*, now: datetime) -> None:
    """Forget the words beside the facts of duties that ended thirty days ago; the facts stay."""
    over = select(DutySeat.id).where(queries.ever(), DutySeat.ends_at < now - WORDS_KEPT)
    db.session.execute(update(SeatChange).where(SeatChange.words != "", SeatChange.seat_id.in_(over)).values(words=""))


def count_impossible(*, now: datetime) -> dict[str, int]:
    """At night, count what no rule lets exist; what is found is a fault of the product, and is logged as one."""
    if now.hour not in NIGHT:
        return {}
    found = {what: number for what, number in _counted(now).items() if number}
    if found:
        log.error("duties hold what should not exist: %s", found)
    return found


def _counted(now: datetime) -> dict[str, int]:
    since = now - LOOKED_BACK
    other = aliased(DutySeat)
    beside = other.released_at.is_(None) & (other.starts_at < DutySeat.ends_at) & (DutySeat.starts_at < other.ends_at)
    later = (other.id > DutySeat.id) & beside
    seats = select(func.count()).select_from(DutySeat).where(queries.live(), DutySeat.ends_at > since)
    of_slot = seats.join(DutySlot, DutySlot.id == DutySeat.slot_id)
    outside = or_(DutySeat.starts_at < DutySlot.starts_at, DutySeat.ends_at > DutySlot.ends_at)
    number = and_(other.slot_id == DutySeat.slot_id, other.number == DutySeat.number)
    return {
        "two duties of one person at once": _number(seats.join(other, (other.person_id == DutySeat.person_id) & later)),
        "one seat held twice": _number(seats.join(other, number & later)),
        "seats outside of their slot": _number(of_slot.where(outside)),
        "seats of a slot that is off": _number(of_slot.where(DutySlot.state == SlotState.CANCELLED)),
        "slots of a line at once": _slots_at_once(since),
        "seats that are not what happened to them": _seats_unlike_their_facts(since),
    }


def _number(question: Select[Any]) -> int:
    return int(db.session.scalar(question) or 0)


def _slots_at_once(since: datetime) -> int:
    other = aliased(DutySlot)
    at_once = (other.starts_at < DutySlot.ends_at) & (DutySlot.starts_at < other.ends_at)
    both = (DutySlot.state != SlotState.CANCELLED) & (other.state != SlotState.CANCELLED)
    pairs = select(func.count()).select_from(DutySlot).join(other, (other.line_id == DutySlot.line_id) & at_once)
    return _number(pairs.where(both, other.id > DutySlot.id, DutySlot.ends_at > since))


def _seats_unlike_their_facts(since: datetime) -> int:
    facts: dict[int, list[SeatChange]] = {}
    seats = db.session.scalars(select(DutySeat).where(queries.ever(), DutySeat.ends_at > since)).all()
    happened = select(SeatChange).join(DutySeat, DutySeat.id == SeatChange.seat_id)
    for fact in db.session.scalars(happened.where(queries.ever(), DutySeat.ends_at > since).order_by(SeatChange.id)):
        facts.setdefault(fact.seat_id, []).append(fact)
    return sum(not _is_their_sum(seat, facts.get(seat.id, [])) for seat in seats)


def _is_their_sum(seat: DutySeat, facts: list[SeatChange]) -> bool:
    try:
        now = replay(facts)
    except NoSeat:
        return False
    return (now.person_id, now.span, now.released_at) == (seat.person_id, seat.span, seat.released_at)
