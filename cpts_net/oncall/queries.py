"""Reading duty lines, slots and seats."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from cpts_net import clock
from cpts_net.directory.models import Person, Practice
from cpts_net.directory.queries import WHOLE
from cpts_net.leave import queries as leave
from cpts_net.leave.rules import absence_span
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, Eligibility, SlotState
from cpts_net.oncall.month import Held, Holder, MonthSlot
from cpts_net.person_names import display_name
from cpts_net.spans import Span
from cpts_net.storage.connections import db


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
    slot_columns = (DutySlot.id, DutySlot.starts_at, DutySlot.ends_at, DutySlot.state, DutySlot.message)
    name = (Person.title, Person.given_name, Person.family_name)
    rows = db.session.execute(
        select(*slot_columns, DutySeat.id.label("seat_id"), DutySeat.person_id, *name, Person.is_hidden)
        .outerjoin(DutySeat, DutySeat.slot_id == DutySlot.id)
        .outerjoin(Person, Person.id == DutySeat.person_id)
        .where(DutySlot.line_id == line_id, DutySlot.state != SlotState.CANCELLED)
        .where(DutySlot.starts_at >= span.start, DutySlot.starts_at < span.end)
        .order_by(DutySlot.starts_at, DutySlot.id, DutySeat.number)
    )
    return [_month_slot(list(own)) for _, own in groupby(rows, key=attrgetter("id"))]


def _month_slot(rows: Sequence[Any]) -> MonthSlot:
    """One slot, from a row for each of its seats, or one without."""
    first = rows[0]
    holders = tuple(
        Holder(
            row.seat_id, row.person_id, display_name(row.title, row.given_name, row.family_name), bool(row.is_hidden)
        )
        for row in rows
        if row.seat_id is not None
    )
    return MonthSlot(first.id, Span(first.starts_at, first.ends_at), first.state, first.message, holders)


def duties_held(person_id: int, span: Span) -> list[Held]:
    """The duties of a member that share an instant with ``span``, in time order."""
    rows = db.session.execute(
        select(DutySeat.id, DutySeat.slot_id, DutySlot.starts_at, DutySlot.ends_at, DutyLine.name, DutyLine.slug)
        .join(DutySlot, DutySlot.id == DutySeat.slot_id)
        .join(DutyLine, DutyLine.id == DutySlot.line_id)
        .where(DutySeat.person_id == person_id, DutySlot.state != SlotState.CANCELLED)
        .where(DutySlot.starts_at < span.end, DutySlot.ends_at > span.start)
        .order_by(DutySlot.starts_at, DutySeat.id)
    )
    return [Held(row.id, row.slot_id, Span(row.starts_at, row.ends_at), row.name, row.slug) for row in rows]


def slot(slot_id: int) -> DutySlot | None:
    """One slot as it now is, with its line, who may serve it, and its seats."""
    return db.session.scalar(_slots().where(DutySlot.id == slot_id).execution_options(populate_existing=True))


def seat(seat_id: int) -> DutySeat | None:
    """One seat as it now is, with its slot, its line and its holder."""
    return db.session.scalar(_seats().where(DutySeat.id == seat_id).execution_options(populate_existing=True))


def holders(seat_ids: Collection[int]) -> dict[int, int]:
    """Who holds each of the seats; one that nobody has any more is left out."""
    rows = db.session.execute(select(DutySeat.id, DutySeat.person_id).where(DutySeat.id.in_(seat_ids)))
    return {row.id: row.person_id for row in rows}


def seats_beginning(span: Span, taken_before: datetime) -> list[DutySeat]:
    """The duties that begin in ``span`` and were taken, or given, before an instant; in time order."""
    wanted = _seats().where(
        DutySlot.starts_at >= span.start,
        DutySlot.starts_at < span.end,
        DutySlot.state != SlotState.CANCELLED,
        DutySeat.taken_at < taken_before,
    )
    return list(db.session.scalars(wanted.order_by(DutySlot.starts_at, DutySeat.id)))


def seats_of(person_id: int, span: Span) -> list[DutySeat]:
    """The duties of a member that share an instant with ``span``, in time order."""
    wanted = _seats().where(
        DutySeat.person_id == person_id,
        DutySlot.starts_at < span.end,
        DutySlot.ends_at > span.start,
        DutySlot.state != SlotState.CANCELLED,
    )
    return list(db.session.scalars(wanted.order_by(DutySlot.starts_at, DutySeat.id)))


def line(line_id: int) -> DutyLine | None:
    """One line, with its patterns and who may serve it."""
    return db.session.scalar(_lines().where(DutyLine.id == line_id).execution_options(populate_existing=True))


def seats_during(span: Span, person_ids: Collection[int]) -> list[DutySeat]:
    """The duties of some members that share an instant with ``span``."""
    wanted = _seats().where(
        DutySeat.person_id.in_(person_ids),
        DutySlot.starts_at < span.end,
        DutySlot.ends_at > span.start,
        DutySlot.state != SlotState.CANCELLED,
    )
    return list(db.session.scalars(wanted))


def servable(slots: Sequence[DutySlot]) -> set[int]:
    """The slots that somebody could serve beside those who do: eligible, present and without another duty then; ids."""
    if not slots:
        return set()
    busy = _busy(Span(min(slot.starts_at for slot in slots), max(slot.ends_at for slot in slots)))
    return {slot.id for slot in slots if _is_anybody_free(slot, busy)}


def _is_anybody_free(slot: DutySlot, busy: Sequence[tuple[int, Span]]) -> bool:
    span = Span(slot.starts_at, slot.ends_at)
    taken = {person_id for person_id, other in busy if other.overlaps(span)}
    eligible = or_(false(), *(_holds(permission) for permission in slot.line.eligibilities))
    free = select(Person.id).where(eligible, Person.id.not_in(taken))
    return db.session.scalar(free.limit(1)) is not None


def _busy(around: Span) -> list[tuple[int, Span]]:
    """Who is away or has a duty, and when."""
    zone = clock.zone()
    rows = db.session.execute(
        select(DutySeat.person_id, DutySlot.starts_at, DutySlot.ends_at)
        .join(DutySeat.slot)
        .where(DutySlot.starts_at < around.end, DutySlot.ends_at > around.start, DutySlot.state != SlotState.CANCELLED)
    )
    away = [(absence.person_id, absence_span(absence, zone)) for absence in leave.absences_between(around)]
    return [*away, *((row.person_id, Span(row.starts_at, row.ends_at)) for row in rows)]


def _holds(permission: Eligibility) -> ColumnElement[bool]:
    """Those whom the permission lets serve, by something that they practise."""
    has_profession = and_(Practice.person_id == Person.id, Practice.profession_code == permission.profession_code)
    if permission.specialty_code is None:
        return exists().where(has_profession)
    return exists().where(has_profession, Practice.specialty_code == permission.specialty_code)


def free_seats(span: Span) -> dict[int, int]:
    """How many seats of each line may still be taken in ``span``, by line id."""
    held = select(func.count()).where(DutySeat.slot_id == DutySlot.id).scalar_subquery()
    rows = db.session.execute(
        select(
            DutySlot.line_id,
            func.sum(case((held < DutyLine.seats_max, DutyLine.seats_max - held), else_=0)).label("free"),
        )
        .join(DutySlot.line)
        .where(DutySlot.state == SlotState.OPEN, DutySlot.starts_at < span.end, DutySlot.ends_at > span.start)
        .group_by(DutySlot.line_id)
    )
    return {row.line_id: int(row.free) for row in rows}


def next_end(now: datetime) -> datetime | None:
    """When the next slot that seats may be taken of ends; the free seats are others then."""
    ends = select(func.min(DutySlot.ends_at)).where(DutySlot.state == SlotState.OPEN, DutySlot.ends_at > now)
    return db.session.scalar(ends)


def _lines() -> Select[DutyLine]:
    return (
        select(DutyLine)
        .options(selectinload(DutyLine.patterns), selectinload(DutyLine.eligibilities))
        .order_by(DutyLine.position, DutyLine.id)
    )


def _slots() -> Select[DutySlot]:
    return (
        select(DutySlot)
        .join(DutySlot.line)
        .options(
            contains_eager(DutySlot.line).selectinload(DutyLine.eligibilities),
            selectinload(DutySlot.seats).joinedload(DutySeat.person).options(*WHOLE),
        )
    )


def _seats() -> Select[DutySeat]:
    return (
        select(DutySeat)
        .join(DutySeat.slot)
        .join(DutySlot.line)
        .options(
            contains_eager(DutySeat.slot).contains_eager(DutySlot.line).selectinload(DutyLine.eligibilities),
            joinedload(DutySeat.person).options(*WHOLE),
        )
    )
