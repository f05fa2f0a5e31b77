"""Which slots the patterns ask for, some weeks ahead, and which are there."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple, Protocol

from sqlalchemy import exists, select

from cpts_net import clock
from cpts_net.oncall import queries
from cpts_net.oncall.cutting import Terms, Wanted, fit
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.oncall.rules import Pattern, opens_on, slot_spans
from cpts_net.oncall.versions import version_of
from cpts_net.spans import Span, days_span
from cpts_net.storage.connections import db

DAY = timedelta(days=1)
WEEKS_AHEAD = 12


class Opened(NamedTuple):
    """A slot to open."""

    line_id: int
    span: Span
    terms: Terms


class Removed(NamedTuple):
    """A slot that goes."""

    id: int
    span: Span


@dataclass(frozen=True)
class Changes:
    """The slots to open, those to remove, and the ids of those that follow other terms.

    ``left`` are stretches that stay without a slot: too short for one beside
    what somebody holds. ``staying`` are slots to come that no pattern opens
    any more, and that stay, for somebody holds them.
    """

    opened: list[Opened]
    removed: list[Removed]
    altered: list[tuple[int, Terms]]
    left: list[Span]
    staying: list[Span]

    @property
    def digest(self) -> str:
        """The same as long as the changes are, in sixteen letters."""
        said = [
            sorted(self.opened),
            sorted(self.removed),
            sorted(self.altered),
            sorted(self.left),
            sorted(self.staying),
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]

    def __len__(self) -> int:
        return len(self.opened) + len(self.removed) + len(self.altered)


class Present(NamedTuple):
    """A slot that is there."""

    id: int
    span: Span
    terms: Terms
    may_go: bool  # Nobody holds it, nobody closed it, and it has not begun.
    may_follow: bool  # It is open and has not begun.


def window_of(now: datetime, weeks: int) -> Span:
    """From yesterday over some weeks of local days."""
    today = now.astimezone(clock.zone()).date()
    return days_span(today - DAY, today + timedelta(weeks=weeks), clock.zone())


class Unlike(Protocol):
    """Days that are unlike the others; see ``LineException``."""

    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...
    @property
    def opens_at(self) -> time | None: ...
    @property
    def closes_at(self) -> time | None: ...
    @property
    def message(self) -> str: ...


def due_changes(
    now: datetime,
    weeks: int,
    line: DutyLine,
    patterns: Sequence[Pattern] | None = None,
    exceptions: Sequence[Unlike] | None = None,
) -> Changes:
    """What the hours of a line, or those that somebody wants it to have, ask for and the base has otherwise."""
    window = window_of(now, weeks)
    present = _present(line.id, now, window)
    hours = line.patterns if patterns is None else patterns
    wanted = list(wanted_slots(hours, line.exceptions if exceptions is None else exceptions, window))
    fitted = fit(wanted, [slot.span for slot in present if not slot.may_go])
    due = {
        slot.span: slot.terms
        for slot in fitted.slots
        if now < slot.span.end and window.start <= slot.span.start < window.end
    }
    stale = {slot.span: slot for slot in present if slot.may_go}
    asked = {slot.span: slot.terms for slot in reversed(wanted)} | due
    # Somebody serves although the line is closed or does not open then any more.
    held_on = {
        slot.span
        for slot in present
        if slot.may_follow and not slot.may_go and (slot.span not in asked or asked[slot.span].is_closed)
    }
    return Changes(
        opened=[Opened(line.id, span, terms) for span, terms in due.items() if span not in stale],
        removed=[Removed(slot.id, span) for span, slot in stale.items() if span not in due],
        altered=[
            (slot.id, asked[slot.span])
            for slot in present
            if slot.may_follow and asked.get(slot.span, slot.terms) != slot.terms and slot.span not in held_on
        ],
        staying=sorted(held_on),
        left=[span for span in fitted.left if now < span.end and window.start <= span.start < window.end],
    )


def coming_slots(now: datetime, weeks: int, line: DutyLine) -> list[Opened]:
    """The slots beyond those that a line has been given before."""
    since = line.opened_until
    changes = due_changes(now, weeks, line)
    return [slot for slot in changes.opened if since is None or slot.span.start >= since]


def wanted_slots(patterns: Sequence[Pattern], exceptions: Sequence[Unlike], window: Span) -> Iterator[Wanted]:
    """The slots that the hours ask for, a day more at either end of ``window``; ``fit`` says what becomes of them."""
    zone = clock.zone()
    # A day more at either end, so that a night reaching in is cut the same way in every run.
    first, last = (edge.astimezone(zone).date() for edge in (window.start - DAY, window.end + DAY))
    holidays = public_holidays(first, last)
    unlike = {day: each for each in exceptions for day in _days(max(each.first_day, first), min(each.last_day, last))}
    for pattern in patterns:
        terms = Terms(pattern.seats_min, pattern.seats_max, pattern.weight)
        for day in _days(first, last):
            hours, said = _on(pattern, unlike.get(day), terms)
            if day in unlike and not said.is_closed and _opens_before(pattern, patterns, day, holidays):
                continue
            for span in slot_spans(hours, day, day, zone, holidays):
                yield Wanted(span, said, pattern.slot_minutes)


def _on(pattern: Pattern, exception: Unlike | None, terms: Terms) -> tuple[Pattern, Terms]:
    """The hours and the terms of a pattern on a day, which may be unlike the others."""
    if exception is None:
        return pattern, terms
    if exception.opens_at is None or exception.closes_at is None:
        return pattern, replace(terms, is_closed=True, message=exception.message)
    hours = version_of(pattern, 0)
    hours = replace(hours, opens_at=exception.opens_at, closes_at=exception.closes_at)
    return hours, replace(terms, message=exception.message)


def _opens_before(pattern: Pattern, patterns: Sequence[Pattern], day: date, holidays: Collection[date]) -> bool:
    """Whether another pattern that comes first is open that day: other hours are opened once."""
    first = next((each for each in patterns if _is_open(each, day, holidays)), pattern)
    return first is not pattern


def _is_open(pattern: Pattern, day: date, holidays: Collection[date]) -> bool:
    holds = pattern.valid_from <= day <= (pattern.valid_until or day)
    return holds and opens_on(pattern, day, holidays)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * number for number in range((last - first).days + 1))


def _present(line_id: int, now: datetime, window: Span) -> Sequence[Present]:
    """The slots of a line; one that was cancelled holds no time."""
    is_held = exists().where(queries.live(), DutySeat.slot_id == DutySlot.id)
    rows = db.session.execute(
        select(*queries.SLOT, DutySlot.weight, DutySlot.is_exception, is_held.label("is_held")).where(
            DutySlot.line_id == line_id, DutySlot.ends_at > window.start, DutySlot.state != SlotState.CANCELLED
        )
    )
    found = []
    for row in rows:
        is_closed = row.state == SlotState.CLOSED
        may_follow = (not is_closed or row.is_exception) and now <= row.starts_at < window.end
        terms = Terms(row.seats_min, row.seats_max, row.weight, is_closed, row.message)
        span = Span(row.starts_at, row.ends_at)
        found.append(Present(row.id, span, terms, may_follow and not row.is_held, may_follow))
    return found


@dataclass(frozen=True)
class ChangedDay:
    """What changes of the slots that begin on a local day."""

    day: date
    opened: list[Span]
    removed: list[Span]


def changed_days(changes: Changes, zone: tzinfo) -> list[ChangedDay]:
    """The slots that come and go, by the local day on which they begin."""
    days: dict[date, ChangedDay] = {}

    def of(span: Span) -> ChangedDay:
        day = span.start.astimezone(zone).date()
        return days.setdefault(day, ChangedDay(day, [], []))

    for slot in changes.opened:
        of(slot.span).opened.append(slot.span)
    for gone in changes.removed:
        of(gone.span).removed.append(gone.span)
    return [days[day] for day in sorted(days)]
