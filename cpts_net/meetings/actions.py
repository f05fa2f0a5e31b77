"""What is changed in meetings and in the invitations to them.

The scopes are bumped in one order, group before meetings, so that two writers
wait for each other and never crosswise. What changes an invitation's calendar
entry also queues the mails, in the same transaction; whoever has had the mail
about a meeting as it stands gets no second one.
"""

from datetime import datetime

from sqlalchemy import update

from cpts_net.audit.actions import record
from cpts_net.groups import actions as groups
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


def make_meeting(group_id: int, plan: Plan, *, by: Actor, now: datetime, poll_id: int | None = None) -> int:
    """Fix a meeting of a group and ask everybody in it; return the meeting's id.

    The same form sent twice makes one meeting: nobody wants two invitations.

    Raises:
        DatePassed: when it would have begun.
    """
    _bump(group_id)
    if plan.span.start <= now:
        raise rules.DatePassed
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
        created_by_id=by.member_id,
        created_at=now,
        invitations=[Invitation(member_id=member_id) for member_id in queries.member_ids(group_id)],
    )
    db.session.add(meeting)
    db.session.flush()
    _tell(meeting.id, now)
    record("meeting.planned", actor_id=by.account_id, now=now, subject=subject_of(meeting.id), detail=meeting.title)
    return meeting.id


def change_meeting(meeting: Meeting, plan: Plan, *, by: Actor, now: datetime) -> None:
    """Say anew what a meeting is; at another time, everybody is asked again.

    Raises:
        MeetingCancelled, MeetingOver: when it is no longer ahead.
        DatePassed: when it would move into the past.
    """
    _bump(meeting.group_id)
    db.session.refresh(meeting, ["starts_at", "ends_at", "cancelled_at"])
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    before = (meeting.starts_at, meeting.ends_at)
    if before != (plan.span.start, plan.span.end):
        if plan.span.start <= now:
            raise rules.DatePassed
        _ask_again(meeting.id)
    meeting.starts_at, meeting.ends_at = plan.span.start, plan.span.end
    meeting.title, meeting.agenda = plan.subject.title, plan.subject.agenda
    meeting.place, meeting.video_url = plan.subject.place, plan.subject.video_url
    _tell(meeting.id, now)
    detail = f"{before[0].isoformat()} -> {plan.span.start.isoformat()}"
    record("meeting.changed", actor_id=by.account_id, now=now, subject=subject_of(meeting.id), detail=detail)


def _ask_again(meeting_id: int) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.meeting_id == meeting_id)
        .values(answer=None, answered_at=None)
        .execution_options(synchronize_session=False)
    )


def cancel_meeting(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    """Call a meeting off.

    Raises:
        MeetingCancelled, MeetingOver: when it is no longer ahead.
    """
    _bump(meeting.group_id)
    db.session.refresh(meeting, ["ends_at", "cancelled_at"])
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    meeting.cancelled_at = now
    _tell(meeting.id, now, is_cancelled=True)
    record("meeting.cancelled", actor_id=by.account_id, now=now, subject=subject_of(meeting.id))


def answer_meeting(meeting: Meeting, member_id: int, answer: Answer, *, now: datetime) -> None:
    """Record whether a member comes; somebody of the group who was not asked, is from now on.

    Raises:
        MeetingCancelled, MeetingOver: when it is no longer ahead.
    """
    revisions.bump(revisions.MEETINGS)
    db.session.refresh(meeting, ["ends_at", "cancelled_at"])
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    invitation = queries.invitation(meeting.id, member_id)
    if invitation is None:
        invitation = Invitation(meeting_id=meeting.id, member_id=member_id)
        db.session.add(invitation)
    invitation.answer, invitation.answered_at = answer, now


def ask_newcomer(group_id: int, member_id: int, *, now: datetime) -> None:
    """Ask somebody who came into a group to its meetings ahead."""
    revisions.bump(revisions.MEETINGS)
    for meeting in queries.meetings_ahead(group_id, now, limit=None):
        if meeting.cancelled_at is None and queries.invitation(meeting.id, member_id) is None:
            db.session.add(Invitation(meeting_id=meeting.id, member_id=member_id))
            _tell(meeting.id, now)


def forget_leaver(group_id: int, member_id: int, *, now: datetime) -> None:
    """Take somebody who left a group out of its meetings ahead; what they attended stays."""
    revisions.bump(revisions.MEETINGS)
    for meeting in queries.meetings_ahead(group_id, now, limit=None):
        if invitation := queries.invitation(meeting.id, member_id):
            db.session.delete(invitation)
            _tell(meeting.id, now)


def _bump(group_id: int) -> None:
    revisions.bump(groups.scope(group_id))
    revisions.bump(revisions.MEETINGS)


def _tell(meeting_id: int, now: datetime, *, is_cancelled: bool = False) -> None:
    jobs.enqueue(MAIL, {"meeting_id": meeting_id, "cancelled": is_cancelled}, now)
