"""Reading feeds, and whom to write to about meetings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, or_, select, tuple_

from cpts_net.accounts.models import Account
from cpts_net.calendars.models import Feed, FeedKind, LedgerEntry, SentInvitation, UidHost
from cpts_net.calendars.news import Facts
from cpts_net.directory.models import Person
from cpts_net.groups.models import Group, Membership
from cpts_net.groups.queries import live
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.oncall.models import DutyLine
from cpts_net.person_names import display_name
from cpts_net.roles import Role
from cpts_net.storage.connections import db


class Subscription(NamedTuple):
    """A feed and its owner: all that decides what it shows."""

    id: int
    person_id: int
    kind: str
    line_id: int | None
    name: str
    generation: int
    is_busy: bool
    switches: int
    switched_at: datetime | None
    revoked_at: datetime | None
    suspended_at: datetime | None
    role: str
    last_read_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether its address still works."""
        is_theirs = self.role != Role.GUEST or self.kind == FeedKind.MINE
        return self.revoked_at is None and self.suspended_at is None and is_theirs


@dataclass(frozen=True)
class Recipient:
    """Somebody to whom mails about a meeting go; without an invitation when no longer asked."""

    person_id: int
    email: str
    display_name: str
    invitation_id: int | None
    answer: str | None


_feeds, _accounts = Feed.__table__, Account.__table__
# Tables rather than models, and a connection rather than a session: half the time.
_SUBSCRIPTION = (
    select(
        _feeds.c.id,
        _accounts.c.person_id,
        _feeds.c.kind,
        _feeds.c.line_id,
        _feeds.c.name,
        _feeds.c.generation,
        _feeds.c.is_busy,
        _feeds.c.switches,
        _feeds.c.switched_at,
        _feeds.c.revoked_at,
        _accounts.c.suspended_at,
        _accounts.c.role,
        _feeds.c.last_read_at,
    )
    .join_from(_feeds, _accounts, _accounts.c.id == _feeds.c.account_id)
    .where(_feeds.c.id == bindparam("feed_id"))
)


def subscription(feed_id: int) -> Subscription | None:
    """One feed with everything that decides what it says."""
    row = db.session.connection().execute(_SUBSCRIPTION, {"feed_id": feed_id}).one_or_none()
    return Subscription._make(row) if row else None


def served_since(feed_id: int, content_hash: str) -> datetime | None:
    """Since when the feed serves what has this hash; None when it last served something else."""
    query = select(Feed.changed_at).where(Feed.id == feed_id, Feed.content_hash == content_hash)
    return db.session.scalar(query)


def feeds_of(account_id: int) -> list[tuple[Feed, str | None]]:
    """The feeds of an account that still work, each with the name of its line; at most twenty."""
    query = (
        select(Feed, DutyLine.name)
        .outerjoin(DutyLine, DutyLine.id == Feed.line_id)
        .where(Feed.account_id == account_id, Feed.revoked_at.is_(None))
        .order_by(Feed.created_at, Feed.id)
    )
    return [(feed, line) for feed, line in db.session.execute(query)]


def feed_of(account_id: int, feed_id: int) -> tuple[Feed, str | None] | None:
    """One feed that still works, with the name of its line; None when it is somebody else's."""
    return next((found for found in feeds_of(account_id) if found[0].id == feed_id), None)


def account(email: str) -> Account | None:
    """The account with this address, suspended or not."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().lower()))


def meeting(meeting_id: int) -> Meeting | None:
    """A meeting, whoever reads."""
    return db.session.get(Meeting, meeting_id)


def facts(meeting: Meeting) -> Facts:
    """What of a meeting is worth a mail."""
    return _facts(meeting, is_off=meeting.cancelled_at is not None)


def _facts(row: Meeting | SentInvitation, *, is_off: bool) -> Facts:
    return Facts(row.title, row.starts_at, row.ends_at, row.place, row.video_url, is_off)


def recipients(meeting_id: int, person_id: int | None = None) -> list[Recipient]:
    """Who has an account to write to and is invited, or was when the last mail went out; all of them, or one member."""
    invitation = and_(Invitation.meeting_id == meeting_id, Invitation.person_id == Account.person_id)
    was_told = select(SentInvitation.person_id).where(
        SentInvitation.meeting_id == meeting_id, SentInvitation.is_cancelled.is_(False)
    )
    query = (
        select(
            Account.person_id,
            Account.email,
            Person.title,
            Person.given_name,
            Person.family_name,
            Invitation.id.label("invitation_id"),
            Invitation.answer,
        )
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Invitation, invitation)
        .where(Account.suspended_at.is_(None), or_(Invitation.id.is_not(None), Account.person_id.in_(was_told)))
        .order_by(Account.person_id)
    )
    if person_id is not None:
        query = query.where(Account.person_id == person_id)
    return [_recipient(row) for row in db.session.execute(query)]


def _recipient(row: Any) -> Recipient:
    name = display_name(row.title, row.given_name, row.family_name)
    return Recipient(row.person_id, row.email, name, row.invitation_id, row.answer)


class Asked(NamedTuple):
    """A meeting to which somebody is asked, and by which invitation."""

    meeting: Meeting
    invitation_id: int


def asked(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], Asked]:
    """The meeting of each (person, meeting) where the person is asked to it."""
    rows = db.session.execute(
        select(Invitation.person_id, Meeting, Invitation.id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(tuple_(Invitation.person_id, Invitation.meeting_id).in_(pairs))
    )
    return {(person_id, meeting.id): Asked(meeting, number) for person_id, meeting, number in rows}


def groups_of(pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The name of the group of each (person, group) where the person is in it."""
    rows = db.session.execute(
        select(Membership.person_id, Group.id, Group.name)
        .join(Group, Group.id == Membership.group_id)
        .where(tuple_(Membership.person_id, Membership.group_id).in_(pairs), live())
    )
    return {(row.person_id, row.id): row.name for row in rows}


def told(meeting_id: int, person_id: int | None = None) -> dict[int, Facts]:
    """What the last mail about a meeting told each member, or one of them, by member."""
    query = select(SentInvitation).where(SentInvitation.meeting_id == meeting_id)
    if person_id is not None:
        query = query.where(SentInvitation.person_id == person_id)
    return {row.person_id: _facts(row, is_off=row.is_cancelled) for row in db.session.scalars(query)}


def read_apart(uids: Iterable[str], person_id: int) -> set[str]:
    """Those of the entries that have been worded for this person alone."""
    keys = {f"{uid}#{person_id}": uid for uid in uids}
    return {keys[key] for key in db.session.scalars(select(LedgerEntry.uid).where(LedgerEntry.uid.in_(keys)))}


def uid_host() -> str | None:
    """The host in every UID; None before the first start of the worker."""
    return db.session.scalar(select(UidHost.host))
