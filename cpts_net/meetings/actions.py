"""What is changed in meetings and in the invitations to them.

The scopes are bumped in one order, group before meetings, so that two writers
wait for each other and never crosswise. What changes an invitation's calendar
entry also has people told, in the same transaction; whoever knows the meeting
as it stands is not told again.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update

from cpts_net.audit.actions import record
from cpts_net.groups import actions as groups
from cpts_net.groups import queries as group_queries
from cpts_net.meetings import hosts, notice_kinds, queries, rules
from cpts_net.meetings.drafts import Actor, Audience, Plan
from cpts_net.meetings.models import Answer, Invitation, Meeting, MeetingGroup
from cpts_net.notices.actions import About, notify
from cpts_net.storage import revisions
from cpts_net.storage.connections import db


def subject_of(meeting_id: int) -> str:
    """How the trail names a meeting."""
    return f"meeting:{meeting_id}"


def make_meeting(
    audience: Audience, plan: Plan, *, by: Actor, now: datetime, of_poll: tuple[int, int] | None = None
) -> int:
    """Fix a meeting and ask everybody in its groups, and the people named; return the meeting's id.

    Whoever makes one of no group is asked too. The same form sent twice makes
    one meeting: nobody wants two invitations. ``of_poll`` is the poll that it
    comes out of, and the date; whoever answered that date is not asked again.

    Raises:
        DatePassed: when it would have begun.
        NobodyAsked: when there is neither a group nor anybody.
    """
    if not (audience.group_ids or audience.person_ids):
        raise rules.NobodyAsked
    lock(audience.group_ids)
    if plan.span.start <= now:
        raise rules.DatePassed
    poll_id, option_id = of_poll or (None, None)
    if poll_id is None and (known := queries.meeting_said_twice(audience, plan, by.person_id)):
        return known
    meeting = Meeting(
        poll_id=poll_id,
        title=plan.subject.title,
        agenda=plan.subject.agenda,
        place=plan.subject.place,
        video_url=plan.subject.video_url,
        starts_at=plan.span.start,
        ends_at=plan.span.end,
        created_by_id=by.person_id,
        created_at=now,
        meeting_groups=[MeetingGroup(group_id=group_id) for group_id in audience.group_ids],
        invitations=[*_invitations(_with_maker(audience, by), option_id)],
    )
    db.session.add(meeting)
    db.session.flush()
    asked = [each.person_id for each in meeting.invitations]
    tell(notice_kinds.INVITED, meeting, asked, by.account_id, now, before={"poll_id": poll_id} if poll_id else {})
    record("meeting.planned", actor_id=by.account_id, now=now, subject=subject_of(meeting.id), detail=meeting.title)
    return meeting.id


def _with_maker(audience: Audience, by: Actor) -> Audience:
    if audience.group_ids:
        return audience
    return Audience((), tuple(dict.fromkeys((*audience.person_ids, by.person_id))))


def _invitations(audience: Audience, option_id: int | None) -> Iterator[Invitation]:
    """One for each, with what they said to that date of a poll, if there was one."""
    said = queries.said_to(option_id) if option_id else {}
    for person_id in sorted(group_queries.person_ids(audience.group_ids) | set(audience.person_ids)):
        answer, answered_at = said.get(person_id, (None, None))
        yield Invitation(
            person_id=person_id,
            is_personal=person_id in audience.person_ids,
            answer=answer,
            answered_at=answered_at,
        )


def change_meeting(
    meeting: Meeting, plan: Plan, audience: Audience | None = None, *, by: Actor, now: datetime, seen: str | None = None
) -> bool:
    """Say anew what a meeting is, and whose, unless ``audience`` is None; at another time, everybody is asked again.

    Returns whether people are told: of another time, place or title they are,
    and those who are asked from now on, or no longer.

    Raises:
        MeetingCancelled, MeetingOver: when it is no longer ahead.
        DatePassed: when it would move into the past.
        MeetingChanged: when somebody else moved it since it was ``seen``.
        NobodyAsked: when nobody would be asked any more.
    """
    lock({*hosts.group_ids(meeting.id), *(audience.group_ids if audience else ())})
    db.session.refresh(meeting)
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    rules.check_seen(seen, meeting.as_seen)
    before, known, was = (meeting.starts_at, meeting.ends_at), (meeting.title, meeting.as_seen), _times(meeting)
    if before != (plan.span.start, plan.span.end):
        if plan.span.start <= now:
            raise rules.DatePassed
        _ask_again(meeting.id)
    meeting.starts_at, meeting.ends_at = plan.span.start, plan.span.end
    meeting.title, meeting.agenda = plan.subject.title, plan.subject.agenda
    meeting.place, meeting.video_url = plan.subject.place, plan.subject.video_url
    were_asked = queries.asked_ids(meeting.id)
    are_others = audience is not None and _is_asked_anew(meeting, audience, by.account_id, now)
    if is_news := known != (meeting.title, meeting.as_seen):
        begins_at = min(was["starts_at"], meeting.starts_at)
        about = About(subject_of(meeting.id), was, _times(meeting), begins_at)
        still = [person_id for person_id in queries.asked_ids(meeting.id) if person_id in were_asked]
        notify(notice_kinds.CHANGED, still, about, by=by.account_id, now=now, includes_actor=True)
    detail = f"{before[0].isoformat()} -> {plan.span.start.isoformat()}"
    record("meeting.changed", actor_id=by.account_id, now=now, subject=subject_of(meeting.id), detail=detail)
    return is_news or are_others


def _is_asked_anew(meeting: Meeting, audience: Audience, by: int | None, now: datetime) -> bool:
    """Ask whom the meeting is for from now on, and nobody else; whether somebody comes or goes by that."""
    if not (audience.group_ids or audience.person_ids):
        raise rules.NobodyAsked
    before = hosts.group_ids(meeting.id)
    _name_hosts(meeting, before, audience.group_ids)
    invited = {each.person_id: each for each in queries.invitations(meeting.id)}
    were_asked = group_queries.person_ids(before) | {id for id, each in invited.items() if each.is_personal}
    wanted = group_queries.person_ids(audience.group_ids) | set(audience.person_ids)
    for person_id, invitation in invited.items():
        invitation.is_personal = person_id in audience.person_ids
    gone = (were_asked - wanted) & invited.keys()
    new = wanted - invited.keys()
    for person_id in gone:
        db.session.delete(invited[person_id])
    db.session.add_all(
        Invitation(meeting_id=meeting.id, person_id=person_id, is_personal=person_id in audience.person_ids)
        for person_id in sorted(new)
    )
    if gone or (new and meeting.edition):
        meeting.edition += 1
    db.session.flush()
    tell(notice_kinds.INVITED, meeting, sorted(new), by, now)
    _tell_off(notice_kinds.WITHDRAWN, meeting, sorted(gone), by, now)
    return bool(gone or new)


def _name_hosts(meeting: Meeting, before: Collection[int], after: Collection[int]) -> None:
    gone = set(before) - set(after)
    which = (MeetingGroup.meeting_id == meeting.id, MeetingGroup.group_id.in_(gone))
    db.session.execute(delete(MeetingGroup).where(*which), execution_options={"synchronize_session": False})
    db.session.add_all(
        MeetingGroup(meeting_id=meeting.id, group_id=group_id) for group_id in after if group_id not in before
    )
    db.session.flush()


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
    lock(hosts.group_ids(meeting.id))
    db.session.refresh(meeting)
    rules.check_is_ahead(meeting.ends_at, meeting.cancelled_at, now)
    rules.check_seen(seen, meeting.as_seen)
    meeting.cancelled_at = now
    _tell_off(notice_kinds.CANCELLED, meeting, queries.asked_ids(meeting.id), by.account_id, now)
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


def ask_newcomer(group_id: int, person_id: int, *, now: datetime) -> bool:
    """Ask somebody who came into a group to its meetings ahead; one mail tells them of several, and of the group."""
    revisions.bump(revisions.MEETINGS)
    asked = []
    for meeting in queries.meetings_ahead(group_id, now, limit=None):
        if meeting.cancelled_at is None and queries.invitation(meeting.id, person_id) is None:
            db.session.add(Invitation(meeting_id=meeting.id, person_id=person_id))
            asked.append(meeting)
            if meeting.edition:  # Somebody was withdrawn before, perhaps they.
                meeting.edition += 1
    if len(asked) == 1:
        tell(notice_kinds.INVITED, asked[0], [person_id], None, now)
    elif asked:
        begins_at = min(meeting.starts_at for meeting in asked)
        meeting_ids = [meeting.id for meeting in asked]
        about = About(groups.scope(group_id), after={"meeting_ids": meeting_ids}, begins_at=begins_at)
        notify(notice_kinds.WELCOME, [person_id], about, by=None, now=now)
    return len(asked) > 1


def forget_leaver(group_id: int, person_id: int, *, by: int | None, now: datetime) -> None:
    """Take somebody who left a group out of its meetings ahead; what they attended stays.

    Whoever was asked themselves, or is in another of a meeting's groups, is still asked.
    What they had promised is settled: those who counted on them are told.
    """
    revisions.bump(revisions.MEETINGS)
    ahead = queries.meetings_ahead(group_id, now, limit=None)
    held_by = hosts.hosts([meeting.id for meeting in ahead], person_id)
    for meeting in ahead:
        invitation = queries.invitation(meeting.id, person_id)
        if invitation and not invitation.is_personal and not any(host.role for host in held_by[meeting.id]):
            _take_back(meeting, invitation, by, now)


def withdraw(person_id: int, *, by: int | None, now: datetime) -> None:
    """Ask somebody to no meeting ahead any more, however they were asked; for who leaves the community."""
    revisions.bump(revisions.MEETINGS)
    for meeting in queries.meetings_awaiting(person_id, now):
        if invitation := queries.invitation(meeting.id, person_id):
            _take_back(meeting, invitation, by, now)


def drop_doubles(invitation_ids: Collection[int]) -> None:
    """Let one of two invitations of whoever turned out to be one person go; they stay asked, so nobody is told."""
    revisions.bump(revisions.MEETINGS)
    for invitation in db.session.scalars(select(Invitation).where(Invitation.id.in_(invitation_ids))):
        meeting = db.session.get_one(Meeting, invitation.meeting_id)
        db.session.delete(invitation)
        meeting.edition += 1
    db.session.flush()


def _take_back(meeting: Meeting, invitation: Invitation, by: int | None, now: datetime) -> None:
    """Ask somebody no more; they are told, and where they had said that they come, those who counted on them."""
    db.session.delete(invitation)
    meeting.edition += 1
    db.session.flush()
    _tell_off(notice_kinds.WITHDRAWN, meeting, [invitation.person_id], None, now)
    if meeting.cancelled_at is None and invitation.answer in {Answer.YES, Answer.IF_NEED_BE}:
        _tell_of_broken_promise(meeting, invitation.person_id, by, now)


def _tell_of_broken_promise(meeting: Meeting, person_id: int, by: int | None, now: datetime) -> None:
    about = About(subject_of(meeting.id), after={"person_id": person_id}, begins_at=meeting.starts_at)
    notify(notice_kinds.NOT_COMING, sorted(hosts.looked_after_by(meeting) - {person_id}), about, by=by, now=now)


def lock(group_ids: Iterable[int], *scopes: str) -> None:
    """Take the turn to change meetings of these groups, whose rows are the lock under which people come and go."""
    revisions.bump(*map(groups.scope, group_ids), revisions.MEETINGS, *scopes)


def _times(meeting: Meeting) -> dict[str, datetime]:
    return {"starts_at": meeting.starts_at, "ends_at": meeting.ends_at}


def tell(
    kind: str, meeting: Meeting, people: Iterable[int], by: int | None, now: datetime, before: Mapping[str, int] = {}
) -> None:
    """Tell people of a meeting to which they are asked: who made it as well, for it goes into their calendar."""
    about = About(subject_of(meeting.id), before, _times(meeting), meeting.starts_at)
    notify(kind, people, about, by=by, now=now, includes_actor=True)


def _tell_off(kind: str, meeting: Meeting, person_ids: Iterable[int], by: int | None, now: datetime) -> None:
    """Tell people that a meeting is off, for them at least; they keep reading what it was called."""
    before = {"title": meeting.title, **_times(meeting)}
    about = About(subject_of(meeting.id), before=before, begins_at=meeting.starts_at)
    notify(kind, person_ids, about, by=by, now=now, includes_actor=True)
