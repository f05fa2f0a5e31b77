"""Writing the groups of the demonstration, their meetings and their poll."""

from datetime import datetime, timedelta

from cpts_net.audit.actions import record
from cpts_net.demo.community import Community
from cpts_net.demo.gatherings import PlannedGroup, PlannedMeeting, PlannedPoll
from cpts_net.demo.rows import Ids, insert_rows
from cpts_net.groups.models import Group, Membership, Post
from cpts_net.groups.rules import MembershipRole
from cpts_net.meetings.models import Invitation, Meeting, MeetingGroup, Poll, PollAnswer, PollOption
from cpts_net.meetings.notice_kinds import POLL_PROPOSED
from cpts_net.notices.models import Notice
from cpts_net.outbox import plain_values
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

SINCE = timedelta(days=290)
INVITED_BEFORE = timedelta(days=30)
ANSWERED_BEFORE = timedelta(days=20)
POLL_OPENED_BEFORE = timedelta(days=3)
PUT_RIGHT_BEFORE = timedelta(days=1)


def write(community: Community, ids: Ids, coordinator_id: int, morning: datetime) -> None:
    """Write what the community has planned; ``morning`` is midnight before its day.

    The coordinator is in the first group, and calls a meeting of no group.
    """
    numbers: dict[str, int] = {}
    for group in community.groups:
        is_first = group is community.groups[0]
        row = _group(group, ids, morning, [coordinator_id] if is_first else [])
        db.session.add(row)
        db.session.flush()
        numbers[group.name] = row.id
        revisions.bump(f"group:{row.id}")
        insert_rows(
            Post,
            [
                {"group_id": row.id, "author_id": ids[post.author], "body": post.body, "created_at": post.at}
                for post in sorted(group.posts, key=lambda post: post.at)
            ],
        )
        for meeting in community.meetings[group.name]:
            held_by = [row.id, *([numbers[meeting.also_of]] if meeting.also_of else [])]
            asked = [coordinator_id] if numbers[community.groups[0].name] in held_by else []
            db.session.add(_meeting(meeting, held_by, ids, ids[group.leads[0]], asked, morning))
        if is_first:
            poll = _poll(community.poll, row.id, ids, ids[group.leads[0]], morning)
            db.session.add(poll)
            db.session.flush()
            revisions.bump(f"poll:{poll.id}")
            insert_rows(Notice, _told_of(poll, row))
            put_right = morning - PUT_RIGHT_BEFORE
            record("poll.changed", actor_id=None, now=put_right, subject=f"poll:{poll.id}", detail=poll.title)
    db.session.add(_meeting(community.huddle, [], ids, coordinator_id, [coordinator_id], morning))


def _told_of(poll: Poll, group: Group) -> list[dict[str, object]]:
    """What everybody in the group but its maker was told of a poll; who answered has seen it."""
    answered = {answer.person_id: answer.answered_at for option in poll.options for answer in option.answers}
    about = {"subject": f"poll:{poll.id}", "before": {}, "after": plain_values.written({"deadline": poll.deadline})}
    told = {"kind": POLL_PROPOSED, "occasion": "demonstration", "at": poll.created_at, "by_id": poll.created_by_id}
    return [
        {"person_id": stay.person_id, "seen_at": answered.get(stay.person_id), **about, **told}
        for stay in group.memberships
        if stay.person_id != poll.created_by_id
    ]


def _group(planned: PlannedGroup, ids: Ids, morning: datetime, others: list[int]) -> Group:
    return Group(
        name=planned.name,
        purpose=planned.purpose,
        is_private=planned.is_private,
        created_at=morning - SINCE,
        memberships=[
            Membership(
                person_id=ids[rpps],
                role=MembershipRole.LEAD if rpps in planned.leads else MembershipRole.MEMBER,
                joined_at=morning - SINCE,
            )
            for rpps in planned.people
        ]
        + [Membership(person_id=each, joined_at=morning - SINCE) for each in others],
    )


def _meeting(
    planned: PlannedMeeting, held_by: list[int], ids: Ids, maker_id: int, others: list[int], morning: datetime
) -> Meeting:
    known = min(planned.span.start, morning)
    return Meeting(
        meeting_groups=[MeetingGroup(group_id=group_id) for group_id in held_by],
        title=planned.title,
        agenda=planned.agenda,
        place=planned.place,
        video_url=planned.video_url,
        starts_at=planned.span.start,
        ends_at=planned.span.end,
        created_by_id=maker_id,
        created_at=known - INVITED_BEFORE,
        invitations=[
            Invitation(
                person_id=ids[rpps],
                is_personal=not held_by,
                answer=answer,
                answered_at=known - ANSWERED_BEFORE if answer is not None else None,
            )
            for rpps, answer in planned.answers.items()
        ]
        + [Invitation(person_id=each, is_personal=not held_by) for each in others],
    )


def _poll(planned: PlannedPoll, group_id: int, ids: Ids, lead_id: int, morning: datetime) -> Poll:
    opened = morning - POLL_OPENED_BEFORE
    return Poll(
        group_id=group_id,
        title=planned.title,
        agenda=planned.agenda,
        place=planned.place,
        deadline=planned.deadline,
        created_by_id=lead_id,
        created_at=opened,
        options=[
            PollOption(
                starts_at=option.start,
                ends_at=option.end,
                answers=[
                    PollAnswer(person_id=ids[rpps], answer=answers[number], answered_at=opened + timedelta(hours=20))
                    for rpps, answers in planned.answers.items()
                    if number < len(answers)
                ],
            )
            for number, option in enumerate(planned.options)
        ],
    )
