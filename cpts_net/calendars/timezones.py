"""VTIMEZONE components with rules that repeat for ever, read from the footer of tzdata's files.

Lists of single dates (RDATE) are what libraries write; Outlook ignores them
and is an hour off.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
LAST_WEEK = 5
FIRST_YEAR = 1970
_NAME, _OFFSET = r"<[^>]+>|[A-Za-z]+", r"[+-]?\d+(?::\d+){0,2}"
_RULE = rf"M(\d+)\.(\d)\.(\d)(?:/({_OFFSET}))?"
_FOOTER = re.compile(rf"({_NAME})({_OFFSET})(?:({_NAME})({_OFFSET})?,{_RULE},{_RULE})?")


class RuleUnknown(ValueError):
    """A time zone whose changes do not fit the rules that every calendar reads."""


@dataclass(frozen=True)
class Change:
    """The n-th weekday of a month at a local time; week 5 is the last, day 0 a Sunday."""

    month: int
    week: int
    weekday: int
    at: timedelta

    @property
    def recurrence(self) -> str:
        place = -1 if self.week == LAST_WEEK else self.week
        return f"RRULE:FREQ=YEARLY;BYMONTH={self.month};BYDAY={place}{DAYS[self.weekday]}"

    @property
    def first(self) -> datetime:
        """The first such moment of the Unix era, by the wall clock that it ends."""
        following = date(FIRST_YEAR + self.month // 12, self.month % 12 + 1, 1)
        days = [date(FIRST_YEAR, self.month, 1)]
        while (tomorrow := days[-1] + timedelta(days=1)) < following:
            days.append(tomorrow)
        matching = [day for day in days if day.isoweekday() % 7 == self.weekday]
        chosen = matching[-1] if self.week == LAST_WEEK else matching[self.week - 1]
        return datetime.combine(chosen, time()) + self.at


@cache
def vtimezone(key: str) -> tuple[str, ...]:
    """The lines of the VTIMEZONE of a zone.

    Raises:
        RuleUnknown: for a zone that changes at an hour of another day.
    """
    footer = (files("tzdata") / "zoneinfo" / key).read_bytes().rsplit(b"\n", 2)[1].decode()
    match = _FOOTER.fullmatch(footer)
    if match is None:
        raise RuleUnknown(footer)
    name, offset, summer, summer_offset, *rules = match.groups()
    standard = -_duration(offset)
    if summer is None:
        return _component(key, _observance("STANDARD", name, standard, standard, None))
    shifted = -_duration(summer_offset) if summer_offset else standard + timedelta(hours=1)
    return _component(
        key,
        _observance("DAYLIGHT", summer, standard, shifted, _change(*rules[:4])),
        _observance("STANDARD", name, shifted, standard, _change(*rules[4:])),
    )


def _component(key: str, *observances: tuple[str, ...]) -> tuple[str, ...]:
    inner = (line for observance in observances for line in observance)
    return ("BEGIN:VTIMEZONE", f"TZID:{key}", *inner, "END:VTIMEZONE")


def _observance(kind: str, name: str, before: timedelta, after: timedelta, change: Change | None) -> tuple[str, ...]:
    start = change.first if change else datetime(FIRST_YEAR, 1, 1)  # noqa: DTZ001  Local, as the format wants.
    return (
        f"BEGIN:{kind}",
        f"DTSTART:{start:%Y%m%dT%H%M%S}",
        *([change.recurrence] if change else ()),
        f"TZOFFSETFROM:{_signed(before)}",
        f"TZOFFSETTO:{_signed(after)}",
        f"TZNAME:{name.strip('<>')}",
        f"END:{kind}",
    )


def _change(month: str, week: str, weekday: str, at: str | None) -> Change:
    hour = _duration(at or "2")
    if not timedelta(0) <= hour < timedelta(days=1):
        raise RuleUnknown(at)
    return Change(int(month), int(week), int(weekday), hour)


def _duration(text: str) -> timedelta:
    hours, minutes, seconds = ([int(part) for part in text.lstrip("+-").split(":")] + [0, 0])[:3]
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -length if text.startswith("-") else length


def _signed(offset: timedelta) -> str:
    minutes = abs(offset) // timedelta(minutes=1)
    return f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02}{minutes % 60:02}"
