"""What is changed in groups.

Each action bumps its group first: its row is the lock under which people come,
go and lead.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from cpts_net.audit.actions import record
from cpts_net.directory.models import Person
from cpts_net.groups import notice_kinds, queries, rules
from cpts_net.groups.dates import group_dates
from cpts_net.groups.models import ONE_STAY, Group, Membership, Post
from cpts_net.groups.rules import MembershipRole
from cpts_net.notices.actions import About, notify
from cpts_net.notices.unheard import take_back
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

AT_ONCE = timedelta(minutes=1)
# One stay at a time for somebody in a group, as PostgreSQL and as SQLite call what refuses a second.
ONE_STAY_AT_A_TIME = (ONE_STAY, "membership.group_id, membership.person_id")


def scope(group_id: int) -> str:
    """The scope of everything that a group's page shows."""
    return f"group:{group_id}"


def create_group(
    name: str, purpose: str, *, is_private: bool, lead_ids: Collection[int], actor_id: int, now: datetime
) -> int:
    """Open a group with those who lead it; return its id.

    Raises:
        NameTaken: when a group has this name.
        GuestsOnlyVisit: when one of them has the account of a guest.
    """
    _check_name(name)
    _check_role(MembershipRole.LEAD, lead_ids)
    group = Group(name=name, purpose=purpose, is_private=is_private, created_at=now, memberships=[])
    for person_id in dict.fromkeys(lead_ids):
        group.memberships.append(Membership(person_id=person_id, role=MembershipRole.LEAD, joined_at=now))
    db.session.add(group)
    db.session.flush()
    revisions.bump(scope(group.id))
    notify(notice_kinds.LEAD_NAMED, lead_ids, About(scope(group.id)), by=actor_id, now=now)
    record("group.created", actor_id=actor_id, now=now, subject=scope(group.id), detail=name)
    return group.id


def change_group(group: Group, name: str, purpose: str, *, is_private: bool, actor_id: int, now: datetime) -> None:
    """Say anew what a group is.

    Raises:
        NameTaken: when another group has this name.
    """
    _check_name(name, but=group.id)
    revisions.bump(scope(group.id))
    group.name, group.purpose, group.is_private = name, purpose, is_private
    record("group.changed", actor_id=actor_id, now=now, subject=scope(group.id), detail=name)


def _check_name(name: str, *, but: int | None = None) -> None:
    """Refuse a name that is taken; under the lock of all names, so that no two at once get one."""
    revisions.bump(revisions.GROUPS)
    if queries.is_name_taken(name, but=but):
        raise rules.NameTaken


def add_member(group_id: int, person_id: int, *, as_guest: bool = False, actor_id: int | None, now: datetime) -> None:
    """Bring somebody into a group, who begins a stay there and is told; nothing happens when they are in it.

    Whoever has the account of a guest comes as one. Who is asked to several
    meetings is told of the group by the same mail.

    Raises:
        PersonUnknown: when there is no such person.
    """
    revisions.bump(scope(group_id))
    if queries.membership(group_id, person_id):
        return
    if db.session.get(Person, person_id) is None:
        raise rules.PersonUnknown
    is_guest = as_guest or bool(queries.guests_among([person_id]))
    role = MembershipRole.GUEST if is_guest else MembershipRole.MEMBER
    if not _is_begun(Membership(group_id=group_id, person_id=person_id, role=role, joined_at=now)):
        return
    if not group_dates().welcome(group_id, person_id, now):
        notify(notice_kinds.ADDED, [person_id], About(scope(group_id)), by=actor_id, now=now)
    record("group.joined", actor_id=actor_id, now=now, subject=scope(group_id), detail=f"person:{person_id}")


def _is_begun(stay: Membership) -> bool:
    """Whether the stay begins; the index decides should somebody have brought them in by other ways."""
    try:
        with db.session.begin_nested():
            db.session.add(stay)
    except IntegrityError as violated:
        if any(name in str(violated.orig) for name in ONE_STAY_AT_A_TIME):
            return False
        raise
    return True


def remove_member(group_id: int, person_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take somebody out of a group, and tell them, unless they have not heard yet that they were in it.

    Raises:
        PersonUnknown: when they are not in it.
        LastLeadLeaves: when nobody else leads it.
    """
    end_stay(group_id, person_id, actor_id=actor_id, now=now)
    if not take_back(notice_kinds.ADDED, scope(group_id), person_id):
        notify(notice_kinds.REMOVED, [person_id], About(scope(group_id)), by=actor_id, now=now)


def end_stay(group_id: int, person_id: int, *, actor_id: int | None, now: datetime) -> None:
    """End somebody's stay in a group, which is kept.

    Raises:
        PersonUnknown: when they are not in it.
        LastLeadLeaves: when nobody else leads it.
    """
    revisions.bump(scope(group_id))
    rules.check_leads_remain(queries.lead_ids(group_id), person_id)
    _membership(group_id, person_id).left_at = now
    db.session.flush()
    group_dates().farewell(group_id, person_id, actor_id, now)
    record("group.left", actor_id=actor_id, now=now, subject=scope(group_id), detail=f"person:{person_id}")


def set_lead(group_id: int, person_id: int, *, is_lead: bool, actor_id: int | None, now: datetime) -> None:
    """Let somebody of the group lead it, or no longer.

    Raises:
        PersonUnknown: when they are not in it.
        LastLeadLeaves: when nobody else leads it.
        GuestsOnlyVisit: when they have the account of a guest.
    """
    revisions.bump(revisions.GROUPS, scope(group_id))
    membership = _membership(group_id, person_id)
    if is_lead:
        _check_role(MembershipRole.LEAD, [person_id])
        if not membership.is_lead:
            notify(notice_kinds.LEAD_NAMED, [person_id], About(scope(group_id)), by=actor_id, now=now)
        membership.role = MembershipRole.LEAD
    elif membership.is_lead:
        rules.check_leads_remain(queries.lead_ids(group_id), person_id)
        membership.role = MembershipRole.MEMBER
    action = "group.lead_named" if is_lead else "group.lead_released"
    record(action, actor_id=actor_id, now=now, subject=scope(group_id), detail=f"person:{person_id}")


def let_visit(person_id: int) -> None:
    """Let somebody whose account becomes a guest's be a guest in each of their groups.

    Raises:
        LastLeadLeaves: when nobody else leads one of them.
    """
    group_ids = db.session.scalars(queries.group_ids_of(person_id)).all()
    revisions.bump(revisions.GROUPS, *map(scope, group_ids))
    for group_id in group_ids:
        rules.check_leads_remain(queries.lead_ids(group_id), person_id)
        _membership(group_id, person_id).role = MembershipRole.GUEST


def let_belong(person_id: int) -> None:
    """Let somebody whose account is a guest's no longer be a member of the groups in which they were a guest."""
    group_ids = db.session.scalars(queries.group_ids_of(person_id)).all()
    revisions.bump(revisions.GROUPS, *map(scope, group_ids))
    for group_id in group_ids:
        stay = _membership(group_id, person_id)
        if stay.is_guest:
            stay.role = MembershipRole.MEMBER


def _check_role(role: MembershipRole, person_ids: Collection[int]) -> None:
    rules.check_role(role, has_guest_account=bool(queries.guests_among(person_ids)))


def _membership(group_id: int, person_id: int) -> Membership:
    membership = queries.membership(group_id, person_id)
    if membership is None:
        raise rules.PersonUnknown
    return membership


def write_post(group_id: int, author_id: int, body: str, *, actor_id: int | None = None, now: datetime) -> None:
    """Add a message to the thread, and tell the others; the same one at once again is the form sent twice, and adds nothing.

    Raises:
        PersonUnknown: when the author left the group meanwhile.
    """
    revisions.bump(scope(group_id))
    _membership(group_id, author_id)
    if queries.is_said_since(group_id, author_id, body, now - AT_ONCE):
        return
    post = Post(group_id=group_id, author_id=author_id, body=body, created_at=now)
    db.session.add(post)
    db.session.flush()
    others = queries.person_ids([group_id]) - {author_id}
    notify(notice_kinds.POSTED, sorted(others), About(f"post:{post.id}"), by=actor_id, now=now)


def delete_post(post: Post, *, actor_id: int, now: datetime) -> None:
    """Take a message out of the thread."""
    revisions.bump(scope(post.group_id))
    db.session.delete(post)
    record("group.post_deleted", actor_id=actor_id, now=now, subject=scope(post.group_id), detail=f"post:{post.id}")
