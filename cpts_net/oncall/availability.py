"""Who could serve a slot: eligible, there, and without anything else to do then."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from cpts_net import clock
from cpts_net.directory.models import Person, Practice
from cpts_net.directory.presence import present
from cpts_net.leave import queries as leave
from cpts_net.oncall.models import DutySeat, DutySlot, Eligibility
from cpts_net.oncall.queries import live, within
from cpts_net.spans import Span
from cpts_net.storage.connections import db


def servable(wanted: Sequence[tuple[DutySlot, Span]]) -> set[int]:
    """The slots of which somebody could serve the part, beside those who do; ids.

    Somebody who is eligible, present and without another duty then.
    """
    if not wanted:
        return set()
    busy = _busy(Span(min(span.start for _, span in wanted), max(span.end for _, span in wanted)))
    return {slot.id for slot, span in wanted if _is_anybody_free(slot, span, busy)}


def _is_anybody_free(slot: DutySlot, span: Span, busy: Sequence[tuple[int, Span]]) -> bool:
    taken = {person_id for person_id, other in busy if other.overlaps(span)}
    return db.session.scalar(_free(slot, span, taken).limit(1)) is not None


def _free(slot: DutySlot, span: Span, taken: Collection[int]) -> Select[int]:
    eligible = or_(false(), *(_holds(permission) for permission in slot.line.eligibilities))
    there = present(span.start.astimezone(clock.zone()).date())
    return select(Person.id).where(eligible, there, Person.id.not_in(taken))


def free_among(person_ids: Collection[int], slot: DutySlot, span: Span) -> set[int]:
    """Those of the people who could serve the part of the slot, beside those who do."""
    if not person_ids:
        return set()
    taken = {person_id for person_id, _ in _busy(span, person_ids)}
    return set(db.session.scalars(_free(slot, span, taken).where(Person.id.in_(person_ids))))


def _busy(around: Span, person_ids: Collection[int] | None = None) -> list[tuple[int, Span]]:
    """Who is away or has a duty, and when; of some people, or of everybody."""
    held = select(DutySeat.person_id, DutySeat.starts_at, DutySeat.ends_at).join(DutySeat.slot)
    wanted = held.where(live(), *within(around))
    rows = db.session.execute(wanted if person_ids is None else wanted.where(DutySeat.person_id.in_(person_ids)))
    away = [(each.absence.person_id, each.span) for each in leave.times_away(around, person_ids)]
    return [*away, *((row.person_id, Span(row.starts_at, row.ends_at)) for row in rows)]


def _holds(permission: Eligibility) -> ColumnElement[bool]:
    """Those whom the permission lets serve, by something that they practise."""
    has_profession = and_(Practice.person_id == Person.id, Practice.profession_code == permission.profession_code)
    if permission.specialty_code is None:
        return exists().where(has_profession)
    return exists().where(has_profession, Practice.specialty_code == permission.specialty_code)
