"""A month of a duty line, as its page shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from cpts_net.leave.models import Absence
from cpts_net.leave.rules import absence_span
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.spans import Span, days_span

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)
NIGHT_STARTS, NIGHT_ENDS = time(20), time(7)
SUNDAY = 6


@dataclass(frozen=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def of(cls, text: str, today: date) -> "Month":
        """The month that an address names, « 2026-12 »; the present one when it names none."""
        found = MONTH.fullmatch(text)
        return cls(date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1))

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Month":
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def previous(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    def span(self, zone: tzinfo) -> Span:
        """The instants of the month, in local time of ``zone``."""
        return days_span(self.first, self.last, zone)

    def __str__(self) -> str:
        return self.first.strftime("%Y-%m")


@dataclass(frozen=True)
class MonthReader:
    """Who looks: what they hold and when they are away; a stranger to the line has neither."""

    may_serve: bool
    seats: Sequence[DutySeat]
    absences: Sequence[Absence]


@dataclass(frozen=True)
class Place:
    """One slot, and what the reader may do with it."""

    slot: DutySlot
    mine: DutySeat | None
    other_duty: DutySeat | None  # The reader's, at the same time on another line or slot.
    is_reader_away: bool
    free: int
    missing: int
    is_over: bool
    is_under_way: bool
    is_night: bool
    may_take: bool

    @property
    def is_closed(self) -> bool:
        return self.slot.state == SlotState.CLOSED


@dataclass(frozen=True)
class MonthDay:
    """The slots that begin on one local date."""

    day: date
    holiday: str
    places: tuple[Place, ...]

    @property
    def is_sunday(self) -> bool:
        return self.day.weekday() == SUNDAY

    @property
    def free(self) -> int:
        return sum(place.free for place in self.places)

    @property
    def mine(self) -> int:
        return sum(place.mine is not None for place in self.places)

    @property
    def is_over(self) -> bool:
        return all(place.is_over for place in self.places)


def days_of(
    slots: Sequence[DutySlot],
    line: DutyLine,
    reader: MonthReader,
    holidays: dict[date, str],
    now: datetime,
    zone: tzinfo,
) -> list[MonthDay]:
    """The days on which a slot begins, in time order."""
    by_day: dict[date, list[Place]] = {}
    for slot in slots:
        day = slot.starts_at.astimezone(zone).date()
        by_day.setdefault(day, []).append(_place(slot, line, reader, now, zone))
    return [MonthDay(day, holidays.get(day, ""), tuple(places)) for day, places in sorted(by_day.items())]


def _place(slot: DutySlot, line: DutyLine, reader: MonthReader, now: datetime, zone: tzinfo) -> Place:
    span = Span(slot.starts_at, slot.ends_at)
    held = next((seat for seat in reader.seats if Span(seat.slot.starts_at, seat.slot.ends_at).overlaps(span)), None)
    is_mine = held is not None and held.slot_id == slot.id
    is_away = any(absence_span(absence, zone).overlaps(span) for absence in reader.absences)
    is_over, is_open = slot.ends_at <= now, slot.state == SlotState.OPEN
    free = max(0, line.seats_max - len(slot.seats)) if is_open and not is_over else 0
    return Place(
        slot=slot,
        mine=held if is_mine else None,
        other_duty=None if is_mine else held,
        is_reader_away=is_away,
        free=free,
        missing=max(0, line.seats_min - len(slot.seats)) if free else 0,
        is_over=is_over,
        is_under_way=slot.starts_at <= now < slot.ends_at,
        is_night=_is_night(slot.starts_at.astimezone(zone).time()),
        may_take=bool(free) and reader.may_serve and held is None and not is_away,
    )


def _is_night(start: time) -> bool:
    return start >= NIGHT_STARTS or start < NIGHT_ENDS
