"""Four weeks of everybody, people by days: pure values, no database, no Flask."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from itertools import groupby

from cpts_net.continuity.roster import Away, Colleague, Duty, Relayed, Roster
from cpts_net.directory.trades import Trade, group_of
from cpts_net.spans import Span, days_span, union

WEEKS = 4
DAYS = 7 * WEEKS
AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Weeks:
    """Four weeks, from a Monday on."""

    first: date

    @classmethod
    def around(cls, day: date) -> "Weeks":
        """Those that begin with the week of ``day``."""
        return cls(day - timedelta(days=day.weekday()))

    @property
    def last(self) -> date:
        """Their last Sunday."""
        return self.first + timedelta(days=DAYS - 1)

    @property
    def next(self) -> "Weeks":
        return Weeks(self.first + timedelta(days=DAYS))

    @property
    def previous(self) -> "Weeks":
        return Weeks(self.first - timedelta(days=DAYS))

    @property
    def days(self) -> list[date]:
        """Every day, in order."""
        return [self.first + timedelta(days=ahead) for ahead in range(DAYS)]

    def span(self, zone: tzinfo) -> Span:
        """Their instants, in local time of ``zone``."""
        return days_span(self.first, self.last, zone)

    def __str__(self) -> str:
        return self.first.isoformat()


class Kind(StrEnum):
    """What a bar is."""

    AWAY = "away"
    DUTY = "duty"
    MEETING = "meeting"  # In the reader's own row alone.


@dataclass(frozen=True)
class Bar:
    """Something that somebody has on some days, all of it: where it begins or ends outside of what is shown too."""

    kind: Kind
    span: Span
    first: int  # The days that it takes, counted from the first one shown; both included.
    last: int
    label: str = ""  # Of a duty its line, of a meeting its title.
    seeks: bool = False  # Of a duty: the holder is away, and somebody else is looked for.
    times: tuple[Span, ...] = ()  # Of duties on a line that begin on one day: when, as few stretches as there are.
    stretches: tuple[Relayed, ...] = ()  # Of an absence: who stands in.

    def on(self, day: int) -> bool:
        """Whether it takes a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Cell:
    """Days beside each other on which the same bars are."""

    first: int
    length: int
    bars: tuple[Bar, ...]

    def comes_from(self, bar: Bar) -> bool:
        """Whether the bar was there on the day before."""
        return bar.first < self.first

    def goes_on(self, bar: Bar) -> bool:
        """Whether the bar is there on the day after."""
        return bar.last >= self.first + self.length


@dataclass(frozen=True)
class Row:
    """Somebody who has something in these weeks."""

    person: Colleague
    bars: tuple[Bar, ...]

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All days; only what is the same absence on several is one cell."""
        on_days = [tuple(bar for bar in self.bars if bar.on(day)) for day in range(DAYS)]
        return tuple(_cells(on_days))


def _cells(on_days: Sequence[tuple[Bar, ...]]) -> Iterator[Cell]:
    day = 0
    for bars, alike in groupby(on_days):
        length = sum(1 for _ in alike)
        if bars:
            yield Cell(day, length, bars)
        else:
            yield from (Cell(each, 1, ()) for each in range(day, day + length))
        day += length


@dataclass(frozen=True)
class Group:
    """Those of one group of trades."""

    trade: Trade
    rows: tuple[Row, ...]


def groups(roster: Roster, weeks: Weeks, zone: tzinfo) -> tuple[Group, ...]:
    """Whoever has something in the weeks, from the roster of ``weeks.span(zone)``; by trade, then by name."""
    bars: dict[int, list[Bar]] = defaultdict(list)
    people: dict[int, Colleague] = {}
    for person, bar in _bars(roster, weeks, zone):
        people[person.id] = person
        bars[person.id].append(bar)
    rows = [Row(person, tuple(sorted(bars[each], key=_order))) for each, person in people.items()]
    by_trade: dict[Trade, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.person.sort_key):
        by_trade[group_of(row.person.trade)].append(row)
    return tuple(Group(trade, tuple(by_trade[trade])) for trade in sorted(by_trade, key=lambda each: each.sort_key))


def meeting_bars(meetings: Iterable[tuple[str, Span]], weeks: Weeks, zone: tzinfo) -> tuple[Bar, ...]:
    """The reader's own meetings, each on the day on which it begins."""
    found = (_bar(Kind.MEETING, span, weeks, zone, is_of_a_day=True, label=title) for title, span in meetings)
    return tuple(bar for bar in found if bar)


def with_bars(row: Row, bars: Iterable[Bar]) -> Row:
    """The row with more bars in it."""
    return Row(row.person, tuple(sorted([*row.bars, *bars], key=_order)))


def _bars(roster: Roster, weeks: Weeks, zone: tzinfo) -> Iterator[tuple[Colleague, Bar]]:
    for away in roster.aways:
        if bar := _away_bar(away, weeks, zone):
            yield away.person, bar
    for duties in _of_a_day(roster.duties, zone):
        if bar := _duty_bar(duties, weeks, zone):
            yield duties[0].holder, bar


def _away_bar(away: Away, weeks: Weeks, zone: tzinfo) -> Bar | None:
    return _bar(Kind.AWAY, away.span, weeks, zone, stretches=away.stretches)


def _of_a_day(duties: Iterable[Duty], zone: tzinfo) -> Iterable[Sequence[Duty]]:
    """What somebody serves of a line on one day is one bar, however many slots it is."""
    found: dict[tuple[int, int, bool, date], list[Duty]] = defaultdict(list)
    for duty in duties:
        day = duty.span.start.astimezone(zone).date()
        found[duty.holder.id, duty.line.id, duty.seeks, day].append(duty)
    return found.values()


def _duty_bar(duties: Sequence[Duty], weeks: Weeks, zone: tzinfo) -> Bar | None:
    """A night belongs to the day on which it begins."""
    times = tuple(union(duty.span for duty in duties))
    label, seeks = duties[0].line.name, duties[0].seeks
    return _bar(Kind.DUTY, times[0], weeks, zone, is_of_a_day=True, label=label, seeks=seeks, times=times)


def _bar(
    kind: Kind, span: Span, weeks: Weeks, zone: tzinfo, *, is_of_a_day: bool = False, **values: object
) -> Bar | None:
    """On the days that it takes; None where none of them is shown."""
    first = (span.start.astimezone(zone).date() - weeks.first).days
    last = first if is_of_a_day else ((span.end - AN_INSTANT).astimezone(zone).date() - weeks.first).days
    return Bar(kind, span, first, last, **values) if first < DAYS and last >= 0 else None  # type: ignore[arg-type]


def _order(bar: Bar) -> tuple[int, Span, str]:
    return 0 if bar.kind is Kind.AWAY else 1, bar.span, bar.label
