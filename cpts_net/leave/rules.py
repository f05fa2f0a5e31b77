"""What an absence covers, and who stands in for whom."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple, Protocol

from cpts_net.spans import Span, local_instant

NOON = time(12)
MIDNIGHT = time(0)
SUNDAY = 6
A_DAY = timedelta(days=1)
OPEN_END = date(2999, 12, 30)  # Of weekly days off that go on; zones have a midnight then.
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
    """The days of an absence, both included; local times cut the first and the last one.

    Or, where there are ``weekdays`` ("0".."6", Monday first), days off week by
    week: from the first day on, perhaps without last one, and the times hold on
    each of them.
    """

    @property
    def first_day(self) -> date: ...
    @property
    def last_day(self) -> date | None: ...
    @property
    def weekdays(self) -> str: ...
    @property
    def from_time(self) -> time | None: ...
    @property
    def until_time(self) -> time | None: ...


@dataclass(frozen=True)
class Declaration:
    """What somebody says of an absence; its days are some that an absence can have, or it does not come to be.

    Raises:
        DaysReversed, NothingLeft, TooLong: the first rule that its days break.
    """

    first_day: date
    last_day: date | None  # None for weekly days off that go on.
    from_time: time | None = None  # On the first day; empty: from its midnight.
    until_time: time | None = None  # On the last day; empty: to its end.
    note: str = ""
    relay_ids: tuple[int, ...] = ()  # In the order in which they are asked.
    outsider: Outsider | None = None  # After those, and always there; a line likewise.
    line_id: int | None = None
    structure_id: int | None = None  # Right after the people.
    weekdays: str = ""
    asks: Asks = Asks.IN_ORDER

    def __post_init__(self) -> None:
        if self.last_day and self.last_day < self.first_day:
            raise DaysReversed
        if (
            (self.weekdays or self.first_day == self.last_day)
            and self.until_time
            and self.until_time <= (self.from_time or MIDNIGHT)
        ):
            raise NothingLeft
        if self.weekdays and self.last_day and not _has_one_of(self.weekdays, self.first_day, self.last_day):
            raise NoneOfTheDays
        if not self.weekdays and (self.last_day is None or self.last_day - self.first_day >= LONGEST):
            raise TooLong


def _has_one_of(weekdays: str, first: date, last: date) -> bool:
    some = range(first.toordinal(), min(last.toordinal(), first.toordinal() + SUNDAY) + 1)
    return any(str(date.fromordinal(number).weekday()) in weekdays for number in some)


class LeaveOverlaps(Exception):
    """The member is already absent on some of these days; carries that absence."""

    def __init__(self, other: Days) -> None:
        super().__init__(f"{other.first_day} – {other.last_day}")
        self.other = other


class AbsenceGone(LookupError):
    """There is no such absence, or it was cancelled."""


class AbsenceChanged(Exception):
    """Somebody changed the absence since it was seen."""


class NotUnderWay(Exception):
    """The absence has not begun, or is over: there is nothing to end."""


class RelayRefused(ValueError):
    """Somebody who cannot stand in: the absent member, or nobody that the directory knows."""


class AnswerTooLate(Exception):
    """The absence is over or was taken back, or the relay is not asked any more."""


class AnsweredBefore(Exception):
    """Somebody else of the structure has answered for it."""


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
    """A single day that ends before it begins, or while it does."""


class NoneOfTheDays(DaysRefused):
    """Weekly days off of which none lies between the first and the last day."""


class NotOneOfItsDays(DaysRefused):
    """An exception on a day that is none of the weekly days off to come."""


class TooLong(DaysRefused):
    """More than a year."""


class TooOld(DaysRefused):
    """Begins more than a year ago."""


def check_age(days: Days, today: date) -> None:
    """Refuse an absence that began so long ago that the year must be a slip; weekly days off go on for years.

    Raises:
        TooOld: when it began more than a year before ``today``.
    """
    if days.first_day < today - OLDEST and not days.weekdays:
        raise TooOld


def as_seen(days: Days, note: str, relay_ids: Iterable[int | str | None]) -> str:
    """What somebody who changes an absence has seen of it, in sixteen letters: the same as long as it stands."""
    edges = f"{days.first_day} {days.last_day} {days.from_time} {days.until_time} {days.weekdays}"
    return hashlib.sha256(f"{edges} {list(relay_ids)}\n{note}".encode()).hexdigest()[:16]


def check_seen(seen: str | None, as_it_stands: str) -> None:
    """Refuse what is said of an absence as it no longer is; None: nothing was seen.

    Raises:
        AbsenceChanged: when something else was seen.
    """
    if seen not in {None, as_it_stands}:
        raise AbsenceChanged


def absence_span(absence: Days, zone: tzinfo) -> Span:
    """The instants during which the member is away; the times are those of ``zone``.

    Of weekly days off, all the time from the first to the last of them.

    Raises:
        NothingLeft: for times between which the clocks jump.
    """
    last = absence.last_day or OPEN_END
    is_weekly = bool(absence.weekdays)
    start = local_instant(absence.first_day, MIDNIGHT if is_weekly else absence.from_time or MIDNIGHT, zone)
    if absence.until_time and not is_weekly:
        end = local_instant(last, absence.until_time, zone)
    else:
        end = local_instant(last + A_DAY, MIDNIGHT, zone)
    if end <= start:
        raise NothingLeft
    return Span(start, end)


def ended(absence: Days, now: datetime, zone: tzinfo) -> tuple[date, time | None]:
    """The last day of an absence that ends now, and until when of it; to the minute that has begun.

    Of weekly days off, the one that has begun today is the last, else an earlier one.

    Raises:
        NotUnderWay: unless it began a minute ago, and is not over.
    """
    local = now.astimezone(zone).replace(second=0, microsecond=0)
    if absence.weekdays:
        return _last_day_off(absence, local), absence.until_time
    span = absence_span(absence, zone)
    is_told_apart = (local.date(), local.time()) > (absence.first_day, absence.from_time or MIDNIGHT)
    if not span.start < local < span.end or not is_told_apart:  # The clocks may have gone back in between.
        raise NotUnderWay
    if local.time() == MIDNIGHT:
        return local.date() - A_DAY, None
    return local.date(), local.time()


def _last_day_off(absence: Days, local: datetime) -> date:
    today = local.date()
    has_begun = str(today.weekday()) in absence.weekdays and (absence.from_time or MIDNIGHT) <= local.time()
    last = today if has_begun else today - A_DAY
    if not absence.first_day <= last < (absence.last_day or OPEN_END):
        raise NotUnderWay
    return last


def is_under_way(absence: Days, now: datetime, zone: tzinfo) -> bool:
    """Whether there is something to end."""
    try:
        ended(absence, now, zone)
    except NotUnderWay:
        return False
    return True


def worst_day(
    wanted: Iterable[Span], others: Iterable[Span], zone: tzinfo, rest: Collection[date] = ()
) -> tuple[date, int]:
    """The first local day in ``wanted`` on which most of ``others`` are away at the same time, and how many.

    Only those who share an instant count: a morning and an afternoon of one
    colleague, or of two, never make two. A Sunday or a day of ``rest`` (public
    holidays) is named only when no other day is as bad: nobody is missed on it.
    """
    known = [*others]
    most = Counter[date]()
    for span in wanted:
        for moment, count in _crowds(span, known, zone):
            day = moment.astimezone(zone).date()
            most[day] = max(most[day], count)
    return max(most.items(), key=lambda each: (each[1], each[0].weekday() != SUNDAY and each[0] not in rest))


def _crowds(span: Span, others: Iterable[Span], zone: tzinfo) -> Iterator[tuple[datetime, int]]:
    """How many of ``others`` are away, at each moment of ``span`` at which that changes or a local day begins."""
    steps = Counter[datetime](dict.fromkeys((span.start, *_midnights(span, zone)), 0))
    for other in others:
        if other.overlaps(span):
            steps[max(other.start, span.start)] += 1
            steps[other.end] -= 1
    count = 0
    for moment in sorted(steps):
        count += steps[moment]
        if moment < span.end:
            yield moment, count


def _midnights(span: Span, zone: tzinfo) -> Iterator[datetime]:
    day = span.start.astimezone(zone).date() + A_DAY
    while (midnight := local_instant(day, MIDNIGHT, zone)) < span.end:
        yield midnight
        day += A_DAY
