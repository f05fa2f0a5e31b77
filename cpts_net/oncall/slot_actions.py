"""Opening, closing and following: what becomes of slots."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, insert, update

from cpts_net.audit.actions import record
from cpts_net.oncall import queries
from cpts_net.oncall.cutting import Terms
from cpts_net.oncall.gap_telling import telling_of_gaps
from cpts_net.oncall.generation import WEEKS_AHEAD, Changes, Opened, coming_slots, due_changes, window_of
from cpts_net.oncall.judging import slot_to_come
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.oncall.rules import SlotHeld
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot, transaction


def close_slot(slot_id: int, message: str, *, now: datetime, actor_id: int | None = None) -> None:
    """Have nobody serve, on purpose; ``message`` says what to do instead.

    Raises:
        SlotGone, SlotOver, SlotHeld: when that makes no sense.
    """
    revisions.bump(revisions.CONTINUITY)
    slot = slot_to_come(slot_id, now)
    if slot.seats:
        raise SlotHeld
    slot.state, slot.message, slot.is_exception = SlotState.CLOSED, message, False
    record("oncall.closed", actor_id=actor_id, now=now, subject=f"slot:{slot_id}", detail=message)


def open_slot(slot_id: int, *, now: datetime, actor_id: int | None = None) -> None:
    """Look for somebody again; coordinators are told.

    Raises:
        SlotGone, SlotOver: when that makes no sense.
    """
    revisions.bump(revisions.CONTINUITY)
    slot = slot_to_come(slot_id, now)
    with telling_of_gaps(slot_id, by=actor_id, now=now):
        slot.state, slot.message, slot.is_exception = SlotState.OPEN, "", False
        db.session.flush()
    record("oncall.opened", actor_id=actor_id, now=now, subject=f"slot:{slot_id}")


def open_coming_slots(*, now: datetime, weeks: int = WEEKS_AHEAD) -> list[Opened]:
    """Open the slots of the weeks that are new; return them. What was there, or was taken away, stays so.

    Commits by itself, a line at a time, and looks before it keeps others from
    writing: an hourly run that has nothing to do redraws no board.
    """
    with snapshot():
        waiting = [line.id for line in queries.lines() if coming_slots(now, weeks, line)]
    opened: list[Opened] = []
    for line_id in waiting:
        with transaction():
            opened += _extend(line_id, now, weeks)
    return opened


def _extend(line_id: int, now: datetime, weeks: int) -> list[Opened]:
    revisions.bump(revisions.CONTINUITY)
    line = queries.line(line_id)
    if line is None:
        return []
    opened = coming_slots(now, weeks, line)
    _open(opened)
    _reach(line, now, weeks)
    if opened:
        record("oncall.generated", actor_id=None, now=now, detail=f"opened:{len(opened)} removed:0")
    return opened


def follow_patterns(line_id: int, *, now: datetime, weeks: int = WEEKS_AHEAD) -> Changes:
    """Have the slots to come of a line follow its patterns; return what was done. A second run changes nothing.

    A slot to come that nobody holds and that no pattern opens any more is
    removed; one that somebody ever held is cancelled instead. One that is
    held, closed or under way stays, and new ones leave its time alone.

    Raises:
        LookupError: when there is no such line.
    """
    revisions.bump(revisions.CONTINUITY)
    line = queries.line(line_id)
    if line is None:
        raise LookupError(line_id)
    changes = due_changes(now, weeks, line)
    _remove([slot.id for slot in changes.removed])
    _open(changes.opened)
    for slot_id, terms in changes.altered:
        db.session.execute(update(DutySlot).where(DutySlot.id == slot_id).values(**_columns(terms)))
    _reach(line, now, weeks)
    if changes:
        detail = f"opened:{len(changes.opened)} removed:{len(changes.removed)}"
        record("oncall.generated", actor_id=None, now=now, detail=detail)
    return changes


def _remove(slot_ids: list[int]) -> None:
    had_seats = exists().where(queries.ever(), DutySeat.slot_id == DutySlot.id)
    theirs = DutySlot.id.in_(slot_ids)
    db.session.execute(update(DutySlot).where(theirs, had_seats).values(state=SlotState.CANCELLED))
    db.session.execute(delete(DutySlot).where(theirs, ~had_seats))


def _open(slots: list[Opened]) -> None:
    rows = [
        {
            "line_id": slot.line_id,
            "starts_at": slot.span.start,
            "ends_at": slot.span.end,
            **_columns(slot.terms),
        }
        for slot in slots
    ]
    if rows:
        db.session.execute(insert(DutySlot), rows)


def _columns(terms: Terms) -> dict[str, Any]:
    return {
        "state": SlotState.CLOSED if terms.is_closed else SlotState.OPEN,
        "message": terms.message,
        "is_exception": terms.is_closed,
        "seats_min": terms.fewest,
        "seats_max": terms.most,
        "weight": terms.weight,
    }


def _reach(line: DutyLine, now: datetime, weeks: int) -> None:
    """Remember how far the line has slots: what is missing before that is missing on purpose."""
    end = window_of(now, weeks).end
    line.opened_until = max(end, line.opened_until or end)
