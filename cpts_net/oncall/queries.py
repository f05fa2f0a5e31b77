"""Reading duty lines, slots and seats."""

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from cpts_net.directory.queries import WHOLE
from cpts_net.extensions import db
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.spans import Span


def lines() -> list[DutyLine]:
    """Every duty line in the order of the board, with its patterns and who may serve it."""
    return list(db.session.scalars(_lines()))


def line_by_slug(slug: str) -> DutyLine | None:
    """The line with this name in addresses, with its patterns and who may serve it."""
    return db.session.scalar(_lines().where(DutyLine.slug == slug))


def slots_between(span: Span, line_id: int | None = None) -> list[DutySlot]:
    """Slots that share an instant with ``span``, in time order; cancelled ones are left out.

    The line and the seats with their members, professions and sites are loaded.
    """
    wanted = (
        _slots()
        .where(DutySlot.starts_at < span.end, DutySlot.ends_at > span.start, DutySlot.state != SlotState.CANCELLED)
        .order_by(DutySlot.starts_at, DutyLine.position, DutySlot.id)
    )
    if line_id is not None:
        wanted = wanted.where(DutySlot.line_id == line_id)
    return list(db.session.scalars(wanted))


def slot(slot_id: int) -> DutySlot | None:
    """One slot as it now is, with its line, who may serve it, and its seats."""
    wanted = _slots().options(contains_eager(DutySlot.line).selectinload(DutyLine.eligibilities))
    return db.session.scalar(wanted.where(DutySlot.id == slot_id).execution_options(populate_existing=True))


def seat(seat_id: int) -> DutySeat | None:
    """One seat as it now is, with its slot, its line and its holder."""
    return db.session.scalar(_seats().where(DutySeat.id == seat_id).execution_options(populate_existing=True))


def seats_of(member_id: int, span: Span) -> list[DutySeat]:
    """The duties of a member that share an instant with ``span``, in time order."""
    wanted = _seats().where(
        DutySeat.member_id == member_id,
        DutySlot.starts_at < span.end,
        DutySlot.ends_at > span.start,
        DutySlot.state != SlotState.CANCELLED,
    )
    return list(db.session.scalars(wanted.order_by(DutySlot.starts_at, DutySeat.id)))


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
            contains_eager(DutySlot.line),
            selectinload(DutySlot.seats).joinedload(DutySeat.member).options(*WHOLE),
        )
    )


def _seats() -> Select[DutySeat]:
    return (
        select(DutySeat)
        .join(DutySeat.slot)
        .join(DutySlot.line)
        .options(
            contains_eager(DutySeat.slot).contains_eager(DutySlot.line),
            joinedload(DutySeat.member).options(*WHOLE),
        )
    )
