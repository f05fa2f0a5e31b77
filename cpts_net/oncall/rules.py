"""When a line is open, who may serve it, and what stands in the way."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from cpts_net.directory.trades import Practised
from cpts_net.leave.rules import Days
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
    def seats_min(self) -> int: ...
    @property
    def seats_max(self) -> int: ...
    @property
    def weight(self) -> int: ...
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


def uncovered(window: Span, taken: list[Span]) -> Iterator[Span]:
    """The parts of ``window`` that no span of ``taken`` covers, in time order.

    ``taken`` is sorted, and its spans do not overlap.
    """
    start = window.start
    for other in taken[max(0, bisect_left(taken, window) - 1) :]:
        if other.start >= window.end:
            break
        if other.end <= start:
            continue
        if start < other.start:
            yield Span(start, other.start)
        start = other.end
    if start < window.end:
        yield Span(start, window.end)


def moment_in(span: Span, at: time, zone: tzinfo) -> datetime:
    """The instant of a local time of day in ``span``: on the day on which it begins or, if that is before, on the next."""
    day = span.start.astimezone(zone).date()
    moment = local_instant(day, at, zone)
    return moment if moment >= span.start else local_instant(day + timedelta(days=1), at, zone)


class Permission(Protocol):
    """Who may serve: a profession, perhaps with one specialty only; see ``Eligibility``."""

    @property
    def profession_code(self) -> str: ...
    @property
    def specialty_code(self) -> str | None: ...


def is_eligible(practised: Iterable[Practised], permissions: Iterable[Permission]) -> bool:
    """Whether somebody who practises this may serve: any of their professions is enough."""
    own = [*practised]
    return any(
        permission.profession_code == each.profession_code and permission.specialty_code in {None, each.specialty_code}
        for permission in permissions
        for each in own
    )


class NameTaken(ValueError):
    """Another line has this name."""


class SeatRefused(Exception):
    """Why somebody cannot have a seat, or cannot give it back."""


class SlotGone(SeatRefused):
    """The slot or the seat does not exist any more."""


class SlotOver(SeatRefused):
    """The duty has ended, or has begun when it is to be given back."""


class SlotClosed(SeatRefused):
    """Nobody is to serve, on purpose."""


class SlotFull(SeatRefused):
    """Every seat is taken."""


class HolderChanged(SeatRefused):
    """Somebody else has the seat than was seen."""


class HolderIsPresent(SeatRefused):
    """Nobody keeps a duty in spite of an absence that there is not."""


class MomentOutside(SeatRefused):
    """A duty cannot be split there; carries its span."""

    def __init__(self, span: Span) -> None:
        super().__init__(str(span))
        self.span = span


class NotUndone(SeatRefused):
    """A change that is not the last, or was made too long ago."""


class SlotHeld(SeatRefused):
    """Somebody has a seat in a slot that is to be closed."""


class NotEligible(SeatRefused):
    """The line is served by other professions or specialties."""


class HolderIsAway(SeatRefused):
    """The member is absent during the slot; carries that absence."""

    def __init__(self, absence: Days) -> None:
        super().__init__(f"{absence.first_day} – {absence.last_day}")
        self.absence = absence


class DayOff(HolderIsAway):
    """It is one of the member's weekly days off: they take it if they say so once more."""


class DutiesOverlap(SeatRefused):
    """The member has another duty at that time; carries its line's name and its span."""

    def __init__(self, line_name: str, span: Span) -> None:
        super().__init__(f"{line_name} {span}")
        self.line_name, self.span = line_name, span
