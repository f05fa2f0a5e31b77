"""The week that opening hours make: the slots that they would open, as bars on the seven days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from cpts_net import clock
from cpts_net.oncall.cutting import Terms, Wanted, fit
from cpts_net.oncall.generation import wanted_slots
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.rules import HolidayRule, slot_spans
from cpts_net.oncall.versions import Version
from cpts_net.spans import Span, days_span

A_DAY = timedelta(days=1)
A_WEEK = 7 * A_DAY
MINUTES_OF_DAY = 24 * 60
SHORT = 90  # Minutes; a bar below has no room for a number of its own.
WEEKS_SEARCHED = 53


class Bar(NamedTuple):
    """What of a slot lies on one day, in minutes of that day.

    ``fewest`` is how many people it needs, ``elsewhere`` how many minutes of it lie on another day.
    """

    start: int
    end: int
    fewest: int
    elsewhere: int = 0

    @property
    def left(self) -> str:
        """Where it begins on the day, as a share of it."""
        return _share(self.start)

    @property
    def width(self) -> str:
        """How much of the day it takes."""
        return _share(self.end - self.start)

    @property
    def middle(self) -> str:
        """Where its number stands."""
        return _share((self.start + self.end) / 2)


class Run(NamedTuple):
    """Slots that follow each other and need as many people."""

    span: Span
    slots: int
    fewest: int


@dataclass(frozen=True)
class WeekDay:
    """The bars of a day, the numbers that stand in them, and in words what begins on it."""

    day: date
    bars: tuple[Bar, ...]
    runs: tuple[Run, ...]

    @property
    def numbers(self) -> list[Bar]:
        """The bars with a number; short ones side by side share one, and a night's short end has none."""
        found: list[Bar] = []
        before: Bar | None = None
        for bar in self.bars:
            if before and _share_a_number(before, bar):
                found[-1] = Bar(found[-1].start, bar.end, bar.fewest)
            else:
                found.append(bar)
            before = bar
        return [bar for bar in found if bar.end - bar.start >= min(SHORT, bar.elsewhere)]


@dataclass(frozen=True)
class Week:
    """The days from ``monday``, and what opens on a public holiday."""

    monday: date
    days: tuple[WeekDay, ...]
    holiday: WeekDay

    @property
    def slots(self) -> int:
        """How many slots begin in it."""
        return sum(run.slots for day in self.days for run in day.runs)


def ordinary_monday(hours: Sequence[Version], today: date) -> date:
    """The first week in which all ``hours`` have begun, and which has no public holiday and no clock change."""
    begins = max([today, *(each.valid_from for each in hours)])
    first = begins + A_DAY * (-begins.weekday() % 7)
    mondays = (first + A_WEEK * number for number in range(WEEKS_SEARCHED))
    return next((monday for monday in mondays if _is_ordinary(monday)), first)


def week_of(hours: Sequence[Version], monday: date) -> Week:
    """The slots that a line with these hours has in a week; a night is on both its days."""
    zone = clock.zone()
    window = days_span(monday, monday + A_WEEK - A_DAY, zone)
    slots = fit(wanted_slots(hours, (), window), []).slots
    days = tuple(_week_day(monday + number * A_DAY, slots) for number in range(7))
    return Week(monday, days, _week_day(monday, _on_a_holiday(hours, monday)))


def _is_ordinary(monday: date) -> bool:
    week = days_span(monday, monday + A_WEEK - A_DAY, clock.zone())
    return week.duration == A_WEEK and not public_holidays(monday - A_DAY, monday + A_WEEK - A_DAY)


def _on_a_holiday(hours: Sequence[Version], day: date) -> list[Wanted]:
    """What opens whatever the weekday of the holiday is."""
    wanted = [
        Wanted(span, Terms(each.seats_min, each.seats_max, each.weight), each.slot_minutes)
        for each in hours
        if each.holidays == HolidayRule.ALSO
        for span in slot_spans(each, day, day, clock.zone(), {day})
    ]
    return fit(wanted, []).slots


def _week_day(day: date, slots: Sequence[Wanted]) -> WeekDay:
    own = [slot for slot in slots if slot.span.start.astimezone(clock.zone()).date() == day]
    return WeekDay(day, tuple(_bars(day, slots)), tuple(_runs(own)))


def _bars(day: date, slots: Sequence[Wanted]) -> Iterator[Bar]:
    for slot in slots:
        start, end = (_minute(day, edge) for edge in (slot.span.start, slot.span.end))
        if start < end:
            whole = slot.span.duration // timedelta(minutes=1)
            yield Bar(start, end, slot.terms.fewest, whole - (end - start))


def _minute(day: date, moment: datetime) -> int:
    """The minute of ``day`` on the wall, or the edge of the day beyond which the moment is."""
    wall = moment.astimezone(clock.zone()).replace(tzinfo=None)
    minutes = (wall - datetime.combine(day, time(0))) // timedelta(minutes=1)
    return min(max(minutes, 0), MINUTES_OF_DAY)


def _runs(slots: Sequence[Wanted]) -> list[Run]:
    runs: list[Run] = []
    for slot in slots:
        last = runs[-1] if runs else None
        if last and (last.span.end, last.fewest) == (slot.span.start, slot.terms.fewest):
            runs[-1] = Run(Span(last.span.start, slot.span.end), last.slots + 1, last.fewest)
        else:
            runs.append(Run(slot.span, 1, slot.terms.fewest))
    return runs


def _share_a_number(one: Bar, other: Bar) -> bool:
    are_short = max(one.end - one.start, other.end - other.start) < SHORT and not one.elsewhere and not other.elsewhere
    return are_short and (one.end, one.fewest) == (other.start, other.fewest)


def _share(minutes: float) -> str:
    return f"{100 * minutes / MINUTES_OF_DAY:.3f}%"
