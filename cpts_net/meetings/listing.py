"""Somebody's meetings and polls as HTML, kept until one of them is another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup

from cpts_net import clock
from cpts_net.meetings import hosts, queries
from cpts_net.meetings.poll_actions import scope
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage import revisions

SCOPES = (revisions.GROUPS, revisions.MEETINGS)
POLL_BYTES = 32


@dataclass(frozen=True)
class OwnMeetings:
    """What is ahead of somebody, a page of what they were asked to, and how many there are of that."""

    ahead: Markup
    past: Markup
    past_total: int


def own_meetings(person_id: int, page: int, now: datetime) -> OwnMeetings:
    """The meetings to which somebody is asked, and the polls that await them."""

    def make(_old: OwnMeetings | None) -> Made[OwnMeetings]:
        drawn, valid_until = _draw(person_id, page, now)
        return Made(drawn, len(drawn.ahead) + len(drawn.past), valid_until)

    scopes = (*SCOPES, *map(scope, _undecided(now)))  # Of a poll the list says whether one has answered.
    return kept().get((OwnMeetings, person_id, page), scopes, now, make)


def _undecided(now: datetime) -> Sequence[int]:
    """The polls that may await somebody."""

    def read(_old: Sequence[int] | None) -> Made[Sequence[int]]:
        found = queries.undecided_poll_ids()
        return Made(found, POLL_BYTES * (1 + len(found)))

    return kept().get((OwnMeetings, "polls"), (revisions.MEETINGS,), now, read)


def _draw(person_id: int, page: int, now: datetime) -> tuple[OwnMeetings, datetime]:
    upcoming = queries.upcoming_meetings_of(person_id, now)
    past = queries.past_meetings_of(person_id, now, page)
    polls = queries.open_polls_of(person_id)
    answers = queries.answers_of(person_id, [meeting.id for meeting in [*upcoming, *past.items]])
    held_by = hosts.hosts(answers.keys(), person_id)
    groups = {meeting_id: hosts.names_told(found) for meeting_id, found in held_by.items()}
    values = {"answers": answers, "groups": groups, "polls": polls}
    ahead = render_template("meetings/_ahead.html", **values, upcoming=upcoming)
    behind = render_template("meetings/_past.html", **values, past=past.items)
    drawn = OwnMeetings(Markup(ahead), Markup(behind), past.total or 0)  # noqa: S704  Our own templates, which escape.
    today = now.astimezone(clock.zone()).date()
    midnight = days_span(today, today, clock.zone()).end
    gone = [
        meeting.cancelled_at + queries.CANCELLED_SHOWS_FOR
        for meeting in [*upcoming, *past.items]
        if meeting.cancelled_at
    ]
    moments = [*gone, *(poll.deadline for poll in polls), *(meeting.ends_at for meeting in upcoming)]
    return drawn, min([midnight, *moments])
