"""One's own weeks as a grid of days: what is on each, as the cell of a table shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from cpts_net.calendars.items import EntryKind, Item

WEEK = timedelta(weeks=1)
A_DAY = timedelta(days=1)
SATURDAY = 5
LONG = (EntryKind.ABSENCE, EntryKind.COVER)  # What lasts for days, and is drawn through all of them.


@dataclass(frozen=True)
class Mark:
    """An entry on one day; the first and the last day of what lasts for several are its ends."""

    item: Item
    is_first: bool
    is_last: bool

    @property
    def start(self) -> datetime | None:
        """When it begins, for what has an hour on this day."""
        return self.item.span.start if self.item.kind not in LONG else None


@dataclass(frozen=True)
class GridDay:
    """A cell: ``listed`` is the day under which the list says what is on it, None where nothing is."""

    day: date
    marks: tuple[Mark, ...]
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
        on_it = tuple(marks.get(day, ()))
        # Under its own date, where something begins; else where what lasts began.
        listed = max((max(mark.item.span.start.astimezone(zone).date(), today) for mark in on_it), default=None)
        return GridDay(day, on_it, day < today, day == today, holidays.get(day, ""), listed)

    return [[cell(monday + week * WEEK + each * A_DAY) for each in range(7)] for week in range(number)]


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
            found.setdefault(day, []).append(Mark(item, day == first, day == last))
    return found
