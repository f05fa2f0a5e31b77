"""Who is asked a poll: read for mails, for their links, and for what time brings."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import contains_eager, selectinload

from cpts_net.groups.models import Membership
from cpts_net.groups.queries import live
from cpts_net.meetings.models import Poll, PollAnswer, PollOption
from cpts_net.spans import Span
from cpts_net.storage.connections import db


def poll_asked_of(poll_id: int, person_id: int) -> Poll | None:
    """The poll with its group; None where the person is not in that."""
    return db.session.scalar(
        select(Poll)
        .join(Poll.group)
        .join(Membership, (Membership.group_id == Poll.group_id) & live())
        .where(Poll.id == poll_id, Membership.person_id == person_id)
        .options(contains_eager(Poll.group))
    )


class PollAsked(NamedTuple):
    """A poll as one person is asked it: with its group and dates, and whether they said something."""

    poll: Poll
    is_answered: bool


def polls_asked(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], PollAsked]:
    """The poll of each (person, poll) where the person is in its group."""
    said = select(PollAnswer.id).join(PollOption, PollOption.id == PollAnswer.option_id)
    answered = said.where(PollOption.poll_id == Poll.id, PollAnswer.person_id == Membership.person_id).exists()
    rows = db.session.execute(
        select(Membership.person_id, Poll, answered.label("is_answered"))
        .join(Poll.group)
        .join(Membership, (Membership.group_id == Poll.group_id) & live())
        .where(tuple_(Membership.person_id, Poll.id).in_(pairs))
        .options(contains_eager(Poll.group), selectinload(Poll.options))
    )
    return {(person_id, poll.id): PollAsked(poll, is_answered) for person_id, poll, is_answered in rows}


def polls_ending(deadlines: Span, proposed_before: timedelta) -> Sequence[Any]:
    """Open polls whose deadline lies in a span, and that were proposed that long before it: id and deadline."""
    rows = db.session.execute(
        select(Poll.id, Poll.deadline, Poll.created_at)
        .where(Poll.closed_at.is_(None), Poll.deadline >= deadlines.start, Poll.deadline < deadlines.end)
        .order_by(Poll.id)
    )
    return [row for row in rows if row.created_at <= row.deadline - proposed_before]


def answered_ids(poll_id: int) -> Sequence[int]:
    """Those who have said something to a date of a poll."""
    said = select(PollAnswer.person_id).join(PollOption, PollOption.id == PollAnswer.option_id)
    return db.session.scalars(said.where(PollOption.poll_id == poll_id).distinct()).all()


def silent_ids(poll_id: int) -> Sequence[int]:
    """Those who are asked a poll and have said nothing to any of its dates."""
    said = select(PollAnswer.person_id).join(PollOption, PollOption.id == PollAnswer.option_id)
    asked = select(Membership.person_id).join(Poll, Poll.group_id == Membership.group_id).where(Poll.id == poll_id)
    silent = asked.where(live(), Membership.person_id.not_in(said.where(PollOption.poll_id == poll_id)))
    return db.session.scalars(silent.order_by(Membership.person_id)).all()
