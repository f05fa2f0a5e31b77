"""The page of one's own planning, kept as HTML until something of it changes or is over."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from markupsafe import Markup

from cpts_net import clock
from cpts_net.calendars import contents, planning
from cpts_net.calendars.items import EntryKind, Item
from cpts_net.calendars.next_thing import next_things
from cpts_net.calendars.weeks import weeks
from cpts_net.notices import queries, reading
from cpts_net.oncall.holidays import public_holidays
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage import revisions

TOLD_WITHIN = timedelta(days=7)
TOLD_AT_MOST = 6
SCOPES = (revisions.NOTICES, *contents.OF_ONES_OWN)


@dataclass(frozen=True)
class OwnWeeks:
    """What the page shows of somebody."""

    html: Markup

    @cached_property
    def version(self) -> str:
        """What the page shows, in one word."""
        return hashlib.sha256(self.html.encode()).hexdigest()[:16]


def own_weeks(person_id: int, now: datetime) -> OwnWeeks:
    """The page at ``now``; its sentences, its grid and its list are drawn anew when an entry begins or ends."""

    def make(_old: OwnWeeks | None) -> Made[OwnWeeks]:
        items = planning.awaited(person_id, now)
        drawn = OwnWeeks(_draw(person_id, items, now))
        return Made(drawn, len(drawn.html), _next_change(items, now))

    return kept().get((OwnWeeks, person_id), SCOPES, now, make)


def _draw(person_id: int, items: Sequence[Item], now: datetime) -> Markup:
    today, zone = now.astimezone(clock.zone()).date(), clock.zone()
    last = today + planning.AHEAD - timedelta(days=1)
    told = reading.lines(queries.latest(person_id, now - TOLD_WITHIN, TOLD_AT_MOST), now)
    return draw_for_many(
        "calendars/_own_weeks.html",
        next=next_things(items, now),
        weeks=weeks(items, today, last, public_holidays(today, last), zone),
        days=planning.days(items, today, zone),
        covers=[item for item in items if item.kind == EntryKind.COVER],
        told=[line for line in told if line.words],
        planning=planning,
        today=today,
    )


def _next_change(items: Sequence[Item], now: datetime) -> datetime:
    """When an entry begins or ends, or another day does: « demain » is another one then."""
    today = now.astimezone(clock.zone()).date()
    edges = (edge for item in items for edge in (item.span.start, item.span.end))
    return min([days_span(today, today, clock.zone()).end, *(edge for edge in edges if edge > now)])
