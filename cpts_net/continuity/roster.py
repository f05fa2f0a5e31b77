"""The resolved picture of continuity, as plain values: who, on which line, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cpts_net.directory.trades import Trade
from cpts_net.spans import Span


@dataclass(frozen=True)
class Colleague:
    """What every member may know of another."""

    id: int
    name: str
    sort_key: str
    names: str  # Their names in every way that people type them.
    trade: Trade | None
    trade_label: str  # In the person's gender: « Infirmière », or the words for what they do.
    civility: str  # What is said of them agrees with it.
    commune: str
    phone: str  # As ``phones`` keeps it, of the first practice site; may be empty.
    is_hidden: bool = False  # Left out of the directory: named, but without a page to lead to.

    @property
    def people(self) -> tuple[int, ...]:
        """Who it is, as of every relay."""
        return (self.id,)


@dataclass(frozen=True)
class Elsewhere:
    """Whoever stands in and is nobody of the community: a structure, a duty line, somebody from outside."""

    id: int  # Negative: no person has it.
    name: str
    phone: str
    people: tuple[int, ...] = ()  # Those who work at the structure.
    is_hidden: bool = True  # There is no page to lead to.


Relayer = Colleague | Elsewhere


@dataclass(frozen=True)
class Line:
    """A duty line, as the board names it."""

    id: int
    slug: str
    name: str
    phone: str
    position: int
    professions: tuple[str, ...]  # Codes of those who may serve it.
    out_of_hours: str = ""  # Whom to call while it is closed, in words.


@dataclass(frozen=True)
class Duty:
    """Somebody holds a seat."""

    seat_id: int
    slot_id: int
    line: Line
    span: Span
    holder: Colleague
    is_holder_away: bool
    is_kept: bool = False  # They are away, and serve all the same.

    @property
    def seeks(self) -> bool:
        """Whether somebody else is looked for: the holder is away, and did not keep it."""
        return self.is_holder_away and not self.is_kept

    @property
    def phone(self) -> str:
        """The number to call: the line's own, else the holder's."""
        return self.line.phone or self.holder.phone


@dataclass(frozen=True)
class Gap:
    """A stretch of an open slot in which ``missing`` people are missing."""

    slot_id: int
    line: Line
    span: Span
    missing: int
    place: int = 0  # Among those of its slot.

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"{self.slot_id}-{self.place}" if self.place else str(self.slot_id)


@dataclass(frozen=True)
class Closed:
    """A slot with nobody on purpose."""

    slot_id: int
    line: Line
    span: Span
    message: str


Stretch = Duty | Gap | Closed


@dataclass(frozen=True)
class Relayed:
    """A stretch of an absence: ``relay`` is who really stands in, None when nobody does.

    ``relays`` are the people tried to find them, in order.
    """

    span: Span
    relays: tuple[Relayer, ...]
    relay: Relayer | None

    @property
    def has_closed(self) -> bool:
        """Whether a structure was tried that is closed then."""
        return any(relay.id < 0 and relay != self.relay for relay in self.relays)

    @property
    def is_broken(self) -> bool:
        """Whether relays were named, and none of them is there."""
        return self.relay is None and bool(self.relays)


@dataclass(frozen=True)
class Away:
    """Somebody is absent during ``span``; of days off week by week, on one of them. ``key`` names it for ever.

    ``stretches`` cover all of it in time order, whatever part of it was asked
    for: who stands in, from one change to the next.
    """

    absence_id: int
    key: str
    person: Colleague
    is_weekly: bool
    span: Span
    note: str
    stretches: tuple[Relayed, ...]
    declined: tuple[Relayer, ...] = ()  # Those who said that they cannot.

    @property
    def has_named(self) -> bool:
        """Whether anybody was named to stand in, whatever became of it."""
        return bool(self.declined or self.stretches[0].relays)

    def at(self, moment: datetime) -> Relayed:
        """Who stands in at ``moment``; before it begins, at first, and after it, at last."""
        return next((each for each in self.stretches if moment < each.span.end), self.stretches[-1])

    def after(self, moment: datetime) -> tuple[Relayed, ...]:
        """The stretches that are not over at ``moment``."""
        return tuple(each for each in self.stretches if moment < each.span.end)


@dataclass(frozen=True)
class Cover:
    """Somebody stands in during a stretch of another's absence, perhaps through a third one's."""

    away: Away
    span: Span


@dataclass(frozen=True)
class Roster:
    """The resolved picture of a span, each list in time order."""

    duties: tuple[Duty, ...]
    gaps: tuple[Gap, ...]
    closed: tuple[Closed, ...]
    aways: tuple[Away, ...]
    covers: tuple[Cover, ...] = ()  # Of one person alone: for whom they stand in.
    said: Mapping[int, str] = field(default_factory=dict)  # Of open slots at other hours, by slot: why.

    @property
    def stretches(self) -> list[Stretch]:
        """Duties, gaps and closed slots together, in time order."""
        every: list[Stretch] = [*self.duties, *self.gaps, *self.closed]
        return sorted(every, key=lambda stretch: stretch.span)
