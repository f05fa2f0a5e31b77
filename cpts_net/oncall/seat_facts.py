"""Reading what happened to seats, of those that were given back too."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from cpts_net.directory.models import Person
from cpts_net.directory.presence import survivors
from cpts_net.directory.queries import members
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SeatChange, SlotState
from cpts_net.oncall.queries import ever, live, seats_with_all
from cpts_net.oncall.replay import SeatKind, SeatNow, Told, replay
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


def last_change() -> int:
    """The number of the fact that was written last; 0 before there is any."""
    return db.session.connection().execute(_LAST).scalar() or 0


def changes_since(change_id: int) -> list[int]:
    """The numbers of the facts that were written after it, in order."""
    return [*db.session.scalars(_SINCE, {"change_id": change_id})]


_SINCE = select(SeatChange.id).where(SeatChange.id > bindparam("change_id")).order_by(SeatChange.id)
_LAST = select(func.max(SeatChange.id))


def is_undone(change_id: int) -> bool:
    """Whether it was taken back."""
    return bool(db.session.scalar(select(exists().where(SeatChange.undoes_id == change_id))))


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


class Beginning(NamedTuple):
    """A duty that begins, as a reminder tells it; ``came_at`` is since when it has been its holder's."""

    id: int
    person_id: int
    starts_at: datetime
    ends_at: datetime
    line: str  # Its name.
    came_at: datetime


def duties_beginning(after: datetime, until: datetime) -> list[Beginning]:
    """The duties that begin later than ``after``, and at ``until`` or before; in time order."""
    happened = select(func.max(SeatChange.at)).where(SeatChange.seat_id == DutySeat.id)
    came_at = happened.where(SeatChange.kind != SeatKind.KEPT).correlate(DutySeat).scalar_subquery()
    rows = db.session.connection().execute(
        select(DutySeat.id, DutySeat.person_id, DutySeat.starts_at, DutySeat.ends_at, DutyLine.name, came_at)
        .join(DutySlot, DutySlot.id == DutySeat.slot_id)
        .join(DutyLine, DutyLine.id == DutySlot.line_id)
        .where(live(), DutySeat.starts_at > after, DutySeat.starts_at <= until)
        .where(DutySlot.state != SlotState.CANCELLED)
        .order_by(DutySeat.starts_at, DutySeat.id)
    )
    return [Beginning(*row) for row in rows]


def people_in(facts: Iterable[SeatChange]) -> Mapping[int, Person]:
    """Those who took, gave or hold, by their numbers."""
    return members({number for fact in facts for number in (fact.from_id, fact.to_id) if number})


def history(seat_id: int) -> list[Told]:
    """What happened to a seat, as people read it; the first fact first."""
    facts = facts_of(seat_id)
    names = {number: person.display_name for number, person in people_in(facts).items()}
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
