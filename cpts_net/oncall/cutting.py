"""Fitting the slots that patterns ask for into the time that others leave, without stumps."""

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from cpts_net.oncall.rules import uncovered
from cpts_net.spans import Span, union


@dataclass(frozen=True, order=True)
class Terms:
    """What the version of a pattern says of its slots."""

    fewest: int = 1
    most: int = 1
    weight: int = 100  # In hundredths of an ordinary slot.
    is_closed: bool = False  # On a day on which the line is.
    message: str = ""


@dataclass(frozen=True, order=True)
class Wanted:
    """A slot that a pattern asks for, of which so many minutes are a whole one."""

    span: Span
    terms: Terms = Terms()
    minutes: int = 0

    @property
    def is_stump(self) -> bool:
        """Whether less than half of a whole slot is left of it."""
        return 2 * self.span.duration < timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class Fitted:
    """The slots in time order, and the stretches too short for one beside what is kept: the new hours begin later."""

    slots: list[Wanted]
    left: list[Span]


def fit(wanted: Iterable[Wanted], kept: Sequence[Span]) -> Fitted:
    """What of ``wanted`` fits beside what is ``kept``, without overlap.

    Where two overlap, the one that comes first in ``wanted`` stays whole. A
    rest shorter than half a slot goes to a neighbour that nobody holds, rather
    the one before; where there is only one that is kept, it is left.
    """
    slots = _free_parts(wanted, kept)
    left: list[Span] = []
    alone: set[Span] = set()
    while stump := next((slot for slot in slots if slot.is_stump and slot.span not in alone), None):
        if _goes_to_neighbour(stump, slots):
            continue
        if _touches(stump.span, kept):
            slots.remove(stump)
            left.append(stump.span)
        else:
            alone.add(stump.span)  # A whole window, however short.
    return Fitted(slots, left)


def _free_parts(wanted: Iterable[Wanted], kept: Iterable[Span]) -> list[Wanted]:
    taken = union(kept)
    parts: list[Wanted] = []
    for each in wanted:
        for part in list(uncovered(each.span, taken)):
            insort(taken, part)
            insort(parts, replace(each, span=part))
    return parts


def _goes_to_neighbour(stump: Wanted, slots: list[Wanted]) -> bool:
    """Widen a slot that touches the stump by it, if there is one."""
    place = slots.index(stump)
    for other in (place - 1, place + 1):
        if not 0 <= other < len(slots):
            continue
        one, two = sorted((slots[other].span, stump.span))
        if one.end == two.start:
            slots[other] = replace(slots[other], span=Span(one.start, two.end))
            del slots[place]
            return True
    return False


def _touches(span: Span, kept: Iterable[Span]) -> bool:
    return any(other.end == span.start or other.start == span.end for other in kept)
