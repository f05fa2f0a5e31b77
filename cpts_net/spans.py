"""Stretches of time: half-open, in UTC, with local days at the edges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache


@dataclass(frozen=True, order=True)
class Span:
    """The instants from ``start`` up to, and without, ``end``.

    Both are converted to UTC at birth: two datetimes of one zone are
    subtracted by wall clock in Python, which is an hour wrong across a clock
    change.

    Raises:
        ValueError: for a naive datetime, or an end that is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            moment: datetime = getattr(self, name)
            if moment.tzinfo is None:
                raise ValueError(f"{name} has no time zone: {moment}")
            if moment.tzinfo is not UTC:  # As most are.
                object.__setattr__(self, name, moment.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError(f"{self.end} is not after {self.start}")

    @property
    def duration(self) -> timedelta:
        """The real time that passes, 23 h or 25 h on the days of a clock change."""
        return self.end - self.start

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether both share an instant; touching spans do not."""
        return self.start < other.end and other.start < self.end


@lru_cache(maxsize=4096)
def local_instant(day: date, at: time, zone: tzinfo) -> datetime:
    """The UTC instant of a local wall-clock time.

    A time that the spring change skips is the instant at which the clock jumps
    over it; one that the autumn change repeats is its first occurrence.
    """
    wall = datetime.combine(day, at, tzinfo=zone).replace(fold=0)
    instant = wall.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return instant
    # Skipped: fold 0 reads it with the old offset, fold 1 with the new one;
    # the jump lies between, at the last instant that still has the old offset.
    return _jump_between(wall.replace(fold=1).astimezone(UTC), instant, zone)


def is_skipped(day: date, at: time, zone: tzinfo) -> bool:
    """Whether the clocks of ``zone`` jump over a local wall-clock time, as in the spring change."""
    wall = datetime.combine(day, at)
    return local_instant(day, at, zone).astimezone(zone).replace(tzinfo=None) != wall


def _jump_between(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The instant, to the second, at which the zone's offset changes."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def days_span(first: date, last: date, zone: tzinfo) -> Span:
    """The local days from ``first`` to ``last``, both included, as people say them."""
    midnight = time(0)
    return Span(local_instant(first, midnight, zone), local_instant(last + timedelta(days=1), midnight, zone))


def without(span: Span, others: Iterable[Span]) -> list[Span]:
    """What is left of ``span`` where none of ``others`` is, in time order."""
    left, start = [], span.start
    for other in sorted(others):
        if other.overlaps(span):
            if start < other.start:
                left.append(Span(start, other.start))
            start = max(start, other.end)
    if start < span.end:
        left.append(Span(start, span.end))
    return left


def union(spans: Iterable[Span]) -> list[Span]:
    """The same instants as ``spans`` in the fewest spans, in time order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
