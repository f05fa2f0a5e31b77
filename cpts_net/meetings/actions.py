"""What is changed in meetings and in the invitations to them.

The scopes are bumped in one order, group before meetings, so that two writers
wait for each other and never crosswise. What changes an invitation's calendar
entry also has people told, in the same transaction; whoever knows the meeting
as it stands is not told again.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import update

from cpts_net.audit.actions import record
from cpts_net.groups import actions as groups
from cpts_net.groups import queries as group_queries
from cpts_net.meetings import queries, rules
from cpts_net.meetings.drafts import Actor, Plan
from cpts_net.meetings.models import Answer, Invitation, Meeting
from cpts_net.outbox import jobs
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

MAIL = "meeting-invitations"


def subject_of(meeting_id: int) -> str:
    """How the trail names a meeting."""
    return f"meeting:{meeting_id}"


def make_meeting(group_id: int, plan: Plan, *, by: Actor, now: datetime, of_poll: tuple[int, int] | None = None) -> int:
    """Fix a meeting of a group and ask everybody in it; return the meeting's id.

    The same form sent twice makes one meeting: nobody wants two invitations.
    ``of_poll`` is the poll that it comes out of, and the date; whoever
    answered that date is not asked again.

    Raises:
        DatePassed: when it would have begun.
    """
    _bump(group_id)
    if plan.span.start <= now:
        raise rules.DatePassed
    poll_id, option_id = of_poll or (None, None)
    if poll_id is None and (known := queries.meeting_said_twice(group_id, plan)):
        return known
    meeting = Meeting(
        group_id=group_id,
        poll_id=poll_id,
        title=plan.subject.title,
        agenda=plan.subject.agenda,
        place=plan.subject.place,
        video_url=plan.subject.video_url,
        starts_at=plan.span.start,
        ends_at=plan.span.end,
        created_by_id=by.person_id,
        created_at=now,
        invitations=[*_invitations(group_queries.person_ids([group_id]), option_id)],
    )
    db.session.add(meeting)
    db.session.flush()
    _tell([meeting.id], now)
    record("meeting.planned", actor_id=by.account_id, now=now, subject=subject_of(meeting.id), detail=meeting.title)
    return meeting.id


def _invitations(person_ids: Iterable[int], option_id: int | None) -> Iterator[Invitation]:
    """One for each, with what they said to that date of a poll, if there was one."""
    said = queries.said_to(option_id) if option_id else {}
    for person_id in sorted(person_ids):
        answer, answered_at = said.get(person_id, (None, None))
        yield Invitation(person_id=person_id, answer=answer, answered_at=answered_at)


def change_meeting(meeting: Meeting, plan: Plan, *, by: Actor, now: datetime, seen: str | None = None) -> bool:
    """Say anew what a meeting is; at another time, everybody is asked again.

    Returns whether people are told: of another time, place or title they are.

    Raises:
        MeetingCancelled, MeetingOver: when it is no longer ahead.
        DatePassed: when it would move into the past.
        MeetingChanged: when somebody else moved it since it was ``seen``.
    """
    _bump(meeting.group_id)
    db.session.refresh(meeting)
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    rules.check_seen(seen, meeting.as_seen)
    before, known = (meeting.starts_at, meeting.ends_at), (meeting.title, meeting.as_seen)
    if before != (plan.span.start, plan.span.end):
        if plan.span.start <= now:
            raise rules.DatePassed
        _ask_again(meeting.id)
    meeting.starts_at, meeting.ends_at = plan.span.start, plan.span.end
    meeting.title, meeting.agenda = plan.subject.title, plan.subject.agenda
    meeting.place, meeting.video_url = plan.subject.place, plan.subject.video_url
    if is_news := known != (meeting.title, meeting.as_seen):
        _tell([meeting.id], now)
    detail = f"{before[0].isoformat()} -> {plan.span.start.isoformat()}"
    record("meeting.changed", actor_id=by.account_id, now=now, subject=subject_of(meeting.id), detail=detail)
    return is_news


def _ask_again(meeting_id: int) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.meeting_id == meeting_id)
        .values(answer=None, answered_at=None)
        .execution_options(synchronize_session=False)
    )


def cancel_meeting(meeting: Meeting, *, by: Actor, now: datetime, seen: str | None = None) -> None:
    """Call a meeting off.

    Raises:
        MeetingCancelled, MeetingOver: when it is no longer ahead.
        MeetingChanged: when it moved since it was ``seen``.
    """
    _bump(meeting.group_id)
    db.session.refresh(meeting)
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    rules.check_seen(seen, meeting.as_seen)
    meeting.cancelled_at = now
    _tell([meeting.id], now)
    record("meeting.cancelled", actor_id=by.account_id, now=now, subject=subject_of(meeting.id))


def answer_meeting(meeting: Meeting, person_id: int, answer: Answer, *, seen: str | None, now: datetime) -> None:
    """Record whether a member comes; somebody of the group who was not asked, is from now on.

    ``seen`` is what the meeting was to whoever answers, if they saw a page at all.

    Raises:
        MeetingCancelled, MeetingOver: when it is no longer ahead.
        MeetingChanged: when it moved meanwhile.
    """
    revisions.bump(revisions.MEETINGS)
    db.session.refresh(meeting, ["starts_at", "ends_at", "place", "video_url", "cancelled_at"])
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    rules.check_seen(seen, meeting.as_seen)
    invitation = queries.invitation(meeting.id, person_id)
    if invitation is None:
        invitation = Invitation(meeting_id=meeting.id, person_id=person_id)
        db.session.add(invitation)
    invitation.answer, invitation.answered_at = answer, now


def ask_newcomer(group_id: int, person_id: int, *, now: datetime) -> None:
    """Ask somebody who came into a group to its meetings ahead; one mail tells them of all."""
    revisions.bump(revisions.MEETINGS)
    asked = []
    for meeting in queries.meetings_ahead(group_id, now, limit=None):
        if meeting.cancelled_at is None and queries.invitation(meeting.id, person_id) is None:
            db.session.add(Invitation(meeting_id=meeting.id, person_id=person_id))
            asked.append(meeting.id)
            if meeting.edition:  # Somebody was withdrawn before, perhaps they.
                meeting.edition += 1
    _tell(asked, now, person_id)


def forget_leaver(group_id: int, person_id: int, *, now: datetime) -> None:
    """Take somebody who left a group out of its meetings ahead; what they attended stays."""
    revisions.bump(revisions.MEETINGS)
    left = []
    for meeting in queries.meetings_ahead(group_id, now, limit=None):
        if invitation := queries.invitation(meeting.id, person_id):
            db.session.delete(invitation)
            left.append(meeting.id)
            meeting.edition += 1
    _tell(left, now, person_id)


def _bump(group_id: int) -> None:
    # The group's row is the lock under which people come and go.
    revisions.bump(groups.scope(group_id), revisions.MEETINGS)


def _tell(meeting_ids: list[int], now: datetime, person_id: int | None = None) -> None:
    """Have people told: one member, or all whom the meetings concern."""
    if meeting_ids:
        jobs.enqueue(MAIL, {"meeting_ids": meeting_ids, "person_id": person_id}, now)
