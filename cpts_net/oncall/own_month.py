"""A month of a line as one reader sees it; kept as HTML for all who see the same."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from cpts_net import clock
from cpts_net.directory.practices import practised_by
from cpts_net.leave.queries import times_away
from cpts_net.oncall import queries
from cpts_net.oncall.drawing import AHEAD, GRID, PAST, SCOPES, DrawnMonth, month_of
from cpts_net.oncall.month import Month, MonthReader, Own, own
from cpts_net.oncall.rules import is_eligible
from cpts_net.oncall.shown_line import ShownLine
from cpts_net.oncall.wording import filled
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import Span


class Refused(NamedTuple):
    """What was refused at a slot, in words; of a taking on a day off, that it may be said once more."""

    slot_id: int
    sentence: str
    is_day_off: bool = False


NOTHING_DONE, NOT_REFUSED = (0, ""), Refused(0, "")
READER_BYTES = 1000  # About: hardly anybody has more than a few duties and leaves in a month.


@dataclass(frozen=True)
class OwnMonth:
    """A month, who looks, and how many duties of it are theirs; its days want a token yet (``for_reader``)."""

    month: DrawnMonth
    reader: MonthReader
    mine: int
    days: Markup


@dataclass(frozen=True)
class MonthView:
    """Who looks at a line, and what came of what they did at a slot: its number, and in a word or a sentence."""

    person_id: int
    is_staff: bool
    done: tuple[int, str] = NOTHING_DONE
    undone_by: int = 0  # The change that they may take back.
    refused: Refused = NOT_REFUSED


def own_month(line: ShownLine, shown: Month, view: MonthView, now: datetime) -> OwnMonth:
    """The month at ``now``."""
    month = month_of(line.id, shown, now)
    reader = _reader(line, shown, month, view.person_id, now)
    owns = {place.slot.id: own(place, reader) for day in month.days for place in day.places}

    def make(_old: Markup | None) -> Made[Markup]:
        days = _days(month, reader, owns, view)
        return Made(days, len(days), month.picture.valid_until)

    if view.done == NOTHING_DONE and view.refused == NOT_REFUSED:
        key = (OwnMonth, line.id, shown, _alike(reader), view.is_staff)
        days = kept().get(key, SCOPES, now, make)
    else:
        days = _days(month, reader, owns, view)
    return OwnMonth(month, reader, sum(each.mine is not None for each in owns.values()), days)


def _alike(reader: MonthReader) -> MonthReader:
    """What stands for all who see the same: whoever has no duty is not named."""
    return reader if reader.duties else replace(reader, person_id=0)


def _days(month: DrawnMonth, reader: MonthReader, owns: Mapping[int, Own], view: MonthView) -> Markup:
    return draw_for_many(
        "oncall/_own_month.html",
        month=month,
        grid=month.drawn(GRID),
        past=month.drawn(PAST),
        ahead=month.drawn(AHEAD),
        owns=owns,
        reader=reader,
        is_staff=view.is_staff,
        done=view.done,
        undone_by=view.undone_by,
        refused=view.refused,
        filled=filled,
    )


def _reader(line: ShownLine, shown: Month, month: DrawnMonth, person_id: int, now: datetime) -> MonthReader:
    """Who looks; kept until a duty, a leave or a profession is another."""

    def read(_old: MonthReader | None) -> Made[MonthReader]:
        # A night that begins on the last of the month reaches into the next.
        span = shown.span(clock.zone())
        ends = (place.slot.span.end for day in month.days for place in day.places)
        around = Span(span.start, max([span.end, *ends]))
        practised = practised_by([person_id]).get(person_id, ())
        may_serve = is_eligible(practised, line.permissions)
        duties, away = queries.duties_held(person_id, around), times_away(around, [person_id])
        absences = tuple(each.span for each in away if not each.absence.weekdays)
        days_off = tuple(each.span for each in away if each.absence.weekdays)
        made = MonthReader(person_id, bool(practised), may_serve, tuple(duties), absences, days_off)
        return Made(made, READER_BYTES)

    return kept().get((MonthReader, line.id, shown, person_id), SCOPES, now, read)
