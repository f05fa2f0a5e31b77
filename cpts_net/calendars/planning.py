"""One's own weeks ahead: the entries of the feed "mine", day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from cpts_net import clock, i18n
from cpts_net.calendars import contents
from cpts_net.calendars.items import EntryKind, Item
from cpts_net.leave.wording import spell
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import Span, days_span

WEEKS_AHEAD = 8
AHEAD = timedelta(weeks=WEEKS_AHEAD)
ITEM_BYTES = 1000  # About, of an entry in words.


@dataclass(frozen=True)
class PlanningDay:
    """A day and what begins on it, or goes on since before the first day shown."""

    date: date
    items: list[Item]


def weeks_ahead(today: date, zone: ZoneInfo) -> Span:
    """From this morning on, for eight weeks."""
    return days_span(today, today + AHEAD - timedelta(days=1), zone)


def awaited(person_id: int, now: datetime) -> Sequence[Item]:
    """What awaits somebody in the weeks ahead and is not over, in time order.

    It is what their own feed shows, and is kept as long: until somebody changes it, or the day does.
    """
    today, zone = now.astimezone(clock.zone()).date(), clock.zone()

    def read(_old: Sequence[Item] | None) -> Made[Sequence[Item]]:
        items = contents.own(person_id, weeks_ahead(today, zone), today)
        return Made(items, ITEM_BYTES * (1 + len(items)), days_span(today, today, zone).end)

    found = kept().get((PlanningDay, person_id, today), contents.OF_ONES_OWN, now, read)
    return [item for item in found if item.span.end > now]


def days(items: Iterable[Item], today: date, zone: ZoneInfo) -> list[PlanningDay]:
    """The days on which something is, in order."""
    by_day: dict[date, list[Item]] = {}
    for item in items:
        first = max(item.span.start.astimezone(zone).date(), today)
        by_day.setdefault(first, []).append(item)
    return [PlanningDay(day, by_day[day]) for day in sorted(by_day)]


def hours(item: Item) -> str:
    """Say « 8 h – 10 h », « 20 h – 8 h, jeudi 13 août », « jusqu’au vendredi 14 août »."""
    if item.days:
        last = item.days[1] - timedelta(days=1)
        return str(_("toute la journée")) if last == item.days[0] else str(_("jusqu’au %(day)s", day=i18n.day(last)))
    if item.kind in {EntryKind.ABSENCE, EntryKind.COVER}:
        return spell(item.span)
    return hours_of(item.span)


def short(item: Item) -> str:
    """Say « Soins non programmés, demain à 14 h », « Relais de Zoé Noir, du lundi 3 au vendredi 14 août »."""
    if item.kind == EntryKind.COVER:
        return f"{item.summary}, {spell(item.span)}"
    return f"{item.title}, {i18n.moment(item.span.start)}"


def hours_of(span: Span) -> str:
    """Say « 8 h – 10 h », « 20 h – 8 h, jeudi 13 août »."""
    start, end = span.start.astimezone(clock.zone()), span.end.astimezone(clock.zone())
    said = f"{i18n.hour(start)} – {i18n.hour(end)}"
    # Ending at midnight is ending that day.
    if (end - timedelta(microseconds=1)).date() == start.date():
        return said
    return f"{said}, {i18n.day(end.date())}"


def path(item: Item) -> str:
    """Where the entry leads within the site, by whichever host the reader came."""
    return urlsplit(item.url).path
