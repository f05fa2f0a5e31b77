"""The overview of duty as HTML: its lines as everybody sees them, and what awaits somebody."""

from datetime import datetime, timedelta

from flask import render_template
from markupsafe import Markup

from cpts_net import clock
from cpts_net.oncall import queries
from cpts_net.oncall.wording import when
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import Span, days_span
from cpts_net.storage import revisions

AHEAD = timedelta(days=84)
FREE = timedelta(days=28)


def lines_html(now: datetime) -> Markup:
    """Every line with the seats that are free, as list items; empty where there is no line."""

    def make(_old: Markup | None) -> Made[Markup]:
        soon = Span(now, _days(now, FREE).end)
        html = draw_for_many("oncall/_lines.html", lines=queries.lines_named(), free=queries.free_seats(soon))
        ends = queries.next_end(now)
        return Made(html, len(html), min(_midnight(now), ends) if ends else _midnight(now))

    return kept().get((__name__, "lines"), (revisions.CONTINUITY,), now, make)


def duties_html(person_id: int, now: datetime) -> Markup:
    """The next duties of somebody, as a list."""

    def make(_old: Markup | None) -> Made[Markup]:
        held = [duty for duty in queries.duties_held(person_id, _days(now, AHEAD)) if duty.span.end > now]
        html = Markup(render_template("oncall/_duties.html", mine=held, when=when, now=now))  # noqa: S704  Ours.
        edges = [edge for duty in held for edge in (duty.span.start, duty.span.end) if edge > now]
        return Made(html, len(html), min([_midnight(now), *edges]))

    return kept().get((__name__, "duties", person_id), (revisions.CONTINUITY,), now, make)


def _days(now: datetime, ahead: timedelta) -> Span:
    today = now.astimezone(clock.zone()).date()
    return days_span(today, today + ahead, clock.zone())


def _midnight(now: datetime) -> datetime:
    return _days(now, timedelta()).end
