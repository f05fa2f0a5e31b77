"""What is read of meetings and polls. Queries for a reader know only the groups that they may see."""

from collections.abc import Collection, Sequence, Set
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from cpts_net import clock
from cpts_net.directory.models import Person
from cpts_net.groups.models import Group, Membership
from cpts_net.groups.queries import group_ids_of, live, those_who_see, visible_to
from cpts_net.meetings.drafts import Audience, Plan, Subject
from cpts_net.meetings.hosts import of_group
from cpts_net.meetings.models import Invitation, Meeting, MeetingGroup, Poll, PollAnswer, PollOption
from cpts_net.meetings.rules import AskedDate
from cpts_net.spans import Span
from cpts_net.storage.connections import db

CANCELLED_SHOWS_FOR = timedelta(days=14)
MEETINGS_ON_A_PAGE = 20
DATE = (Meeting.id, Meeting.title, Meeting.starts_at, Meeting.ends_at, Meeting.place, Meeting.cancelled_at)
AHEAD_ON_A_GROUP = 10
PAST_ON_A_GROUP = 10


# Written out once: every page of a poll asks it.
_READER: BindParameter[int] = bindparam("person_id")
_SEEN = (
    select(Poll, Membership)
    .join(Poll.group)
    .outerjoin(Membership, (Membership.group_id == Poll.group_id) & (Membership.person_id == _READER) & live())
    .where(Poll.id == bindparam("poll_id"), visible_to(_READER))
    .options(contains_eager(Poll.group))
)


def poll_and_membership(poll_id: int, person_id: int) -> tuple[Poll, Membership | None] | None:
    """The poll with its group, and the reader's place in that; None when it does not exist for them."""
    row = db.session.execute(_SEEN, {"poll_id": poll_id, "person_id": person_id}).one_or_none()
    return (row[0], row[1]) if row else None


def asked_dates(poll_id: int, person_id: int) -> list[AskedDate]:
    """The dates of a poll in time order, each with what a member said to it."""
    rows = db.session.connection().execute(
        select(PollOption.id, PollOption.starts_at, PollOption.ends_at, PollAnswer.answer)
        .outerjoin(PollAnswer, (PollAnswer.option_id == PollOption.id) & (PollAnswer.person_id == person_id))
        .where(PollOption.poll_id == poll_id)
        .order_by(PollOption.starts_at)
    )
    return [AskedDate(*row) for row in rows]


def said_to(option_id: int) -> dict[int, tuple[str, datetime]]:
    """What each person said to a date of a poll, and when."""
    rows = db.session.execute(
        select(PollAnswer.person_id, PollAnswer.answer, PollAnswer.answered_at).where(PollAnswer.option_id == option_id)
    )
    return {row.person_id: (row.answer, row.answered_at) for row in rows}


def poll_for_everybody(poll_id: int) -> Poll | None:
    """The poll with its group, dates and their answers; for pictures, which only those who may watch are sent."""
    answers = selectinload(Poll.options).selectinload(PollOption.answers)
    wanted = select(Poll).join(Poll.group).where(Poll.id == poll_id)
    return db.session.scalar(wanted.options(contains_eager(Poll.group), answers))


def group_of_poll(poll_id: int) -> int | None:
    """The id of the group that a poll asks; None when there is no such poll."""
    return db.session.scalar(select(Poll.group_id).where(Poll.id == poll_id))


def those_who_see_poll(poll_id: int, person_ids: Set[int]) -> Collection[int]:
    """Those of the members for whom the poll exists."""
    group_id = group_of_poll(poll_id)
    return those_who_see(group_id, person_ids) if group_id else ()


def poll_said_twice(group_id: int, subject: Subject, spans: Sequence[Span]) -> int | None:
    """The id of an open poll of the group in just these words, on these dates: the same form came twice."""
    alike = _in_these_words(Poll, subject)
    of_group = select(Poll).where(Poll.group_id == group_id, Poll.closed_at.is_(None), *alike)
    polls = db.session.scalars(of_group.options(selectinload(Poll.options)))
    return next((poll.id for poll in polls if _dates(poll) == list(spans)), None)


def _dates(poll: Poll) -> list[Span]:
    return sorted(Span(option.starts_at, option.ends_at) for option in poll.options)


def meeting_said_twice(audience: Audience, plan: Plan, maker_id: int | None) -> int | None:
    """The id of a meeting in just these words, at this time, for the same: the same form came twice."""
    at = (Meeting.starts_at == plan.span.start, Meeting.ends_at == plan.span.end, Meeting.cancelled_at.is_(None))
    alike = select(Meeting).where(*_in_these_words(Meeting, plan.subject), *at)
    for known in db.session.scalars(alike.options(selectinload(Meeting.meeting_groups))):
        if {each.group_id for each in known.meeting_groups} == set(audience.group_ids) and (
            audience.group_ids or known.created_by_id == maker_id
        ):
            return known.id
    return None


def _in_these_words(model: type[Poll | Meeting], subject: Subject) -> list[ColumnElement[bool]]:
    return [getattr(model, name) == getattr(subject, name) for name in ("title", "agenda", "place", "video_url")]


class OpenPoll(NamedTuple):
    """A poll that still takes answers, as the list of a member's polls shows it."""

    id: int
    title: str
    deadline: datetime
    group: str  # Its name.
    is_answered: bool  # Whether the member said something to one of its dates.


def open_polls_of(person_id: int) -> list[OpenPoll]:
    """The polls of a member's groups that still take answers, soonest deadline first."""
    said = select(PollOption.poll_id).join(PollAnswer, PollAnswer.option_id == PollOption.id)
    answered = Poll.id.in_(said.where(PollAnswer.person_id == person_id))
    rows = db.session.connection().execute(
        select(Poll.id, Poll.title, Poll.deadline, Group.name, answered)
        .join(Group, Group.id == Poll.group_id)
        .where(Poll.group_id.in_(group_ids_of(person_id)), Poll.closed_at.is_(None), Poll.deadline > clock.now())
        .order_by(Poll.deadline, Poll.id)
    )
    return [OpenPoll(*row) for row in rows]


def undecided_poll_ids() -> Sequence[int]:
    """The polls for which no date is fixed, of every group."""
    return db.session.scalars(select(Poll.id).where(Poll.closed_at.is_(None))).all()


def undecided_polls(group_id: int) -> Sequence[Any]:
    """The polls of a group for which no date is fixed, newest first: id, title and deadline; bounded."""
    query = select(Poll.id, Poll.title, Poll.deadline).where(Poll.group_id == group_id, Poll.closed_at.is_(None))
    return db.session.execute(query.order_by(Poll.created_at.desc(), Poll.id.desc()).limit(AHEAD_ON_A_GROUP)).all()


def meeting_of_poll(poll_id: int) -> Meeting | None:
    """The meeting that came out of a poll."""
    return db.session.scalar(select(Meeting).where(Meeting.poll_id == poll_id))


def meeting(meeting_id: int) -> Meeting | None:
    """The meeting, whoever reads."""
    return db.session.get(Meeting, meeting_id)


def invitations(meeting_id: int) -> Sequence[Invitation]:
    """Everybody who is asked to a meeting, by name."""
    return db.session.scalars(
        select(Invitation)
        .join(Invitation.person)
        .where(Invitation.meeting_id == meeting_id)
        .options(contains_eager(Invitation.person))
        .order_by(Person.sort_key, Person.id)
    ).all()


def invitation(meeting_id: int, person_id: int) -> Invitation | None:
    """The member's invitation to a meeting."""
    return db.session.scalar(
        select(Invitation).where(Invitation.meeting_id == meeting_id, Invitation.person_id == person_id)
    )


def asked_ids(meeting_id: int) -> Sequence[int]:
    """Everybody who is asked to a meeting."""
    return db.session.scalars(select(Invitation.person_id).where(Invitation.meeting_id == meeting_id)).all()


def meetings_of(person_id: int, span: Span) -> Sequence[Meeting]:
    """The meetings to which a member is asked and that touch ``span``, in time order.

    A cancelled one stays for 14 days, so that calendars can say that it is off.
    """
    query = _asked(person_id).where(Meeting.starts_at < span.end, Meeting.ends_at > span.start)
    return db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)).all()


def meeting_times(person_id: int, span: Span, *, but_of_poll: int = 0) -> list[tuple[str, Span]]:
    """The titles and times of the same meetings, without those that are called off and that which came out of a poll."""
    is_another = or_(Meeting.poll_id.is_(None), Meeting.poll_id != but_of_poll)
    asked = select(Invitation.meeting_id).where(Invitation.person_id == person_id)
    rows = db.session.connection().execute(
        select(Meeting.title, Meeting.starts_at, Meeting.ends_at)
        .where(Meeting.id.in_(asked), Meeting.cancelled_at.is_(None), is_another)
        .where(Meeting.starts_at < span.end, Meeting.ends_at > span.start)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [(row.title, Span(row.starts_at, row.ends_at)) for row in rows]


def past_meetings_of(person_id: int, now: datetime, page: int) -> Pagination:
    """The meetings to which a member was asked, latest first."""
    query = _asked(person_id).where(Meeting.ends_at <= now)
    return db.paginate(
        query.order_by(Meeting.starts_at.desc(), Meeting.id.desc()),
        page=page,
        per_page=MEETINGS_ON_A_PAGE,
        error_out=False,
    )


def upcoming_meetings_of(person_id: int, now: datetime) -> Sequence[Meeting]:
    """The next meetings to which a member is asked; bounded."""
    query = _asked(person_id).where(Meeting.ends_at > now)
    return db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(MEETINGS_ON_A_PAGE)).all()


def meetings_awaiting(person_id: int, now: datetime) -> Sequence[Meeting]:
    """All meetings ahead to which somebody is asked, soonest first."""
    query = _asked(person_id).where(Meeting.ends_at > now)
    return db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)).all()


def _asked(person_id: int) -> Select[Meeting]:
    asked = select(Invitation.meeting_id).where(Invitation.person_id == person_id)
    return select(Meeting).where(Meeting.id.in_(asked), still_shown(clock.now()))


def still_shown(now: datetime) -> ColumnElement[bool]:
    return or_(Meeting.cancelled_at.is_(None), Meeting.cancelled_at > now - CANCELLED_SHOWS_FOR)


def answers_of(person_id: int, meeting_ids: Collection[int]) -> dict[int, str | None]:
    """What a member said to each of the meetings."""
    rows = db.session.execute(
        select(Invitation.meeting_id, Invitation.answer).where(
            Invitation.person_id == person_id, Invitation.meeting_id.in_(meeting_ids)
        )
    )
    return {row.meeting_id: row.answer for row in rows}


def meetings_ahead(group_id: int, now: datetime, limit: int | None = AHEAD_ON_A_GROUP) -> Sequence[Meeting]:
    """The next meetings of a group, those called off lately among them."""
    query = select(Meeting).where(of_group(group_id), Meeting.ends_at > now, still_shown(now))
    return db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(limit)).all()


def dates_ahead(group_id: int, now: datetime) -> Sequence[Any]:
    """The next of the same meetings, as the page of the group names them: ``DATE``; bounded."""
    query = select(*DATE).where(of_group(group_id), Meeting.ends_at > now, still_shown(now))
    return db.session.execute(query.order_by(Meeting.starts_at, Meeting.id).limit(AHEAD_ON_A_GROUP)).all()


def dates_behind(group_id: int, now: datetime) -> Sequence[Any]:
    """The last meetings that a group held, latest first: ``DATE``; bounded."""
    query = select(*DATE).where(of_group(group_id), Meeting.ends_at <= now, Meeting.cancelled_at.is_(None))
    return db.session.execute(query.order_by(Meeting.starts_at.desc()).limit(PAST_ON_A_GROUP)).all()


def next_dates(group_ids: Collection[int], now: datetime) -> dict[int, Any]:
    """The next meeting of each group that has one: ``DATE``."""
    in_turn = func.row_number().over(partition_by=MeetingGroup.group_id, order_by=(Meeting.starts_at, Meeting.id))
    ahead = (
        select(Meeting.id, MeetingGroup.group_id, in_turn.label("turn"))
        .join(MeetingGroup, MeetingGroup.meeting_id == Meeting.id)
        .where(MeetingGroup.group_id.in_(group_ids), Meeting.ends_at > now, Meeting.cancelled_at.is_(None))
        .subquery()
    )
    rows = db.session.execute(
        select(ahead.c.group_id, *DATE).join(ahead, ahead.c.id == Meeting.id).where(ahead.c.turn == 1)
    )
    return {row.group_id: row for row in rows}


def invited_by_link(invitation_id: int) -> tuple[Invitation, Meeting] | None:
    """An invitation and its meeting, whoever reads; for the holder of its link."""
    row = db.session.execute(
        select(Invitation, Meeting)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(Invitation.id == invitation_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None
