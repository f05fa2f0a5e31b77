"""A month of a line as HTML: drawn once after a change, for everybody who looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cpts_net import clock
from cpts_net.i18n import moment
from cpts_net.oncall import queries
from cpts_net.oncall.grid import Cell, weeks_of
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.month import Month, MonthDay, Place, days_of
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.picture import Drawn, Part, Picture, draw
from cpts_net.spans import days_span
from cpts_net.storage import revisions

SCOPES = (revisions.CONTINUITY, revisions.DIRECTORY)
TIMES_KEPT = 3  # As values and as HTML.
GRID, PAST, AHEAD = "month-grid", "month-past", "month-ahead"


class LineUnknown(LookupError):
    """There is no such line."""


@dataclass(frozen=True)
class DrawnMonth:
    """A month of a line at one moment: its values, its sections, and when each slot is, in words."""

    days: Sequence[MonthDay]
    picture: Picture
    moments: Mapping[int, str]  # By slot that is not over.

    @property
    def free(self) -> int:
        """How many seats are to be taken."""
        return sum(day.free for day in self.days)

    def drawn(self, section: str) -> Drawn:
        """``GRID``, ``PAST`` or ``AHEAD``."""
        return next(each for each in self.picture.parts if each.id == section)


def month_of(line_id: int, month: Month, now: datetime) -> DrawnMonth:
    """The month at ``now``; kept until a change or the clock makes it another.

    Raises:
        LineUnknown: when there is no such line.
    """
    return kept().get((DrawnMonth, line_id, month), SCOPES, now, lambda old: _draw(line_id, month, now, old))


def _draw(line_id: int, month: Month, now: datetime, old: DrawnMonth | None) -> Made[DrawnMonth]:
    line = queries.line(line_id)
    if line is None:
        raise LineUnknown(line_id)
    zone = clock.zone()
    slots = queries.month_slots(line_id, month.span(zone))
    holidays = public_holidays(month.first, month.last)
    days = days_of(slots, holidays, now, zone)
    weeks = weeks_of(month, days, holidays, now.astimezone(zone).date())
    since = None if days else queries.first_slot(line_id)
    valid_until = _next_change(days, now)
    picture = draw(
        _sections(days, weeks, _known_since(month, since)), old=old.picture if old else None, valid_until=valid_until
    )
    moments = {place.slot.id: moment(place.slot.span.start) for place in _places(days) if not place.is_over}
    return Made(DrawnMonth(days, picture, moments), TIMES_KEPT * picture.size, valid_until)


def _known_since(month: Month, first: datetime | None) -> date | None:
    """From when on the line has slots, for a month before."""
    day = first.astimezone(clock.zone()).date() if first else None
    return day if day and day > month.last else None


def _places(days: Sequence[MonthDay]) -> Iterator[Place]:
    return (place for day in days for place in day.places)


def _next_change(days: Sequence[MonthDay], now: datetime) -> datetime:
    """When a slot begins or ends, or another day does: « demain » is another one then."""
    today = now.astimezone(clock.zone()).date()
    spans = [place.slot.span for place in _places(days)]
    spans += [holder.span for place in _places(days) if place.is_shared for holder in place.slot.holders]
    edges = [edge for span in spans for edge in (span.start, span.end)]
    return min([days_span(today, today, clock.zone()).end, *(edge for edge in edges if edge > now)])


def _sections(days: Sequence[MonthDay], weeks: Sequence[Sequence[Cell]], since: date | None) -> list[Part]:
    past = [day for day in days if day.is_over]
    ahead = [day for day in days if not day.is_over]
    return [
        Part("month-sum", "oncall/_month_sum.html", {"free": sum(day.free for day in days)}),
        Part(GRID, "oncall/_month_grid.html", {"days": [cell.day for cell in weeks[0]]}, [*map(_week, weeks)]),
        Part(PAST, "oncall/_month_past.html", {"count": len(past), "is_all": not ahead}, [*map(_day, past)]),
        Part(AHEAD, "oncall/_month_ahead.html", {"is_empty": not days, "since": since}, [*map(_day, ahead)]),
    ]


def _week(cells: Sequence[Cell]) -> Part:
    parts = [Part(f"case-{cell.day}", "oncall/_cell.html", {"cell": cell}) for cell in cells]
    return Part(f"semaine-{cells[0].day}", "oncall/_week.html", {}, parts)


def _day(day: MonthDay) -> Part:
    part_id = f"jour-{day.day}"
    places = [Part(f"creneau-{place.slot.id}", "oncall/_place.html", {"place": place}) for place in day.places]
    values = {"day": day.day, "holiday": day.holiday, "message": day.message}
    values["is_rest"] = day.is_sunday or bool(day.holiday)
    return Part(part_id, "oncall/_day.html", values, [Part(f"{part_id}-creneaux", "oncall/_places.html", {}, places)])
