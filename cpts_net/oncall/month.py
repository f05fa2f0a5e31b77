"""A month of a duty line, as its page shows it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from cpts_net.directory.trades import Trade
from cpts_net.oncall.gaps import Lack, Room, lacks, rooms
from cpts_net.oncall.models import SlotState
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

    @staticmethod
    def is_named(text: str) -> bool:
        """Whether an address names a month, or nothing."""
        return not text or MONTH.fullmatch(text) is not None

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
class Holder:
    """Who holds a seat and when, as everybody may know them."""

    seat_id: int
    number: int
    span: Span
    id: int
    name: str
    is_hidden: bool
    trade: Trade | None = None


@dataclass(frozen=True)
class MonthSlot:
    """One slot of the line, with those who hold its seats."""

    id: int
    span: Span
    state: str
    message: str
    fewest: int
    most: int
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Place:
    """One slot at one moment, as everybody sees it."""

    slot: MonthSlot
    rooms: tuple[Room, ...]  # What may still be taken.
    lacks: tuple[Lack, ...]  # When too few serve, as far as it is to come.
    is_over: bool
    is_under_way: bool
    is_night: bool

    @property
    def is_closed(self) -> bool:
        return self.slot.state == SlotState.CLOSED

    @property
    def free(self) -> int:
        """How many may still take it, or a part of it."""
        return len(self.rooms)

    @property
    def missing(self) -> int:
        """How many are missing where most are."""
        return max((lack.missing for lack in self.lacks), default=0)

    @property
    def is_shared(self) -> bool:
        """Whether somebody holds a part of it only, so that hours have to be said."""
        return any(holder.span != self.slot.span for holder in self.slot.holders)


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
    def message(self) -> str:
        """What is said of its other hours; a closed slot says by itself why."""
        return next((place.slot.message for place in self.places if not place.is_closed and place.slot.message), "")

    @property
    def is_over(self) -> bool:
        return all(place.is_over for place in self.places)


@dataclass(frozen=True)
class Held:
    """A duty of the reader, on whichever line."""

    seat_id: int
    slot_id: int
    span: Span
    line: str  # Its name.
    slug: str  # Its name in addresses.


@dataclass(frozen=True)
class MonthReader:
    """Who looks: what they hold and when they are away; a stranger to the line has neither."""

    person_id: int
    has_trade: bool
    may_serve: bool
    duties: Sequence[Held] = ()
    absences: Sequence[Span] = ()
    days_off: Sequence[Span] = ()  # Week by week: a duty may be taken on them.


@dataclass(frozen=True)
class Own:
    """What one place is to the reader."""

    mine: Held | None
    other_duty: Held | None  # At the same time on another line or slot.
    is_away: bool
    is_off: bool  # On a weekly day off.
    may_take: bool

    @property
    def is_named(self) -> bool:
        """Whether the place reads differently to the reader, but for its button."""
        return bool(self.mine or self.other_duty or self.is_away or self.is_off)


def days_of(
    slots: Sequence[MonthSlot],
    holidays: dict[date, str],
    now: datetime,
    zone: tzinfo,
) -> list[MonthDay]:
    """The days on which a slot begins, in time order."""
    by_day: dict[date, list[Place]] = {}
    for slot in slots:
        day = slot.span.start.astimezone(zone).date()
        by_day.setdefault(day, []).append(_place(slot, now, zone))
    return [MonthDay(day, holidays.get(day, ""), tuple(places)) for day, places in sorted(by_day.items())]


def _place(slot: MonthSlot, now: datetime, zone: tzinfo) -> Place:
    is_over = slot.span.end <= now
    taken = [(holder.number, holder.span) for holder in slot.holders]
    is_wanted = slot.state == SlotState.OPEN and not is_over
    missed = lacks(slot.span, [span for _, span in taken], slot.fewest) if is_wanted else []
    return Place(
        slot=slot,
        rooms=tuple(rooms(slot.span, taken, slot.most, now)) if is_wanted else (),
        lacks=tuple(lack for lack in missed if lack.span.end > now),
        is_over=is_over,
        is_under_way=now in slot.span,
        is_night=_is_night(slot.span.start.astimezone(zone).time()),
    )


def _is_night(start: time) -> bool:
    return start >= NIGHT_STARTS or start < NIGHT_ENDS


def own(place: Place, reader: MonthReader) -> Own:
    """What the place is to the reader."""
    slot = place.slot
    held = next((duty for duty in reader.duties if duty.slot_id == slot.id), None)
    wanted = place.rooms[0].span if place.rooms else slot.span
    other = next((duty for duty in reader.duties if duty.slot_id != slot.id and duty.span.overlaps(wanted)), None)
    is_away = any(absence.overlaps(wanted) for absence in reader.absences)
    is_busy = is_away or any(duty.span.overlaps(wanted) for duty in reader.duties)
    return Own(
        mine=held,
        other_duty=None if held else other,
        is_away=is_away,
        is_off=any(off.overlaps(wanted) for off in reader.days_off),
        may_take=bool(place.rooms) and reader.may_serve and not is_busy,
    )
