"""Somebody's own absences and what they are asked, as HTML: kept until one of them is another."""

from datetime import date, datetime

from markupsafe import Markup

from cpts_net import clock
from cpts_net.continuity.offered import first_relay
from cpts_net.leave import queries
from cpts_net.leave.answer_links import answer_token
from cpts_net.leave.models import Absence
from cpts_net.leave.wording import away, but
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage import revisions

YEAR_DAYS = 365
# Whether a structure asks somebody hangs on their account as well.
SCOPES = (revisions.CONTINUITY, revisions.DIRECTORY, revisions.SESSIONS)


def own_absences(person_id: int, now: datetime) -> Markup:
    """Those of somebody that are to come, and of the last year; above them what they are asked."""

    def make(_old: Markup | None) -> Made[Markup]:
        today = now.astimezone(clock.zone()).date()
        html = _draw(person_id, today, now)
        return Made(html, len(html), days_span(today, today, clock.zone()).end)

    return kept().get(("own absences", person_id), SCOPES, now, make)


def _draw(person_id: int, today: date, now: datetime) -> Markup:
    own = queries.absences_of(person_id, date.fromordinal(today.toordinal() - YEAR_DAYS))
    return draw_for_many(
        "continuity/_own_absences.html",
        coming=[absence for absence in own if not _is_over(absence, today)],
        past=[absence for absence in reversed(own) if _is_over(absence, today)],
        away=away,
        but=but,
        relays={absence.id: first_relay(absence, now) for absence in own},
        requests=queries.requests_to(person_id, today),
        answer_token=lambda relay: answer_token(relay.id, person_id),
    )


def _is_over(absence: Absence, today: date) -> bool:
    return absence.last_day is not None and absence.last_day < today
