"""Rows for tests: committed, complete, and without surprises."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import select

from cpts_net.accounts.models import Account
from cpts_net.directory.models import (
    Kind,
    Person,
    Position,
    Practice,
    Profession,
    ProfileValue,
    Source,
    Specialty,
    Structure,
)
from cpts_net.directory.profile_fields import FIELDS, Audience
from cpts_net.directory.workplace import address_key, shown
from cpts_net.folding import fold
from cpts_net.groups.models import Group, Membership
from cpts_net.groups.rules import MembershipRole
from cpts_net.leave.models import Absence, AbsenceException, Relay
from cpts_net.meetings.models import MeetingGroup
from cpts_net.oncall.models import DutyLine, DutyPattern, DutySeat, DutySlot, Eligibility, SeatChange
from cpts_net.oncall.replay import SeatKind
from cpts_net.oncall.rules import HolidayRule
from cpts_net.person_names import parted
from cpts_net.roles import Role
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base
from cpts_net.storage.transaction import transaction
from tests.measuring import unmeasured

Row = TypeVar("Row", bound=Base)
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PROFESSIONS = {
    "10": "Médecin",
    "21": "Pharmacien",
    "50": "Sage-femme",
    "60": "Infirmier",
    "70": "Masseur-kinésithérapeute",
}
GENERAL_PRACTICE = ("SM54", "Médecine générale")


def working_at(name: str = "", *, phone: str = "", structure: Structure | None = None, **columns: Any) -> Position:
    """A position at a structure of one’s own, unless one that is shared is given, as an extract says it."""
    address = {key: columns.pop(key, "") for key in ("street", "postal_code", "commune")}
    blank = dict.fromkeys(("phone", "mail", "web", "hours", "finess", "siret", "technical_id", "category_code"), "")
    house = structure or Structure(
        name=name, address_key=address_key(name=name, **address), typed=[], **blank, **address
    )
    return Position(structure=house, **{"phone": phone, "function": "", "hours": "", "source": Source.RPPS, **columns})


def held_by(*group_ids: int) -> list[MeetingGroup]:
    """The groups of a meeting, for its row."""
    return [MeetingGroup(group_id=group_id) for group_id in group_ids]


class Factory:
    """Builds rows on the database of ``app`` and returns them detached, with their columns loaded."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.serial = count(1)
        self.seats_of_line: dict[int, dict[str, int]] = {}

    @unmeasured
    def save(self, *rows: Row) -> Row:
        """Commit the rows; return the first, usable outside of any session."""
        with self.app.app_context():
            with transaction():
                db.session.add_all(rows)
            for row in rows:
                db.session.refresh(row)
                db.session.expunge(row)
        return rows[0]

    def announce(self, *scopes: str) -> None:
        """Tell of what was built after somebody looked, as the action that a test leaves out would."""
        with self.app.app_context(), transaction():
            revisions.bump(*scopes)

    def profession(self, code: str) -> str:
        """The code of a profession that exists from now on."""
        self._once(Profession, code, PROFESSIONS.get(code, f"Profession {code}"))
        return code

    @unmeasured
    def _once(self, model: Any, code: str, label: str) -> None:
        with self.app.app_context():
            known = db.session.scalar(select(model).where(model.code == code))
        if known is None:
            self.save(model(code=code, label=label))

    def person(
        self,
        given_name: str = "Anne",
        family_name: str = "Petit",
        *,
        profession: str = "10",
        specialty: str | None = None,
        also: Sequence[str] = (),
        commune: str = "Châteaudun",
        phone: str = "+33261910001",
        **columns: Any,
    ) -> Person:
        """A doctor of Châteaudun, unless told otherwise; ``also`` holds further professions, or "10/SM59"."""
        if specialty:
            self._once(Specialty, specialty, dict([GENERAL_PRACTICE]).get(specialty, specialty))
        number = next(self.serial)
        own = [working_at("Cabinet", postal_code="28200", commune=commune, phone=phone)]
        positions = columns.pop("positions", own)
        for rank, position in enumerate(positions):
            position.rank = rank
        places = [position.place for position in positions if position.hidden_at is None]
        practices = [Practice(rank=0, profession_code=profession, specialty_code=specialty)] if profession else []
        for rank, code in enumerate(also, 1):
            further, _, skill = code.partition("/")
            self.profession(further)
            if skill:
                self._once(Specialty, skill, skill)
            practices.append(Practice(rank=rank, profession_code=further, specialty_code=skill or None))
        values = [
            ProfileValue(field=field.key, value=columns.pop(field.key), audience=Audience.NOBODY_ELSE)
            for field in FIELDS.values()
            if field.key in columns
        ]
        return self.save(
            Person(
                **{
                    "values": values,
                    "practices": practices,
                    "rpps": f"99728{number:06d}",
                    "title": "DR" if profession == "10" else "",
                    "given_name": given_name,
                    "family_name": family_name,
                    "profession_code": self.profession(profession),
                    "specialty_code": specialty,
                    "sort_key": fold(f"{family_name} {given_name}"),
                    "positions": positions,
                    **shown(family_name, given_name, places)._asdict(),
                    **columns,
                }
            )
        )

    def colleague(self, name: str = "Léa Roux", **columns: Any) -> Person:
        """Somebody of the team: no profession, no place of work."""
        title, given_name, family_name = parted(name)
        return self.save(
            Person(
                **{
                    "kind": Kind.TEAM,
                    "title": title,
                    "given_name": given_name,
                    "family_name": family_name,
                    "sort_key": fold(f"{family_name} {given_name}"),
                    **shown(family_name, given_name, [])._asdict(),
                    **columns,
                }
            )
        )

    def account(
        self, person: Person | None = None, role: Role = Role.MEMBER, *, name: str = "", **columns: Any
    ) -> Account:
        """An account that may sign in, for ``person`` or for somebody of the team who is called ``name``."""
        number = next(self.serial)
        speaks_for = person or self.colleague(name or f"Compte {number}")
        return self.save(
            Account(
                **{
                    "email": f"account{number}@cpts-dunois.example",
                    "role": role,
                    "person_id": speaks_for.id,
                    "created_at": LONG_AGO,
                    **columns,
                }
            )
        )

    def absence(
        self, person: Person, first_day: date, last_day: date | None, *, relays: Sequence[Person] = (), **columns: Any
    ) -> Absence:
        """Days away; ``weekdays`` makes days off week by week of them, perhaps without end, and ``but`` takes some out."""
        chosen = [Relay(rank=rank, person_id=relay.id) for rank, relay in enumerate(relays)]
        excepted = [AbsenceException(day=day) for day in columns.pop("but", ())]
        return self.save(
            Absence(
                **{
                    "person_id": person.id,
                    "first_day": first_day,
                    "last_day": last_day,
                    "declared_at": LONG_AGO,
                    "every_relay": chosen,
                    "exceptions": excepted,
                    **columns,
                }
            )
        )

    def line(
        self,
        slug: str = "snp",
        *,
        professions: Sequence[str] = ("10",),
        seats_min: int = 1,
        seats_max: int = 1,
        **columns: Any,
    ) -> DutyLine:
        """A duty line whose slots have one seat that doctors may take, and no pattern."""
        eligibilities = [Eligibility(profession_code=self.profession(code)) for code in professions]
        line = self.save(
            DutyLine(
                **{
                    "slug": slug,
                    "name": f"Ligne {slug}",
                    "phone": "+33261919900",
                    "eligibilities": eligibilities,
                    **columns,
                }
            )
        )
        self.seats_of_line[line.id] = {"seats_min": seats_min, "seats_max": seats_max}
        return line

    def pattern(self, line: DutyLine, **columns: Any) -> DutyPattern:
        """Monday to Friday from 8 to 18, in slots of two hours, closed on holidays."""
        return self.save(
            DutyPattern(
                **{
                    "line_id": line.id,
                    "weekdays": "01234",
                    "holidays": HolidayRule.CLOSED,
                    "opens_at": time(8),
                    "closes_at": time(18),
                    "slot_minutes": 120,
                    "valid_from": date(2026, 1, 1),
                    **self.seats_of_line[line.id],
                    **columns,
                }
            )
        )

    def slot(self, line: DutyLine, starts_at: datetime, ends_at: datetime, **columns: Any) -> DutySlot:
        """An open slot."""
        hours = {"starts_at": starts_at, "ends_at": ends_at}
        return self.save(DutySlot(**{"line_id": line.id, **hours, **self.seats_of_line[line.id], **columns}))

    def seat(self, slot: DutySlot, person: Person, *, at: datetime = LONG_AGO, **columns: Any) -> DutySeat:
        """The first seat of a slot, taken by the person at some instant, with the fact that says so."""
        hours = {"starts_at": slot.starts_at, "ends_at": slot.ends_at}
        seat = self.save(DutySeat(**{"slot_id": slot.id, "person_id": person.id, "number": 1, **hours, **columns}))
        self.fact(seat, SeatKind.TAKEN, to_id=person.id, at=at, effective_at=seat.starts_at, until=seat.ends_at)
        return seat

    def fact(self, seat: DutySeat, kind: SeatKind, **columns: Any) -> SeatChange:
        """Something that happened to a seat long ago."""
        return self.save(SeatChange(**{"seat_id": seat.id, "kind": kind, "at": LONG_AGO, **columns}))

    def group(
        self,
        name: str = "Soins non programmés",
        *,
        leads: Sequence[Person] = (),
        members: Sequence[Person] = (),
        guests: Sequence[Person] = (),
        **columns: Any,
    ) -> Group:
        """An open working group."""
        people = [
            *((lead, MembershipRole.LEAD) for lead in leads),
            *((person, MembershipRole.MEMBER) for person in members),
            *((guest, MembershipRole.GUEST) for guest in guests),
        ]
        memberships = [Membership(person_id=person.id, role=role, joined_at=LONG_AGO) for person, role in people]
        return self.save(
            Group(
                **{
                    "name": name,
                    "purpose": "Avancer ensemble.",
                    "created_at": LONG_AGO,
                    "memberships": memberships,
                    **columns,
                }
            )
        )
