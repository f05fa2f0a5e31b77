"""Reading what the demonstration stands on, and as whom visitors sign in."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select

from cpts_net.accounts.models import Account
from cpts_net.demo.duties import UNSCHEDULED, Slot
from cpts_net.demo.people import InventedPerson
from cpts_net.directory.models import Person
from cpts_net.groups.models import Membership
from cpts_net.groups.queries import live
from cpts_net.groups.rules import MembershipRole
from cpts_net.leave.models import Absence
from cpts_net.meetings.models import Poll, PollAnswer, PollOption
from cpts_net.oncall import queries as oncall
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.connections import db


def is_empty() -> bool:
    """Whether the base has neither members nor accounts."""
    return not db.session.scalar(select(or_(exists(select(Person.id)), exists(select(Account.id)))))


def people() -> dict[InventedPerson, int]:
    """Every member as the plans need them, with their id, by RPPS number."""
    rows = db.session.execute(
        select(Person, Person.shown_commune).where(Person.rpps.is_not(None)).order_by(Person.rpps)
    )
    return {
        InventedPerson(
            member.rpps or "",
            member.given_name,
            member.family_name,
            member.profession_code or "",
            member.specialty_code or "",
            commune or "",
            member.civility == "MME",
            member.display_name,
        ): member.id
        for member, commune in rows
    }


def slots() -> dict[Slot, int]:
    """Every slot with its id, by what names it."""
    rows = db.session.execute(
        select(DutySlot.id, DutySlot.starts_at, DutySlot.ends_at, DutyLine.slug).join(DutySlot.line)
    )
    return {Slot(Span(row.starts_at, row.ends_at), row.slug): row.id for row in rows}


def visiting_person(now: datetime) -> Account | None:
    """A doctor with duties ahead who belongs to a group, rather one whom the open poll waits for."""
    has_answered = exists(
        select(PollAnswer.id)
        .join(PollOption, PollOption.id == PollAnswer.option_id)
        .join(Poll, Poll.id == PollOption.poll_id)
        .where(PollAnswer.person_id == Account.person_id, Poll.closed_at.is_(None), Poll.deadline > now)
    )
    serves = exists(
        select(DutySeat.id)
        .join(DutySeat.slot)
        .join(DutySlot.line)
        .where(oncall.live(), DutySeat.person_id == Account.person_id)
        .where(DutySlot.starts_at > now, DutyLine.slug == UNSCHEDULED)
    )
    wanted = _in_groups(MembershipRole.MEMBER).where(serves)
    return db.session.scalar(wanted.order_by(Membership.group_id, _is_away(now), has_answered, Account.id).limit(1))


def visiting_lead(now: datetime) -> Account | None:
    """A lead of the oldest group, rather one who is there."""
    return db.session.scalar(
        _in_groups(MembershipRole.LEAD).order_by(Membership.group_id, _is_away(now), Account.id).limit(1)
    )


def coordinator_id() -> int:
    """The person of the coordinator."""
    wanted = select(Account.person_id).where(Account.role == Role.COORDINATOR)
    return db.session.scalars(wanted.order_by(Account.id).limit(1)).one()


def visiting_staff(role: Role) -> Account | None:
    """The first of the staff with this role."""
    wanted = select(Account).where(Account.role == role, Account.suspended_at.is_(None))
    return db.session.scalar(wanted.order_by(Account.id).limit(1))


def _in_groups(role: MembershipRole) -> Select[Account]:
    return (
        select(Account)
        .join(Membership, Membership.person_id == Account.person_id)
        .where(Membership.role == role, live(), Account.suspended_at.is_(None))
    )


def _is_away(now: datetime) -> ColumnElement[bool]:
    """Whether the account's member is away on the day of ``now``; rough at its edges, which is enough here."""
    today = now.date()
    return exists(
        select(Absence.id).where(
            Absence.person_id == Account.person_id,
            Absence.cancelled_at.is_(None),
            Absence.first_day <= today,
            Absence.last_day >= today,
        )
    )


def seat_ids(person_id: int, span: Span) -> list[int]:
    """The duties of somebody that share an instant with ``span``; their ids."""
    return [seat.id for seat in oncall.seats_of(person_id, span)]


def last_duties(slug: str, before: datetime) -> list[DutySeat]:
    """The last ten duties of a line that are over, the last one first."""
    held = select(DutySeat).join(DutySeat.slot).join(DutySlot.line).where(oncall.live(), DutyLine.slug == slug)
    return list(
        db.session.scalars(held.where(DutySeat.ends_at <= before).order_by(DutySeat.starts_at.desc()).limit(10))
    )
