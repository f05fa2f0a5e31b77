"""When a line is open, and who may serve it."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from cpts_net.spans import Span, local_instant


class HolidayRule(StrEnum):
    """What a pattern does on public holidays."""

    AS_USUAL = "as_usual"
    CLOSED = "closed"
    ALSO = "also"  # Opens on holidays too, whatever their weekday.


class Pattern(Protocol):
    """When a line is open, in local time; see ``DutyPattern``."""

    @property
    def weekdays(self) -> str: ...
    @property
    def holidays(self) -> str: ...
    @property
    def opens_at(self) -> time: ...
    @property
    def closes_at(self) -> time: ...
    @property
    def slot_minutes(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


def slot_spans(pattern: Pattern, first: date, last: date, zone: tzinfo, holidays: Collection[date]) -> list[Span]:
    """The slots that a pattern opens on the local dates from ``first`` to ``last``, in time order.

    A window across midnight belongs to the date on which it starts. The edges
    of slots are wall-clock times, so on the night of a clock change one slot
    may last an hour more or less; one of which nothing is left is not opened.
    The last slot of a window ends when the window does.
    """
    spans: list[Span] = []
    day = max(first, pattern.valid_from)
    while day <= min(last, pattern.valid_until or last):
        if opens_on(pattern, day, holidays):
            spans += _window_slots(pattern, day, zone)
        day += timedelta(days=1)
    return spans


def opens_on(pattern: Pattern, day: date, holidays: Collection[date]) -> bool:
    """Whether the pattern opens on a date, as its weekdays and public holidays have it."""
    if day in holidays and pattern.holidays != HolidayRule.AS_USUAL:
        return pattern.holidays == HolidayRule.ALSO
    return str(day.weekday()) in pattern.weekdays


def _window_slots(pattern: Pattern, day: date, zone: tzinfo) -> Iterator[Span]:
    edges = [local_instant(wall.date(), wall.time(), zone) for wall in _wall_edges(pattern, day)]
    for start, end in pairwise(edges):
        if start < end:
            yield Span(start, end)


def _wall_edges(pattern: Pattern, day: date) -> Iterator[datetime]:
    """The local times, without a zone, at which the slots of one window begin, and its end."""
    wall = datetime.combine(day, pattern.opens_at)
    closing = datetime.combine(day, pattern.closes_at)
    if closing <= wall:
        closing += timedelta(days=1)
    while wall < closing:
        yield wall
        wall += timedelta(minutes=pattern.slot_minutes)
    yield closing
