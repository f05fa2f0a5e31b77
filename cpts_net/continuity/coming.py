"""What everybody declared, for the staff: its first look is kept as HTML, a search is drawn for who searches."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cpts_net import clock
from cpts_net.continuity.offered import line_name
from cpts_net.directory import queries as directory
from cpts_net.directory.choosing import labels_of
from cpts_net.directory.named import Named
from cpts_net.directory.trades import Trade
from cpts_net.leave import coming_queries
from cpts_net.leave.wording import away
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage import revisions

SCOPES = (revisions.CONTINUITY, revisions.DIRECTORY)


@dataclass(frozen=True)
class Coming:
    """A page of the absences to come, how many there are on all pages, and the trades to choose from."""

    html: Markup
    total: int
    trades: Sequence[Trade]


def coming(page: int, *, trade: str, name: str) -> Coming:
    """The absences of everybody as the staff sees them."""
    if trade or name:
        return _draw(page, trade, name)

    def make(_old: Coming | None) -> Made[Coming]:
        drawn, today = _draw(page), clock.today()
        return Made(drawn, len(drawn.html), days_span(today, today, clock.zone()).end)

    return kept().get((Coming, page), SCOPES, clock.now(), make)


def _draw(page: int, trade: str = "", name: str = "") -> Coming:
    found = coming_queries.coming_absences(clock.today(), trade=trade, name=name, page=page)
    labels = labels_of([absence.person.id for absence in found])
    relays = {absence.id: _relay(absence) for absence in found.items}
    html = draw_for_many("continuity/_coming.html", absences=found.items, labels=labels, away=away, relays=relays)
    return Coming(html, found.total or 0, directory.trades())


def _relay(absence: coming_queries.ComingAbsence) -> Named | None:
    if absence.relay and absence.line_id:
        return absence.relay._replace(name=line_name(absence.line_id, clock.now()))
    return absence.relay
