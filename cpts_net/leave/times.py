"""When people are away: from one instant to another, or week by week. Pure.

A weekly day off is one row that holds on each of its days. Where a leave
covers it, the leave counts: who is away has one absence at a time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from cpts_net.leave.rules import A_DAY, MIDNIGHT, Days, absence_span
from cpts_net.spans import Span, local_instant, without

A_WEEK = timedelta(weeks=1)
A_MOMENT = timedelta(microseconds=1)
WEEKS_LOOKED_AT = 8  # Of weekly days off, which may go on for ever.


class Stretch(NamedTuple):
    """A time during which somebody is away without a break, and what names it for ever."""

    absence: Any
    span: Span
    key: str


def stretches(
    absences: Iterable[Any], excepted: Mapping[int, Collection[date]], zone: tzinfo, first: date, last: date
) -> list[Stretch]:
    """When those are away who have these absences, on the local days from ``first`` to ``last``, both included.

    All that a person has on those days is among ``absences``. A leave is one
    stretch, as long as it is; a weekly day off is one for each of its days,
    without what a leave covers.
    """
    found: list[Stretch] = []
    weekly: list[Any] = []
    taken: dict[int, list[Span]] = defaultdict(list)
    for absence in absences:
        if absence.weekdays:
            weekly.append(absence)
            continue
        span = absence_span(absence, zone)
        taken[absence.person_id].append(span)
        found.append(Stretch(absence, span, str(absence.id)))
    for absence in weekly:
        for day, off in days_off(absence, excepted.get(absence.id, ()), zone, first, last):
            covered = taken[absence.person_id]
            pieces = without(off, covered) if covered else [off]
            found += [Stretch(absence, piece, _key(absence.id, day, piece, zone, n)) for n, piece in enumerate(pieces)]
            covered += pieces  # Two who became one may both be off then.
    return found


def _key(absence_id: int, day: date, piece: Span, zone: tzinfo, place: int) -> str:
    later = f"-{piece.start.astimezone(zone):%H%M}" if place else ""
    return f"{absence_id}-{day:%Y%m%d}{later}"


def days_off(
    weekly: Days, excepted: Collection[date], zone: tzinfo, first: date, last: date
) -> Iterator[tuple[date, Span]]:
    """The days off from ``first`` to ``last``, by weekday, each with its instants; hours that the clocks jump over are none."""
    begins = max(first, weekly.first_day)
    ends = min(last, weekly.last_day) if weekly.last_day else last
    for weekday in weekly.weekdays:
        day = begins + timedelta(days=(int(weekday) - begins.weekday()) % 7)
        while day <= ends:
            start = local_instant(day, weekly.from_time or MIDNIGHT, zone)
            until = local_instant(day, weekly.until_time, zone) if weekly.until_time else _midnight(day + A_DAY, zone)
            if day not in excepted and start < until:
                yield day, Span(start, until)
            day += A_WEEK


def spans_in(
    days: Days, zone: tzinfo, first: date, last: date, *, excepted: Collection[date] = (), covered: Iterable[Span] = ()
) -> list[Span]:
    """The instants of one absence: of a leave all, of weekly days off those from ``first`` to ``last``, without ``covered``."""
    if not days.weekdays:
        return [absence_span(days, zone)]
    leaves = [*covered]
    return sorted(piece for _day, off in days_off(days, excepted, zone, first, last) for piece in without(off, leaves))


def falls_into(
    span: Span, days: Days, zone: tzinfo, *, excepted: Collection[date] = (), covered: Iterable[Span] = ()
) -> bool:
    """Whether an absence has an instant of ``span``."""
    spans = spans_in(days, zone, *days_of(span, zone), excepted=excepted, covered=covered)
    return any(each.overlaps(span) for each in spans)


def days_of(span: Span, zone: tzinfo) -> tuple[date, date]:
    """The first and the last local day of ``span``."""
    return span.start.astimezone(zone).date(), (span.end - A_MOMENT).astimezone(zone).date()


def looked_at(days: Days, now: datetime, zone: tzinfo) -> Span:
    """What of an absence is looked at: of a leave all, of weekly days off some weeks from now or from their begin."""
    whole = absence_span(days, zone)
    if not days.weekdays:
        return whole
    start = max(whole.start, _midnight(now.astimezone(zone).date(), zone))
    until = min(whole.end, start + timedelta(weeks=WEEKS_LOOKED_AT))
    return Span(start, until) if start < until else whole


def _midnight(day: date, zone: tzinfo) -> datetime:
    return local_instant(day, MIDNIGHT, zone)


def clash(some: Days, others: Days) -> bool:
    """Whether two weekly days off share hours of one day, in one week or another."""
    first = max(some.first_day, others.first_day)
    ends = [each.last_day for each in (some, others) if each.last_day]
    last = min([first + A_WEEK - A_DAY, *ends])
    shared = {*some.weekdays} & {*others.weekdays}
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    if not any(str(day.weekday()) in shared for day in days):
        return False
    starts = max(each.from_time or MIDNIGHT for each in (some, others))
    return all(each.until_time is None or starts < each.until_time for each in (some, others))
