"""What an absence covers, and who stands in for whom."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple, Protocol

from cpts_net.spans import Span, local_instant

NOON = time(12)
MIDNIGHT = time(0)
SUNDAY = 6
LONGEST = timedelta(days=366)
OLDEST = timedelta(days=366)


class Answer(StrEnum):
    """What a relay said; until then they stand in."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Asks(StrEnum):
    """Who of several relays is asked: those on whom something falls, or all of them at once."""

    IN_ORDER = "in_order"
    AT_ONCE = "at_once"


class Outsider(NamedTuple):
    """Somebody who stands in and is not of the community; the number as ``phones`` keeps it."""

    name: str
    phone: str


class Days(Protocol):
    """The days of an absence, both included, perhaps without a half at either edge."""

    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date: ...
    @property
    def from_noon(self) -> bool: ...
    @property
    def until_noon(self) -> bool: ...


@dataclass(frozen=True)
class Declaration:
    """What somebody says of an absence; its days are some that an absence can have, or it does not come to be.

    Raises:
        DaysReversed, NothingLeft, TooLong: the first rule that its days break.
    """

    first_day: date
    last_day: date
    from_noon: bool = False
    until_noon: bool = False
    note: str = ""
    relay_ids: tuple[int, ...] = ()  # In the order in which they are asked.
    outsider: Outsider | None = None  # After those, and always there; a line likewise.
    line_id: int | None = None
    structure_id: int | None = None  # Right after the people.
    asks: Asks = Asks.IN_ORDER

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise DaysReversed
        if self.first_day == self.last_day and self.from_noon and self.until_noon:
            raise NothingLeft
        if self.last_day - self.first_day >= LONGEST:
            raise TooLong


class LeaveOverlaps(Exception):
    """The member is already absent on some of these days; carries that absence."""

    def __init__(self, other: Days) -> None:
        super().__init__(f"{other.first_day} – {other.last_day}")
        self.other = other


class AbsenceGone(LookupError):
    """There is no such absence, or it was cancelled."""


class AbsenceChanged(Exception):
    """Somebody changed the absence since it was seen."""


class RelayRefused(ValueError):
    """Somebody who cannot stand in: the absent member, or nobody that the directory knows."""


class AnswerTooLate(Exception):
    """The absence is over or was taken back, or the relay is not asked any more."""


class RelayAway(Exception):
    """Somebody who is chosen to stand in is away too; carries who, that absence, and whether they name the absent person."""

    def __init__(self, person_id: int, absence: Days, *, is_circle: bool = False) -> None:
        super().__init__(f"{absence.first_day} – {absence.last_day}")
        self.person_id, self.absence, self.is_circle = person_id, absence, is_circle


class DaysRefused(ValueError):
    """The days cannot be those of an absence."""


class DaysReversed(DaysRefused):
    """The last day is before the first."""


class NothingLeft(DaysRefused):
    """A single day that starts at noon and ends at noon."""


class TooLong(DaysRefused):
    """More than a year."""


class TooOld(DaysRefused):
    """Begins more than a year ago."""


def check_age(days: Days, today: date) -> None:
    """Refuse an absence that began so long ago that the year must be a slip.

    Raises:
        TooOld: when it began more than a year before ``today``.
    """
    if days.first_day < today - OLDEST:
        raise TooOld


def as_seen(days: Days, note: str, relay_ids: Iterable[int | str | None]) -> str:
    """What somebody who changes an absence has seen of it, in sixteen letters: the same as long as it stands."""
    edges = f"{days.first_day} {days.last_day} {bool(days.from_noon)} {bool(days.until_noon)}"
    return hashlib.sha256(f"{edges} {list(relay_ids)}\n{note}".encode()).hexdigest()[:16]


def check_seen(seen: str | None, as_it_stands: str) -> None:
    """Refuse what is said of an absence as it no longer is; None: nothing was seen.

    Raises:
        AbsenceChanged: when something else was seen.
    """
    if seen not in {None, as_it_stands}:
        raise AbsenceChanged


def absence_span(absence: Days, zone: tzinfo) -> Span:
    """The instants during which the member is away; noon is noon in ``zone``."""
    start = local_instant(absence.first_day, NOON if absence.from_noon else MIDNIGHT, zone)
    if absence.until_noon:
        return Span(start, local_instant(absence.last_day, NOON, zone))
    return Span(start, local_instant(absence.last_day + timedelta(days=1), MIDNIGHT, zone))


def worst_day(wanted: Days, others: Iterable[Days], rest: Collection[date] = ()) -> tuple[date, int]:
    """The first day of ``wanted`` on which most of ``others`` are away at the same time, and how many.

    Halves are told apart: a morning and an afternoon of one colleague, or of
    two, never make two. A Sunday or a day of ``rest`` (public holidays) is
    named only when no other day is as bad: nobody is missed on it.
    """
    halves = _halves(wanted)
    away = Counter(half for other in others for half in _common(halves, _halves(other)))
    most = Counter[int]()
    for half in halves:
        most[half // 2] = max(most[half // 2], away[half])
    days = [(date.fromordinal(number), count) for number, count in most.items()]
    return max(days, key=lambda each: (each[1], each[0].weekday() != SUNDAY and each[0] not in rest))


def _halves(days: Days) -> range:
    """The half days away, numbered from the beginning of the calendar: two for each day."""
    return range(2 * days.first_day.toordinal() + days.from_noon, 2 * days.last_day.toordinal() + 2 - days.until_noon)


def _common(some: range, others: range) -> range:
    return range(max(some.start, others.start), min(some.stop, others.stop))
