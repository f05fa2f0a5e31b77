"""When too few serve, and which part of a slot somebody may still take: stretches of time, never counts of rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cpts_net.oncall.rules import uncovered
from cpts_net.spans import Span, union


@dataclass(frozen=True)
class Lack:
    """A stretch in which ``missing`` people are missing."""

    span: Span
    missing: int


def lacks(slot: Span, served: Sequence[Span], fewest: int) -> list[Lack]:
    """The stretches of ``slot`` in which fewer than ``fewest`` serve, in time order; ``served`` may overlap."""
    if not served:
        return [Lack(slot, fewest)]
    edges = sorted({slot.start, slot.end, *(edge for span in served for edge in _within(span, slot))})
    found: list[Lack] = []
    for start, end in pairwise(edges):
        missing = fewest - sum(span.start <= start < span.end for span in served)
        if missing <= 0:
            continue
        is_one = bool(found) and (found[-1].span.end, found[-1].missing) == (start, missing)
        since = found.pop().span.start if is_one else start
        found.append(Lack(Span(since, end), missing))
    return found


def opened(before: Iterable[Lack], after: Iterable[Lack]) -> list[Lack]:
    """The stretches of ``after`` in some part of which more are missing than ``before``."""
    was = list(before)
    return [
        lack
        for lack in after
        if any(uncovered(lack.span, sorted(other.span for other in was if other.missing >= lack.missing)))
    ]


def _within(span: Span, slot: Span) -> Iterator[datetime]:
    return (edge for edge in (span.start, span.end) if slot.start < edge < slot.end)


@dataclass(frozen=True, order=True)
class Room:
    """A part of a slot that nobody holds at this number."""

    span: Span
    number: int


def rooms(slot: Span, taken: Iterable[tuple[int, Span]], most: int, now: datetime) -> list[Room]:
    """What may still be taken of ``slot``, the first of it first; what is over is left out.

    ``taken`` are the numbers that are held and when. Nobody comes in beside
    ``most`` who serve, whatever their numbers: a slot may have had more seats.
    """
    held = list(taken)
    short = union(lack.span for lack in lacks(slot, [span for _, span in held], most))
    free = [
        (number, part)
        for number in range(1, most + 1)
        for part in uncovered(slot, union(span for other, span in held if other == number))
    ]
    found = [Room(both, number) for number, part in free for other in short if (both := _common(part, other))]
    return sorted(room for room in found if room.span.end > now)


def _common(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None
