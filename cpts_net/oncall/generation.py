"""Which slots the patterns ask for, some weeks ahead, and which are there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from cpts_net import clock
from cpts_net.oncall import queries
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.oncall.rules import free_parts, slot_spans
from cpts_net.spans import Span, days_span
from cpts_net.storage.connections import db

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Changes:
    """The slots to open, as (line id, span), and the ids of those to remove."""

    opened: list[tuple[int, Span]]
    removed: list[int]

    def __len__(self) -> int:
        return len(self.opened) + len(self.removed)


def due_changes(now: datetime, weeks: int, line_id: int | None = None) -> Changes:
    """What the patterns, of one line or of all, ask for and the base does not have, or has for nothing."""
    today = now.astimezone(clock.zone()).date()
    window = days_span(today - DAY, today + timedelta(weeks=weeks), clock.zone())
    changes = Changes([], [])
    for line in queries.lines():
        if line_id not in {None, line.id}:
            continue
        stale, kept = _present(line.id, now, window)
        # A day more at either end, so that a night reaching in is cut the same way in every run.
        wanted = _wanted(line, Span(window.start - DAY, window.end + DAY))
        due = [span for span in free_parts(wanted, kept) if now < span.end and window.start <= span.start < window.end]
        changes.opened.extend((line.id, span) for span in due if span not in stale)
        changes.removed.extend(slot_id for span, slot_id in stale.items() if span not in set(due))
    return changes


def _wanted(line: DutyLine, window: Span) -> Iterable[Span]:
    zone = clock.zone()
    first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    holidays = public_holidays(first, last)
    for pattern in sorted(line.patterns, key=lambda pattern: pattern.id):
        yield from slot_spans(pattern, first, last, zone, holidays)


def _present(line_id: int, now: datetime, window: Span) -> tuple[dict[Span, int], list[Span]]:
    """The slots of a line that may go, with their ids, and the spans of those that stay."""
    is_held = exists().where(DutySeat.slot_id == DutySlot.id)
    rows = db.session.execute(
        select(DutySlot.id, DutySlot.starts_at, DutySlot.ends_at, DutySlot.state, is_held.label("is_held")).where(
            DutySlot.line_id == line_id, DutySlot.ends_at > window.start
        )
    )
    stale: dict[Span, int] = {}
    kept: list[Span] = []
    for row in rows:
        span = Span(row.starts_at, row.ends_at)
        may_go = row.state == SlotState.OPEN and not row.is_held and now <= row.starts_at < window.end
        if may_go:
            stale[span] = row.id
        else:
            kept.append(span)
    return stale, kept
