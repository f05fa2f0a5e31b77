"""Reading what happened to seats, of those that were given back too."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from cpts_net.directory.presence import survivors
from cpts_net.directory.queries import members
from cpts_net.oncall.models import DutySeat, DutySlot, SeatChange, SlotState
from cpts_net.oncall.queries import ever, seats_with_all
from cpts_net.oncall.replay import SeatKind, SeatNow, Told, replay
from cpts_net.spans import Span
from cpts_net.storage.connections import db

_undoing = aliased(SeatChange)
# Made once: the board asks for them at each change.
KEPT = select(SeatChange.seat_id, SeatChange.to_id, SeatChange.absence_id).where(
    SeatChange.kind == SeatKind.KEPT, ~exists().where(_undoing.undoes_id == SeatChange.id)
)


def seat_ever(seat_id: int) -> DutySeat:
    """One seat as it now is, given back or not, with its slot, its line and its holder.

    Raises:
        NoResultFound: when there was never such a seat.
    """
    wanted = seats_with_all(ever()).where(DutySeat.id == seat_id)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def change(change_id: int) -> SeatChange | None:
    """One fact of a seat."""
    return db.session.get(SeatChange, change_id)


def parts_of_split(change: SeatChange, seat: DutySeat) -> list[DutySeat]:
    """The other seat that a split of this one touched, if it had a taker and they still have it."""
    other = seats_with_all().where(
        DutySeat.slot_id == seat.slot_id, DutySeat.number == seat.number, DutySeat.starts_at == change.effective_at
    )
    return list(db.session.scalars(other.where(DutySeat.id != seat.id)))


def kept_facts(seat_ids: Collection[int]) -> Sequence[Any]:
    """That some seats were kept, unless it was undone: the seat, the person, and the absence in spite of which."""
    facts = db.session.connection().execute(KEPT.where(SeatChange.seat_id.in_(seat_ids))).all()
    now = survivors({person_id for _seat_id, person_id, _absence_id in facts if person_id})
    return [(seat_id, now[person_id], absence_id) for seat_id, person_id, absence_id in facts if person_id]


def facts_of(seat_id: int) -> list[SeatChange]:
    """What happened to a seat, in the order in which it did."""
    return list(db.session.scalars(select(SeatChange).where(SeatChange.seat_id == seat_id).order_by(SeatChange.id)))


def seat_now(seat_id: int) -> SeatNow:
    """A seat as its facts have it; its holder by the number that stands for them now.

    Raises:
        NoSeat: when there are none.
    """
    seat = replay(facts_of(seat_id))
    return replace(seat, person_id=survivors([seat.person_id])[seat.person_id])


def seats_beginning(span: Span, taken_before: datetime) -> list[DutySeat]:
    """The duties that begin in ``span`` and have been their holder's since before an instant; in time order."""
    came_later = exists().where(
        SeatChange.seat_id == DutySeat.id, SeatChange.kind != SeatKind.KEPT, SeatChange.at >= taken_before
    )
    wanted = seats_with_all().where(
        DutySeat.starts_at >= span.start,
        DutySeat.starts_at < span.end,
        DutySlot.state != SlotState.CANCELLED,
        ~came_later,
    )
    return list(db.session.scalars(wanted.order_by(DutySeat.starts_at, DutySeat.id)))


def history(seat_id: int) -> list[Told]:
    """What happened to a seat, as people read it; the first fact first."""
    facts = facts_of(seat_id)
    ids = {number for fact in facts for number in (fact.from_id, fact.to_id) if number}
    names = {number: person.display_name for number, person in members(ids).items()}
    return [
        Told(
            SeatKind(fact.kind),
            fact.at,
            names.get(fact.from_id or 0, ""),
            names.get(fact.to_id or 0, ""),
            fact.effective_at,
            fact.reason_code,
            fact.words,
        )
        for fact in facts
    ]
