"""What is changed in polls.

The scopes are bumped in one order, group, meetings, poll, so that two writers
wait for each other and never crosswise.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from cpts_net.audit.actions import record
from cpts_net.groups import actions as groups
from cpts_net.groups import queries as group_queries
from cpts_net.meetings import actions, notice_kinds, poll_queries, queries, rules
from cpts_net.meetings.drafts import Actor, Audience, Plan, Subject
from cpts_net.meetings.models import Poll, PollAnswer, PollOption
from cpts_net.notices.actions import About, notify
from cpts_net.spans import Span
from cpts_net.storage import revisions
from cpts_net.storage.connections import db


def scope(poll_id: int) -> str:
    """The scope of everything that a poll's page shows."""
    return f"poll:{poll_id}"


def propose_dates(
    group_id: int, subject: Subject, spans: Sequence[Span], deadline: datetime, *, by: Actor, now: datetime
) -> int:
    """Ask a group which of some dates suit; return the poll's id, the same when the form is sent twice."""
    revisions.bump(groups.scope(group_id), revisions.MEETINGS)  # The first is the lock of the group.
    if known := queries.poll_said_twice(group_id, subject, spans):
        return known
    poll = Poll(
        group_id=group_id,
        title=subject.title,
        agenda=subject.agenda,
        place=subject.place,
        video_url=subject.video_url,
        deadline=deadline,
        created_by_id=by.person_id,
        created_at=now,
        options=[PollOption(starts_at=span.start, ends_at=span.end) for span in spans],
    )
    db.session.add(poll)
    db.session.flush()
    about = About(scope(poll.id), after={"deadline": deadline})
    notify(notice_kinds.POLL_PROPOSED, group_queries.person_ids([group_id]), about, by=by.account_id, now=now)
    record("poll.opened", actor_id=by.account_id, now=now, subject=scope(poll.id), detail=subject.title)
    return poll.id


def change_poll(
    poll: Poll,
    subject: Subject,
    spans: Sequence[Span],
    deadline: datetime,
    *,
    by: Actor,
    now: datetime,
    seen: str | None,
) -> None:
    """Put a poll right, or open it again; those who had answered are told, where something changed.

    A changed date is another date, without answers; those to the others stand.

    Raises:
        PollClosed: when a date was fixed.
        PollChanged: when somebody else has put it right since it was ``seen``.
    """
    revisions.bump(groups.scope(poll.group_id), revisions.MEETINGS, scope(poll.id))
    db.session.expire(poll)
    known = queries.poll_for_everybody(poll.id)
    if known is None or queries.meeting_of_poll(poll.id):
        raise rules.PollClosed
    if seen not in {None, known.as_seen}:
        raise rules.PollChanged
    there = {option.id for option in known.options}
    answered = {answer.person_id for option in known.options for answer in option.answers}
    before = (known.as_seen, known.closed_at)
    _keep_dates(known, spans)
    known.title, known.agenda = subject.title, subject.agenda
    known.place, known.video_url = subject.place, subject.video_url
    known.deadline, known.closed_at = deadline, None
    db.session.flush()
    record("poll.changed", actor_id=by.account_id, now=now, subject=scope(poll.id), detail=subject.title)
    if before != (known.as_seen, None):
        new = [option.id for option in known.options if option.id not in there]
        after = {"new": new, "is_open_again": before[1] is not None}
        _tell(notice_kinds.POLL_CHANGED, poll, answered, by=by, now=now, after=after)


def _keep_dates(poll: Poll, spans: Sequence[Span]) -> None:
    """Leave the dates that stay alone, with their answers; the others go, and those that are new come."""
    kept = [option for option in poll.options if Span(option.starts_at, option.ends_at) in spans]
    there = [Span(option.starts_at, option.ends_at) for option in kept]
    poll.options = kept
    db.session.flush()  # Before another may begin at the same instant.
    poll.options = sorted(
        [
            *kept,
            *(PollOption(starts_at=span.start, ends_at=span.end, answers=[]) for span in spans if span not in there),
        ],
        key=lambda option: option.starts_at,
    )


def answer_poll(poll: Poll, person_id: int, answers: Mapping[int, str], *, now: datetime) -> None:
    """Record all that a member says to a poll, in place of what they said before.

    Raises:
        PollOver: when the poll takes no answers any more.
        OptionUnknown: for a date that is not of this poll.
    """
    revisions.bump(scope(poll.id))
    db.session.refresh(poll, ["closed_at", "deadline"])
    rules.check_takes_answers(poll.deadline, poll.closed_at, now)
    option_ids = {date.id for date in queries.asked_dates(poll.id, person_id)}
    if not answers.keys() <= option_ids:
        raise rules.OptionUnknown
    db.session.execute(
        delete(PollAnswer).where(PollAnswer.option_id.in_(option_ids), PollAnswer.person_id == person_id),
        execution_options={"synchronize_session": False},
    )
    db.session.add_all(
        PollAnswer(option_id=option_id, person_id=person_id, answer=answer, answered_at=now)
        for option_id, answer in answers.items()
    )


def fix_date(poll: Poll, option_id: int, *, by: Actor, now: datetime) -> int:
    """Close the poll and make the meeting of one of its dates; return the meeting's id.

    What people said to the date is their answer to the invitation.

    Raises:
        PollClosed: when a date was fixed, or the poll given up, before.
        OptionUnknown: for a date that is not of this poll.
        DatePassed: for one that has begun.
    """
    _close(poll, now)
    date = next((date for date in queries.asked_dates(poll.id, by.person_id) if date.id == option_id), None)
    if date is None:
        raise rules.OptionUnknown
    if date.starts_at <= now:
        raise rules.DatePassed
    subject = Subject(poll.title, poll.agenda, poll.place, poll.video_url)
    plan = Plan(subject, date.span)
    meeting_id = actions.make_meeting(Audience((poll.group_id,)), plan, by=by, now=now, of_poll=(poll.id, option_id))
    record("poll.date_fixed", actor_id=by.account_id, now=now, subject=scope(poll.id), detail=f"meeting:{meeting_id}")
    return meeting_id


def give_up_poll(poll: Poll, *, by: Actor, now: datetime) -> None:
    """Close the poll without a date; those who had answered are told, for they keep the dates free.

    Raises:
        PollClosed: when a date was fixed, or the poll given up, before.
    """
    _close(poll, now)
    _tell(notice_kinds.POLL_GIVEN_UP, poll, poll_queries.answered_ids(poll.id), by=by, now=now)
    record("poll.given_up", actor_id=by.account_id, now=now, subject=scope(poll.id))


def take_up_again(poll: Poll, *, by: Actor, now: datetime) -> None:
    """Open a poll that was given up, as it was; those who had answered are told, for they keep the dates free again."""
    poll.closed_at = None
    after = {"is_open_again": True}
    _tell(notice_kinds.POLL_CHANGED, poll, poll_queries.answered_ids(poll.id), by=by, now=now, after=after)


def _tell(
    kind: str, poll: Poll, answered: Iterable[int], *, by: Actor, now: datetime, after: Mapping[str, Any] | None = None
) -> None:
    """Tell those who had answered, and are still in the group."""
    inside = group_queries.those_inside(poll.group_id, {*answered})
    notify(kind, sorted(inside), About(scope(poll.id), after=after or {}), by=by.account_id, now=now)


def _close(poll: Poll, now: datetime) -> None:
    revisions.bump(groups.scope(poll.group_id), revisions.MEETINGS, scope(poll.id))
    # Under the lock of the scopes: whoever came first has closed it by now.
    db.session.refresh(poll, ["closed_at"])
    if poll.closed_at is not None or queries.meeting_of_poll(poll.id):
        raise rules.PollClosed
    poll.closed_at = now


def drop_doubles(answer_ids: Collection[int]) -> None:
    """Let one of two answers of whoever turned out to be one person go; who merges them holds the polls' locks."""
    db.session.execute(delete(PollAnswer).where(PollAnswer.id.in_(answer_ids)))
