"""A month of a line as a grid of days: how each slot of a day stands, as the cell of a table shows it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cpts_net.oncall.month import SUNDAY, Holder, Month, MonthDay, Place

A_DAY = timedelta(days=1)


class Stands(StrEnum):
    """How a slot stands."""

    OVER = "over"
    CLOSED = "closed"
    GAP = "gap"
    FREE = "free"
    FULL = "full"


@dataclass(frozen=True)
class Bar:
    """One slot, and who serves on it."""

    slot_id: int
    start: datetime
    stands: Stands
    is_night: bool
    free: int
    message: str
    holders: tuple[Holder, ...]

    @property
    def held_by(self) -> tuple[int, ...]:
        """Those whose cell is another one."""
        return tuple(holder.id for holder in self.holders)


@dataclass(frozen=True)
class Cell:
    """A day; one of another month fills the week and shows nothing."""

    day: date
    is_shown: bool
    is_today: bool
    is_past: bool
    holiday: str
    bars: tuple[Bar, ...] = ()

    @property
    def is_rest(self) -> bool:
        """Whether it is a Sunday or a public holiday."""
        return self.day.weekday() == SUNDAY or bool(self.holiday)

    @property
    def gaps(self) -> int:
        """How many slots have too few people."""
        return sum(bar.stands == Stands.GAP for bar in self.bars)

    @property
    def free(self) -> int:
        """How many seats are to be taken."""
        return sum(bar.free for bar in self.bars)

    @property
    def is_closed(self) -> bool:
        """Whether nothing is open on a day that has slots."""
        return bool(self.bars) and all(bar.stands == Stands.CLOSED for bar in self.bars)

    @property
    def held_by(self) -> tuple[int, ...]:
        """Those who serve on it."""
        return tuple(person for bar in self.bars for person in bar.held_by)

    @property
    def people(self) -> tuple[Holder, ...]:
        """The same, each once."""
        return tuple({holder.id: holder for bar in self.bars for holder in bar.holders}.values())

    def of(self, person_id: int) -> tuple[Bar, ...]:
        """The slots on which somebody serves."""
        return tuple(bar for bar in self.bars if person_id in bar.held_by)

    @property
    def messages(self) -> tuple[str, ...]:
        """What everybody is told of its closed slots, each once."""
        return tuple(dict.fromkeys(bar.message for bar in self.bars if bar.message))


def weeks_of(month: Month, days: Iterable[MonthDay], holidays: Mapping[date, str], today: date) -> list[list[Cell]]:
    """Whole weeks, from the Monday before the first of the month to the Sunday after its last."""
    known = {day.day: day for day in days}
    monday = month.first - timedelta(days=month.first.weekday())
    number = (month.last - monday).days // 7 + 1

    def cell(day: date) -> Cell:
        is_shown = month.first <= day <= month.last
        bars = tuple(_bar(place) for place in known[day].places) if day in known else ()
        return Cell(day, is_shown, day == today, day < today, holidays.get(day, "") if is_shown else "", bars)

    return [[cell(monday + (7 * week + each) * A_DAY) for each in range(7)] for week in range(number)]


def _bar(place: Place) -> Bar:
    slot = place.slot
    message = slot.message if place.is_closed else ""
    return Bar(slot.id, slot.span.start, _stands(place), place.is_night, place.free, message, slot.holders)


def _stands(place: Place) -> Stands:
    if place.is_over:
        return Stands.OVER
    if place.is_closed:
        return Stands.CLOSED
    if place.missing:
        return Stands.GAP
    return Stands.FREE if place.free else Stands.FULL
