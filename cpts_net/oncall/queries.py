"""Reading duty lines, slots and seats."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, true, union_all
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from cpts_net.directory import named
from cpts_net.directory.models import Person
from cpts_net.directory.named import named_in
from cpts_net.directory.queries import WHOLE
from cpts_net.oncall.gaps import rooms
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.oncall.month import Held, Holder, MonthSlot
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.orm import UTCDateTime

SLOT = (
    DutySlot.id,
    DutySlot.starts_at,
    DutySlot.ends_at,
    DutySlot.state,
    DutySlot.message,
    DutySlot.seats_min,
    DutySlot.seats_max,
)
SEAT = (
    DutySeat.id.label("seat_id"),
    DutySeat.number,
    DutySeat.person_id,
    DutySeat.starts_at.label("seat_starts_at"),
    DutySeat.ends_at.label("seat_ends_at"),
)


def live() -> ColumnElement[bool]:
    """The seats that nobody has given back. Whoever reads seats, reads these (``tests/house/test_live.py``)."""
    return DutySeat.released_at.is_(None)


def ever() -> ColumnElement[bool]:
    """All seats, those that were given back too: for whoever asks what has been."""
    return true()


def lines() -> list[DutyLine]:
    """Every duty line in the order of the board, with its patterns and who may serve it."""
    return list(db.session.scalars(_lines()))


def lines_named() -> Sequence[Any]:
    """What everybody may see of every line, in the order of the board: id, slug, name, purpose and phone."""
    named = (DutyLine.id, DutyLine.slug, DutyLine.name, DutyLine.purpose, DutyLine.phone)
    return db.session.execute(select(*named).order_by(DutyLine.position, DutyLine.id)).all()


def line_by_slug(slug: str) -> DutyLine | None:
    """The line with this name in addresses, with its patterns and who may serve it."""
    return db.session.scalar(_lines().where(DutyLine.slug == slug))


def slots_between(span: Span, line_id: int | None = None) -> list[DutySlot]:
    """Slots that share an instant with ``span``, in time order; cancelled ones are left out.

    The line with who may serve it, and the seats with their members, professions and sites are loaded.
    """
    wanted = (
        _slots()
        .where(DutySlot.starts_at < span.end, DutySlot.ends_at > span.start, DutySlot.state != SlotState.CANCELLED)
        .order_by(DutySlot.starts_at, DutyLine.position, DutySlot.id)
    )
    if line_id is not None:
        wanted = wanted.where(DutySlot.line_id == line_id)
    return list(db.session.scalars(wanted))


def month_slots(line_id: int, span: Span) -> list[MonthSlot]:
    """The slots of a line that begin in ``span``, in time order, with who holds them; cancelled ones are left out."""
    rows = db.session.execute(
        select(*SLOT, *SEAT, *named.columns(role="holder"))
        .outerjoin(DutySeat, and_(DutySeat.slot_id == DutySlot.id, live()))
        .outerjoin(Person, Person.id == DutySeat.person_id)
        .where(DutySlot.line_id == line_id, DutySlot.state != SlotState.CANCELLED)
        .where(DutySlot.starts_at >= span.start, DutySlot.starts_at < span.end)
        .order_by(DutySlot.starts_at, DutySlot.id, DutySeat.starts_at, DutySeat.number)
    )
    return [_month_slot(list(own)) for _, own in groupby(rows, key=attrgetter("id"))]


def first_slot(line_id: int) -> datetime | None:
    """When the first slot of a line begins; None for a line without any."""
    return db.session.scalar(select(func.min(DutySlot.starts_at)).where(DutySlot.line_id == line_id))


def _month_slot(rows: Sequence[Any]) -> MonthSlot:
    """One slot, from a row for each of its seats, or one without."""
    first = rows[0]
    holders = tuple(
        Holder(
            row.seat_id,
            row.number,
            Span(row.seat_starts_at, row.seat_ends_at),
            *named_in(row, role="holder"),
        )
        for row in rows
        if row.seat_id is not None
    )
    span = Span(first.starts_at, first.ends_at)
    return MonthSlot(first.id, span, first.state, first.message, first.seats_min, first.seats_max, holders)


def duties_held(person_id: int, span: Span) -> list[Held]:
    """The duties of a member that share an instant with ``span``, in time order."""
    rows = db.session.execute(
        select(DutySeat.id, DutySeat.slot_id, DutySeat.starts_at, DutySeat.ends_at, DutyLine.name, DutyLine.slug)
        .join(DutySlot, DutySlot.id == DutySeat.slot_id)
        .join(DutyLine, DutyLine.id == DutySlot.line_id)
        .where(live(), *within(span), DutySeat.person_id == person_id)
        .order_by(DutySeat.starts_at, DutySeat.id)
    )
    return [Held(row.id, row.slot_id, Span(row.starts_at, row.ends_at), row.name, row.slug) for row in rows]


def slot(slot_id: int) -> DutySlot | None:
    """One slot as it now is, with its line, who may serve it, and its seats."""
    return db.session.scalar(_slots().where(DutySlot.id == slot_id).execution_options(populate_existing=True))


def seat(seat_id: int) -> DutySeat | None:
    """One seat as it now is, unless it was given back, with its slot, its line and its holder."""
    return db.session.scalar(seats_with_all().where(DutySeat.id == seat_id).execution_options(populate_existing=True))


# The same as ``within`` for what is written out once, of the span from :start to :end.
_WITHIN = (
    DutySeat.starts_at < bindparam("end", type_=UTCDateTime()),
    DutySeat.ends_at > bindparam("start", type_=UTCDateTime()),
    DutySlot.state != SlotState.CANCELLED,
)


def who_serves(span: Span, person_ids: Collection[int]) -> set[int]:
    """Those of some members who have a duty that shares an instant with ``span``."""
    given = {"start": span.start, "end": span.end, "person_ids": [*person_ids]}
    return {*db.session.connection().execute(_SERVING, given).scalars()}


_SERVING = (
    select(DutySeat.person_id)
    .join(DutySlot, DutySlot.id == DutySeat.slot_id)
    .where(live(), DutySeat.person_id.in_(bindparam("person_ids", expanding=True)))
    .where(*_WITHIN)
    .distinct()
)


def holders(seat_ids: Collection[int]) -> dict[int, int]:
    """Who holds each of the seats; one that nobody has any more is left out."""
    rows = db.session.execute(select(DutySeat.id, DutySeat.person_id).where(live(), DutySeat.id.in_(seat_ids)))
    return {row.id: row.person_id for row in rows}


def seats_of(person_id: int, span: Span) -> list[DutySeat]:
    """The duties of a member that share an instant with ``span``, in time order."""
    given = {"person_id": person_id, "start": span.start, "end": span.end}
    return list(db.session.scalars(_seats_of_one(), given))


@cache
def _seats_of_one() -> Select[DutySeat]:
    wanted = seats_with_all().where(DutySeat.person_id == bindparam("person_id"), *_WITHIN)
    return wanted.order_by(DutySeat.starts_at, DutySeat.id)


def within(span: Span) -> tuple[ColumnElement[bool], ...]:
    """The seats that share an instant with ``span``, of slots that are not cancelled; the slot is joined."""
    return DutySeat.starts_at < span.end, DutySeat.ends_at > span.start, DutySlot.state != SlotState.CANCELLED


def line(line_id: int) -> DutyLine | None:
    """One line, with its patterns and who may serve it."""
    return db.session.scalar(_lines().where(DutyLine.id == line_id).execution_options(populate_existing=True))


def seats_during(span: Span, person_ids: Collection[int]) -> list[DutySeat]:
    """The duties of some members that share an instant with ``span``."""
    return list(db.session.scalars(seats_with_all().where(DutySeat.person_id.in_(person_ids), *within(span))))


def holders_during(slot_id: int, span: Span) -> set[int]:
    """Who holds a seat of the slot at some time of ``span``; their ids."""
    held = select(DutySeat.person_id).where(live(), DutySeat.slot_id == slot_id)
    return set(db.session.scalars(held.where(DutySeat.starts_at < span.end, DutySeat.ends_at > span.start)))


def rest_of(seat: DutySeat, now: datetime) -> Span:
    """What of a seat is to come; all of it once it is over."""
    return Span(now, seat.ends_at) if seat.starts_at < now < seat.ends_at else seat.span


def free_seats(span: Span) -> dict[int, int]:
    """How many seats, or parts of seats, of each line may still be taken in ``span``, by line id."""
    columns = (DutySlot.line_id, *SLOT, *SEAT)
    rows = db.session.execute(
        select(*columns)
        .outerjoin(DutySeat, and_(DutySeat.slot_id == DutySlot.id, live()))
        .where(DutySlot.state == SlotState.OPEN, DutySlot.starts_at < span.end, DutySlot.ends_at > span.start)
        .order_by(DutySlot.id)
    )
    free = Counter[int]()
    for _, those in groupby(rows, key=attrgetter("id")):
        own: list[Any] = list(those)
        taken = [(row.number, Span(row.seat_starts_at, row.seat_ends_at)) for row in own if row.seat_id is not None]
        slot = Span(own[0].starts_at, own[0].ends_at)
        free[own[0].line_id] += len(rooms(slot, taken, own[0].seats_max, span.start))
    return +free


def next_end(now: datetime) -> datetime | None:
    """When the next slot that seats may be taken of ends, or a free part of one; the free seats are others then."""
    ends = select(DutySlot.ends_at.label("edge")).where(DutySlot.state == SlotState.OPEN, DutySlot.ends_at > now)
    later = select(DutySeat.starts_at).join(DutySeat.slot).where(live(), DutySeat.starts_at > now)
    edges = union_all(ends, later.where(DutySeat.starts_at > DutySlot.starts_at)).subquery()
    found: datetime | None = db.session.scalar(select(func.min(edges.c.edge)))
    return found


def _lines() -> Select[DutyLine]:
    return (
        select(DutyLine)
        .options(
            selectinload(DutyLine.patterns), selectinload(DutyLine.exceptions), selectinload(DutyLine.eligibilities)
        )
        .order_by(DutyLine.position, DutyLine.id)
    )


def _slots() -> Select[DutySlot]:
    return (
        select(DutySlot)
        .join(DutySlot.line)
        .options(
            contains_eager(DutySlot.line).selectinload(DutyLine.eligibilities),
            selectinload(DutySlot.seats.and_(live())).joinedload(DutySeat.person).options(*WHOLE),
        )
    )


def seats_with_all(which: ColumnElement[bool] | None = None) -> Select[DutySeat]:
    """Those that nobody has given back, unless ``which`` says otherwise."""
    return (
        select(DutySeat)
        .where(live() if which is None else which)
        .join(DutySeat.slot)
        .join(DutySlot.line)
        .options(
            contains_eager(DutySeat.slot).contains_eager(DutySlot.line).selectinload(DutyLine.eligibilities),
            joinedload(DutySeat.person).options(*WHOLE),
        )
    )


def first_slot_at() -> datetime | None:
    """When the earliest slot that is kept begins; None while no line was ever open."""
    return db.session.scalar(select(func.min(DutySlot.starts_at)))
