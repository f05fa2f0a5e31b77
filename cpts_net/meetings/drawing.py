"""What pages of polls and meetings show, as HTML: drawn once after a change, for all who see the same."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from cpts_net import clock
from cpts_net.groups.policy import Standing, may_lead
from cpts_net.meetings import queries
from cpts_net.meetings.conflicts import conflicts
from cpts_net.meetings.live_pages import POLL, place
from cpts_net.meetings.models import Invitation, Poll
from cpts_net.meetings.rules import AskedDate
from cpts_net.meetings.wording import by_trade
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.picture import Picture
from cpts_net.spans import days_span
from cpts_net.storage import revisions

ANSWER_BYTES = 100


@dataclass(frozen=True)
class DrawnPoll:
    """A poll at one moment as one reader sees it: the picture of all, and it with what is theirs (``for_reader``)."""

    picture: Picture
    html: Markup


def drawn_poll(poll: Poll, standing: Standing, now: datetime) -> DrawnPoll:
    """The poll at ``now``; kept until a change – of what the reader else has on its dates, too – or the clock makes it another."""
    stands = (standing.person_id, standing.is_member, may_lead(standing))

    def make(_old: DrawnPoll | None) -> Made[DrawnPoll]:
        dates = queries.asked_dates(poll.id, standing.person_id or 0)
        drawn = _draw(poll, standing, now, dates)
        return Made(drawn, len(drawn.html), _until(poll, dates, now))

    return kept().get((DrawnPoll, poll.id, stands), (*POLL.scopes(str(poll.id)), revisions.CONTINUITY), now, make)


def refused_poll(poll: Poll, standing: Standing, now: datetime, typed: Mapping[int, str], refusal: str) -> DrawnPoll:
    """The same with what somebody typed that was refused, and why."""
    return _draw(poll, standing, now, queries.asked_dates(poll.id, standing.person_id or 0), typed, refusal)


def _draw(
    poll: Poll,
    standing: Standing,
    now: datetime,
    dates: Sequence[AskedDate],
    typed: Mapping[int, str] | None = None,
    refusal: str = "",
) -> DrawnPoll:
    picture = POLL.picture(poll.id, now)
    html = draw_for_many(
        "meetings/_poll_of_reader.html",
        poll=poll,
        person_id=standing.person_id,
        is_member=standing.is_member,
        may_fix=may_lead(standing) and not poll.closed_at,
        picture=picture,
        place=place,
        dates=dates,
        answers={date.id: date.answer for date in dates} if typed is None else typed,
        conflicts=_conflicts_at(poll.id, dates, standing),
        refusal=refusal,
        answer_address=url_for("meetings.answer_poll", poll_id=poll.id, _anchor="mes-reponses"),
        is_open=is_open(poll, now),
        now=now,
    )
    return DrawnPoll(picture, html)


def _conflicts_at(poll_id: int, dates: Sequence[AskedDate], standing: Standing) -> Mapping[int, object]:
    if not standing.is_member or standing.person_id is None:
        return {}
    return conflicts(standing.person_id, poll_id, {date.id: date.span for date in dates})


def is_open(poll: Poll, now: datetime) -> bool:
    """Whether the poll takes answers at ``now``."""
    return poll.closed_at is None and now < poll.deadline


def _until(poll: Poll, dates: Sequence[AskedDate], now: datetime) -> datetime:
    """When it takes no answers any more, one of its dates begins, or another day does: its words name days."""
    today = now.astimezone(clock.zone()).date()
    moments = [poll.deadline, *(date.starts_at for date in dates)]
    return min([days_span(today, today, clock.zone()).end, *(moment for moment in moments if moment > now)])


@dataclass(frozen=True)
class Asked:
    """Who is asked to a meeting: what each says, and all of them as HTML."""

    answers: Mapping[int, str | None]
    html: Markup


def asked(meeting_id: int, now: datetime) -> Asked:
    """Those asked to a meeting, for whoever may open the card of each; kept until one of them says or is called otherwise."""

    def make(_old: Asked | None) -> Made[Asked]:
        invitations = queries.invitations(meeting_id)
        answers = {each.person_id: each.answer for each in invitations}
        html = _draw_asked(invitations, strangers=())
        return Made(Asked(answers, html), ANSWER_BYTES * len(answers) + len(html))

    return kept().get((Asked, meeting_id), (revisions.MEETINGS, revisions.DIRECTORY), now, make)


def asked_among(meeting_id: int, strangers: Collection[int]) -> Markup:
    """The same for a guest, who can open the cards of some alone."""
    return _draw_asked(queries.invitations(meeting_id), strangers)


def _draw_asked(invitations: Sequence[Invitation], strangers: Collection[int]) -> Markup:
    return draw_for_many("meetings/_asked.html", invitations=invitations, strangers=strangers, by_trade=by_trade)
