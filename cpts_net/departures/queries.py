"""What somebody has and says now: what passes on, or ends, when they leave or turn out to be somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.accounts.queries import account_of_person
from cpts_net.departures.rules import Matter, Standing, Stated, Timed
from cpts_net.directory.models import Person
from cpts_net.directory.profile_fields import MAIL, PRIVATE_PHONE
from cpts_net.directory.queries import person as person_of
from cpts_net.directory.queries import values
from cpts_net.groups.models import Group, Membership
from cpts_net.groups.queries import live, visible_to
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.queries import absences_between
from cpts_net.leave.rules import absence_span
from cpts_net.meetings.models import Invitation, Meeting, Poll, PollAnswer, PollOption
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.queries import seats_of
from cpts_net.spans import Span
from cpts_net.storage.connections import db

YEARS_AHEAD = 10  # Nothing is planned further.


@dataclass(frozen=True)
class Belongings:
    """What somebody has from an instant on."""

    person: Person
    written: Mapping[str, str]  # In the fields of their card.
    account: Account | None
    seats: Sequence[DutySeat]
    absences: Sequence[Absence]
    relays: Sequence[Relay]  # With the absence, and whose it is.
    stays: Sequence[tuple[Membership, Group]]
    invitations: Sequence[tuple[Invitation, Meeting]]
    answers: Sequence[tuple[PollAnswer, PollOption, Poll]]

    @property
    def standing(self) -> Standing:
        """The same as the rules compare it."""
        zone = clock.zone()
        return Standing(
            values={
                Matter.ACCOUNT: self.account.email if self.account else "",
                Matter.NUMBER: self.person.rpps or "",
                Matter.NAME: self.person.display_name,
                Matter.TRADE: self.person.trade_label if self.person.trade else "",
                Matter.FUNCTION: self.person.function,
                Matter.PHONE: self.written.get(PRIVATE_PHONE.key, ""),
                Matter.MAIL: self.written.get(MAIL.key, ""),
            },
            duties=tuple(Timed(seat.id, seat.span) for seat in self.seats),
            # Weekly days off stand in nobody's way: the resolver counts no hour twice.
            absences=tuple(
                Timed(absence.id, absence_span(absence, zone)) for absence in self.absences if not absence.weekdays
            ),
            relays=tuple(Stated(relay.id, relay.absence_id, 0, "") for relay in self.relays),
            memberships=tuple(Stated(stay.id, group.id, 0, stay.role) for stay, group in self.stays),
            invitations=tuple(
                Stated(asked.id, meeting.id, 0, asked.answer or "") for asked, meeting in self.invitations
            ),
            answers=tuple(Stated(said.id, poll.id, option.id, said.answer) for said, option, poll in self.answers),
        )

    @property
    def as_seen(self) -> str:
        """What a page shows of it, for a form to say what it was about."""
        said = (
            [(seat.id, seat.starts_at) for seat in self.seats],
            [(absence.id, absence.first_day, absence.last_day) for absence in self.absences],
            [relay.id for relay in self.relays],
            [(stay.id, stay.role) for stay, _group in self.stays],
        )
        return sha256(repr(said).encode()).hexdigest()[:16]


def belongings(person_id: int, since: datetime) -> Belongings | None:
    """What somebody has from ``since`` on; None when there is no such person."""
    person = person_of(person_id)
    if person is None:
        return None
    ahead = Span(since, since.replace(year=since.year + YEARS_AHEAD, day=1))
    return Belongings(
        person=person,
        written={value.field.key: value.text for value in values(person_id)},
        account=account_of_person(person_id),
        seats=seats_of(person_id, ahead),
        absences=absences_between(ahead, [person_id]),
        relays=_relays(person_id, since),
        stays=_stays(person_id),
        invitations=_invitations(person_id, since),
        answers=_answers(person_id, since),
    )


def _relays(person_id: int, since: datetime) -> Sequence[Relay]:
    today = since.astimezone(clock.zone()).date()
    return db.session.scalars(
        select(Relay)
        .join(Relay.absence)
        .where(
            Relay.person_id == person_id,
            Relay.withdrawn_at.is_(None),
            Absence.cancelled_at.is_(None),
            Absence.reaches(today),
        )
        .options(joinedload(Relay.absence).joinedload(Absence.person))
        .order_by(Absence.first_day, Relay.id)
    ).all()


def _stays(person_id: int) -> Sequence[tuple[Membership, Group]]:
    rows = db.session.execute(
        select(Membership, Group)
        .join(Group, Group.id == Membership.group_id)
        .where(Membership.person_id == person_id, live())
        .order_by(Group.name)
    )
    return [(stay, group) for stay, group in rows]


def _invitations(person_id: int, since: datetime) -> Sequence[tuple[Invitation, Meeting]]:
    rows = db.session.execute(
        select(Invitation, Meeting)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(Invitation.person_id == person_id, Meeting.cancelled_at.is_(None), Meeting.ends_at > since)
        .options(selectinload(Meeting.meeting_groups))
        .order_by(Meeting.starts_at)
    )
    return [(invitation, meeting) for invitation, meeting in rows]


def _answers(person_id: int, since: datetime) -> Sequence[tuple[PollAnswer, PollOption, Poll]]:
    rows = db.session.execute(
        select(PollAnswer, PollOption, Poll)
        .join(PollOption, PollOption.id == PollAnswer.option_id)
        .join(Poll, Poll.id == PollOption.poll_id)
        .where(PollAnswer.person_id == person_id, Poll.closed_at.is_(None), PollOption.ends_at > since)
        .order_by(Poll.id, PollOption.starts_at)
    )
    return [(answer, option, poll) for answer, option, poll in rows]


def known_groups(reader_id: int) -> set[int]:
    """The groups of which somebody may know."""
    return set(db.session.scalars(select(Group.id).where(visible_to(reader_id))))


def poll_ids(person_ids: Sequence[int]) -> set[int]:
    """The polls that these people have said something to."""
    found = select(PollOption.poll_id).join(PollAnswer, PollAnswer.option_id == PollOption.id)
    return set(db.session.scalars(found.where(PollAnswer.person_id.in_(person_ids)).distinct()))


def group_ids(person_ids: Sequence[int]) -> set[int]:
    """The groups that these people are in."""
    return set(
        db.session.scalars(select(Membership.group_id).where(Membership.person_id.in_(person_ids), live()).distinct())
    )


def gone_but_open(today: object) -> Sequence[int]:
    """Those whose last day is over and whose account or groups are not closed yet, by id."""
    has_account = select(Account.person_id).where(Account.suspended_at.is_(None))
    is_in_group = select(Membership.person_id).where(live())
    return db.session.scalars(
        select(Person.id).where(
            Person.left_on.is_not(None),
            Person.left_on <= today,
            Person.id.in_(has_account.union(is_in_group)),
        )
    ).all()
