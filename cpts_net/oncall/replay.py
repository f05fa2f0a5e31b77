"""What the facts of a seat make of it. They are only ever added, and the seat is their sum."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from cpts_net.spans import Span


class SeatKind(StrEnum):
    """What happened to a seat."""

    TAKEN = "taken"
    ASSIGNED = "assigned"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    EXCHANGED = "exchanged"
    SPLIT = "split"  # Of the seat that it ends, and of the one that it begins.
    KEPT = "kept"  # « I serve although I am away », for one absence.
    UNDONE = "undone"


class Reason(StrEnum):
    """Why a seat changed; none says anything of anybody’s health."""

    HINDERED = "hindered"
    AGREED = "agreed"  # Between those concerned.
    PLANNED = "planned"  # The rota was put right.
    MISTAKE = "mistake"


@dataclass(frozen=True)
class Told:
    """A fact as people read it: names instead of numbers."""

    kind: SeatKind
    at: datetime
    since: str  # Whose it was.
    to: str
    effective_at: datetime | None
    reason: str
    words: str


class Fact(Protocol):
    """One fact; see ``SeatChange``."""

    @property
    def id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def to_id(self) -> int | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def effective_at(self) -> datetime | None: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def absence_id(self) -> int | None: ...


class NoSeat(ValueError):
    """The facts begin no seat, or begin it twice."""


@dataclass(frozen=True)
class SeatNow:
    """A seat as its facts have it; ``kept`` are the absences in spite of which its holder serves."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    released_at: datetime | None = None
    kept: frozenset[int] = frozenset()

    @property
    def span(self) -> Span:
        """The instants that it holds, or held."""
        return Span(self.starts_at, self.ends_at)


def replay(facts: Iterable[Fact]) -> SeatNow:
    """The seat that the facts make, in the order in which they were added.

    What is undone leaves the seat as it was before; where it began the seat,
    it is released. An undoing is never undone.

    Raises:
        NoSeat: when the first fact begins no seat.
    """
    states: list[SeatNow] = []
    for fact in facts:
        if fact.kind == SeatKind.UNDONE:
            if not states:
                raise NoSeat
            last = states.pop()
            states = states[-1:] or [replace(last, released_at=fact.at)]
        else:
            states.append(_changed(states[-1], fact) if states else _begun(fact))
    if not states:
        raise NoSeat
    return states[-1]


def _begun(fact: Fact) -> SeatNow:
    if fact.to_id is None or fact.effective_at is None or fact.until is None:
        raise NoSeat
    return SeatNow(fact.to_id, fact.effective_at, fact.until)


def _changed(seat: SeatNow, fact: Fact) -> SeatNow:
    match fact.kind:
        case SeatKind.RELEASED:
            return replace(seat, released_at=fact.at)
        case SeatKind.SPLIT if fact.effective_at:
            return replace(seat, ends_at=fact.effective_at)
        case SeatKind.KEPT if fact.absence_id:
            return replace(seat, kept=seat.kept | {fact.absence_id})
        case SeatKind.HANDED_OVER | SeatKind.EXCHANGED if fact.to_id:
            return replace(seat, person_id=fact.to_id, kept=frozenset())
    raise NoSeat
