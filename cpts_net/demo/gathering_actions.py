"""Writing the groups of the demonstration, their meetings and their poll."""

from datetime import datetime, timedelta

from cpts_net.demo.community import Community
from cpts_net.demo.gatherings import PlannedGroup, PlannedMeeting, PlannedPoll
from cpts_net.demo.rows import Ids, insert_rows
from cpts_net.groups.models import Group, Membership, Post
from cpts_net.groups.rules import MembershipRole
from cpts_net.meetings.models import Invitation, Meeting, MeetingGroup, Poll, PollAnswer, PollOption
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

SINCE = timedelta(days=290)
INVITED_BEFORE = timedelta(days=30)
ANSWERED_BEFORE = timedelta(days=20)
POLL_OPENED_BEFORE = timedelta(days=3)


def write(community: Community, ids: Ids, morning: datetime) -> None:
    """Write what the community has planned; ``morning`` is midnight before its day."""
    for group in community.groups:
        row = _group(group, ids, morning)
        db.session.add(row)
        db.session.flush()
        revisions.bump(f"group:{row.id}")
        insert_rows(
            Post,
            [
                {"group_id": row.id, "author_id": ids[post.author], "body": post.body, "created_at": post.at}
                for post in sorted(group.posts, key=lambda post: post.at)
            ],
        )
        for meeting in community.meetings[group.name]:
            db.session.add(_meeting(meeting, row.id, ids, ids[group.leads[0]], morning))
        if group is community.groups[0]:
            poll = _poll(community.poll, row.id, ids, ids[group.leads[0]], morning)
            db.session.add(poll)
            db.session.flush()
            revisions.bump(f"poll:{poll.id}")


def _group(planned: PlannedGroup, ids: Ids, morning: datetime) -> Group:
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
        ],
    )


def _meeting(planned: PlannedMeeting, group_id: int, ids: Ids, lead_id: int, morning: datetime) -> Meeting:
    known = min(planned.span.start, morning)
    return Meeting(
        meeting_groups=[MeetingGroup(group_id=group_id)],
        title=planned.title,
        agenda=planned.agenda,
        place=planned.place,
        video_url=planned.video_url,
        starts_at=planned.span.start,
        ends_at=planned.span.end,
        created_by_id=lead_id,
        created_at=known - INVITED_BEFORE,
        invitations=[
            Invitation(
                person_id=ids[rpps], answer=answer, answered_at=known - ANSWERED_BEFORE if answer is not None else None
            )
            for rpps, answer in planned.answers.items()
        ],
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
                ],
            )
            for number, option in enumerate(planned.options)
        ],
    )
