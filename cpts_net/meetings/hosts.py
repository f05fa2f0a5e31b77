"""Whose a meeting is: the groups that hold it, as one reader may know them, and where that reader stands."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, or_, select, tuple_

from cpts_net.directory.models import Person
from cpts_net.groups.models import Group, Membership
from cpts_net.groups.queries import LEADS, group_ids_of, live, visible_to
from cpts_net.groups.rules import MembershipRole
from cpts_net.meetings.models import Invitation, Meeting, MeetingGroup
from cpts_net.meetings.policy import MeetingStanding
from cpts_net.storage.connections import db


class Host(NamedTuple):
    """A group that holds a meeting, and what the reader is in it, if anything."""

    id: int
    name: str
    is_private: bool
    role: str | None
    is_told: bool  # Whether the reader may know that it holds the meeting.


# Written out once: every page of a meeting asks it.
_READER: BindParameter[int] = bindparam("person_id")
_HOSTS = (
    select(
        *(MeetingGroup.meeting_id, Group.id, Group.name, Group.is_private),
        Membership.role,
        visible_to(_READER).label("is_told"),
    )
    .join(Group, Group.id == MeetingGroup.group_id)
    .outerjoin(Membership, (Membership.group_id == Group.id) & (Membership.person_id == _READER) & live())
    .where(MeetingGroup.meeting_id.in_(bindparam("meeting_ids", expanding=True)))
    .order_by(MeetingGroup.id)
)


def hosts(meeting_ids: Collection[int], person_id: int) -> dict[int, list[Host]]:
    """The groups that hold each meeting, in the order in which they were named; none for many."""
    rows = db.session.execute(_HOSTS, {"meeting_ids": [*meeting_ids], "person_id": person_id})
    found: dict[int, list[Host]] = {meeting_id: [] for meeting_id in meeting_ids}
    for row in rows:
        found[row.meeting_id].append(Host(row.id, row.name, row.is_private, row.role, bool(row.is_told)))
    return found


def group_ids(meeting_id: int) -> list[int]:
    """The groups that hold a meeting, in the order in which they were named."""
    named = select(MeetingGroup.group_id).where(MeetingGroup.meeting_id == meeting_id)
    return list(db.session.scalars(named.order_by(MeetingGroup.id)))


def looked_after_by(meeting: Meeting) -> set[int]:
    """Those who count on the people asked to a meeting: its maker, and the leads of its groups."""
    named = select(MeetingGroup.group_id).where(MeetingGroup.meeting_id == meeting.id)
    leading = select(Membership.person_id).where(Membership.group_id.in_(named), LEADS, live())
    return {*db.session.scalars(leading), *filter(None, [meeting.created_by_id])}


class Gone(NamedTuple):
    """Somebody who is not asked to a meeting any more."""

    name: str
    title: str
    starts_at: datetime
    is_off: bool


def gone(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Gone]:
    """Of each (person, meeting) where the person is not asked any more, what is to be said of it."""
    person_ids, meeting_ids = ({pair[at] for pair in pairs} for at in (0, 1))
    people = {each.id: each for each in db.session.scalars(select(Person).where(Person.id.in_(person_ids)))}
    meetings = {each.id: each for each in db.session.scalars(select(Meeting).where(Meeting.id.in_(meeting_ids)))}
    place = tuple_(Invitation.person_id, Invitation.meeting_id)
    still = {
        tuple(row)
        for row in db.session.execute(select(Invitation.person_id, Invitation.meeting_id).where(place.in_(pairs)))
    }
    return {
        (person, meeting): Gone(
            people[person].display_name,
            meetings[meeting].title,
            meetings[meeting].starts_at,
            is_off=meetings[meeting].cancelled_at is not None,
        )
        for person, meeting in set(pairs) - still
        if person in people and meeting in meetings
    }


def names_told(hosts: Sequence[Host]) -> list[str]:
    """What the reader is told of whose a meeting is."""
    return [host.name for host in hosts if host.is_told]


def of_group(group_id: int) -> ColumnElement[bool]:
    """The meetings that a group holds, alone or with others."""
    return exists().where(MeetingGroup.meeting_id == Meeting.id, MeetingGroup.group_id == group_id)


def seen_by(person_id: int) -> ColumnElement[bool]:
    """The meetings of somebody who is no staff: those of their groups, those they are asked to, those they made."""
    held = select(MeetingGroup.meeting_id).where(MeetingGroup.group_id.in_(group_ids_of(person_id)))
    asked = select(Invitation.meeting_id).where(Invitation.person_id == person_id)
    return or_(Meeting.id.in_(held), Meeting.id.in_(asked), Meeting.created_by_id == person_id)


def standing(meeting: Meeting, held_by: Sequence[Host], person_id: int, *, is_staff: bool) -> MeetingStanding:
    """Where somebody stands towards a meeting."""
    is_asked = exists().where(Invitation.meeting_id == meeting.id, Invitation.person_id == person_id)
    return MeetingStanding(
        person_id=person_id,
        is_in_group=any(host.role for host in held_by),
        is_lead=any(host.role == MembershipRole.LEAD for host in held_by),
        is_asked=bool(db.session.scalar(select(is_asked))),
        is_maker=meeting.created_by_id == person_id,
        is_staff=is_staff,
    )
