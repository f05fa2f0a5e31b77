"""One's own weeks as a grid of days: what is on each, as the cell of a table shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from cpts_net.calendars.items import EntryKind, Item

WEEK = timedelta(weeks=1)
A_DAY = timedelta(days=1)
SATURDAY = 5
LONG = (EntryKind.ABSENCE, EntryKind.COVER)  # What lasts for days, and is drawn through all of them.


@dataclass(frozen=True)
class Mark:
    """An entry on one day.

    What lasts for several is one bar in each week: ``runs`` says over how many days it goes from here
    on, 0 where it began on a day before; ``is_first`` and ``is_last`` whether it begins and ends with it.
    """

    item: Item
    is_first: bool
    is_last: bool
    runs: int = 1

    @property
    def start(self) -> datetime | None:
        """When it begins, for what has an hour on this day."""
        return self.item.span.start if self.item.kind not in LONG else None


@dataclass(frozen=True)
class GridDay:
    """A cell: ``listed`` is the day under which the list says what is on it, None where nothing is.

    A mark may be None: its height is that of a bar of the days beside it.
    """

    day: date
    marks: tuple[Mark | None, ...]
    is_past: bool
    is_today: bool
    holiday: str
    listed: date | None

    @property
    def is_rest(self) -> bool:
        """Whether most people have the day off."""
        return self.day.weekday() >= SATURDAY or bool(self.holiday)


def weeks(
    items: Iterable[Item], today: date, last: date, holidays: Mapping[date, str], zone: tzinfo
) -> list[Sequence[GridDay]]:
    """Whole weeks, from the Monday before ``today`` to the Sunday after ``last``; what lies before today is empty."""
    marks = _marks(items, today, zone)
    monday = today - timedelta(days=today.weekday())
    number = (last - monday).days // 7 + 1

    def cell(day: date) -> GridDay:
        on_it = marks.get(day, ())
        # Under its own date, where something begins; else where what lasts began.
        listed = max((max(mark.item.span.start.astimezone(zone).date(), today) for mark in on_it), default=None)
        return GridDay(day, tuple(on_it), day < today, day == today, holidays.get(day, ""), listed)

    return [_at_one_height([cell(monday + week * WEEK + each * A_DAY) for each in range(7)]) for week in range(number)]


def _at_one_height(week: Iterable[GridDay]) -> list[GridDay]:
    """The days of a week in which each bar runs through at one height, the first that is free where it begins."""
    bars: list[str] = []
    found = []
    for cell in week:
        long = {mark.item.uid: mark for mark in cell.marks if mark and mark.item.kind in LONG}
        bars = _heights(bars, long)
        short = [mark for mark in cell.marks if mark and mark.item.uid not in long]
        found.append(replace(cell, marks=(*(long.get(uid) for uid in bars), *short)))
    return found


def _heights(before: Iterable[str], on_it: Iterable[str]) -> list[str]:
    """What lies at which height of a day, by UID, after those of the day before; empty: nothing does."""
    heights = [uid if uid in on_it else "" for uid in before]
    for uid in on_it:
        if uid not in heights:
            heights = [*heights, ""]
            heights[heights.index("")] = uid
    while heights and not heights[-1]:
        heights.pop()
    return heights


def _marks(items: Iterable[Item], today: date, zone: tzinfo) -> dict[date, list[Mark]]:
    """By day; what lasts for days comes first, so that its bar runs through at one height."""
    found: dict[date, list[Mark]] = {}
    for item in sorted(items, key=lambda each: each.kind not in LONG):
        first = item.span.start.astimezone(zone).date()
        last = (item.span.end - timedelta(microseconds=1)).astimezone(zone).date() if item.kind in LONG else first
        if item.kind not in LONG:
            first = last = max(first, today)
        for number in range((last - max(first, today)).days + 1):
            day = max(first, today) + number * A_DAY
            begins = number == 0 or day.weekday() == 0
            runs = min((last - day).days, 6 - day.weekday()) + 1 if begins else 0
            ends = day + max(runs - 1, 0) * A_DAY
            found.setdefault(day, []).append(Mark(item, day == first, ends == last, runs))
    return found
