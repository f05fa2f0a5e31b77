"""Where too few serve, as the base now is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from cpts_net.oncall.gaps import Lack, lacks
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.oncall.queries import SEAT, SLOT, live
from cpts_net.spans import Span
from cpts_net.storage.connections import db


@dataclass(frozen=True)
class Short:
    """An open slot, and the stretches of it in which too few serve, in time order; perhaps none."""

    slot_id: int
    line: str  # Its name.
    slug: str  # Its name in addresses.
    lacks: tuple[Lack, ...]


def short_slots(slot_ids: Collection[int]) -> dict[int, Short]:
    """Those of the slots that are open, by id."""
    return {short.slot_id: short for short in _short(DutySlot.id.in_(slot_ids))}


def short_between(span: Span) -> list[Short]:
    """The slots that begin in ``span`` and lack somebody, in time order."""
    return [short for short in _short(DutySlot.starts_at >= span.start, DutySlot.starts_at < span.end) if short.lacks]


def _short(*which: ColumnElement[bool]) -> list[Short]:
    rows = db.session.execute(
        select(DutyLine.name, DutyLine.slug, *SLOT, *SEAT)
        .select_from(DutySlot)
        .join(DutyLine, DutyLine.id == DutySlot.line_id)
        .outerjoin(DutySeat, and_(DutySeat.slot_id == DutySlot.id, live()))
        .where(DutySlot.state == SlotState.OPEN, *which)
        .order_by(DutySlot.starts_at, DutySlot.id)
    )
    return [_of_slot(list(own)) for _, own in groupby(rows, key=attrgetter("id"))]


def _of_slot(rows: Sequence[Any]) -> Short:
    """One slot, from a row for each of its seats, or one without."""
    first = rows[0]
    served = [Span(row.seat_starts_at, row.seat_ends_at) for row in rows if row.seat_id is not None]
    missing = lacks(Span(first.starts_at, first.ends_at), served, first.seats_min)
    return Short(first.id, first.name, first.slug, tuple(missing))
