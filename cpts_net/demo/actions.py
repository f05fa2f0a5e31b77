"""Loading the demonstration community into an empty base, and letting visitors in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from io import BytesIO
from itertools import islice

from cpts_net import clock
from cpts_net.accounts.actions import make_link
from cpts_net.accounts.models import Account, Purpose
from cpts_net.demo import closing_rows, duty_facts, former, gathering_actions, leave_rows, queries
from cpts_net.demo.community import Community, Setting, plan, plan_duties
from cpts_net.demo.duties import GENERAL_PRACTICE, LINES, UNSCHEDULED, PlannedLine, Roster, Slot
from cpts_net.demo.leaves import plan_days_off
from cpts_net.demo.partners import add_partners
from cpts_net.demo.people import DOMAIN, EXTRACT, InventedPerson, enlarged, mail_addresses, with_further_practices
from cpts_net.demo.rows import Ids, insert_rows
from cpts_net.directory import actions as directory
from cpts_net.directory import extract
from cpts_net.directory.actions import NewPerson
from cpts_net.directory.models import Specialty
from cpts_net.directory.practitioners import practitioner_of
from cpts_net.directory.report import ImportReport
from cpts_net.directory.territory import Territory
from cpts_net.leave.rules import absence_span
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.models import DutyLine, DutyPattern, DutySeat, Eligibility, LineException, SeatChange
from cpts_net.oncall.replay import SeatKind
from cpts_net.oncall.slot_actions import follow_patterns
from cpts_net.roles import Role
from cpts_net.spans import local_instant
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

WEEKS_BEFORE, WEEKS_AHEAD = 5, 12
SINCE = timedelta(days=300)  # How long everything has been in use.
STAFF = (
    ("coordination", "MME", "Hélène", "Garnier", "Coordinatrice", Role.COORDINATOR),
    ("secretariat", "MME", "Nadia", "Ferrand", "Secrétaire", Role.SECRETARY),
    ("administration", "M", "Paul", "Vidal", "Administrateur", Role.ADMINISTRATOR),
)


class Visitor(StrEnum):
    """As whom a visitor may look at the demonstration."""

    MEMBER = "member"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    SECRETARY = "secretary"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Door:
    """A way in: the name of the account behind it, and the address that opens it."""

    who: Visitor
    name: str
    address: str


class BaseNotEmpty(Exception):
    """The base has members or accounts; the demonstration would mix with them."""


def setting_of(today: date, seed: int) -> Setting:
    """The setting of a day in this installation's territory."""
    holidays = public_holidays(today - timedelta(days=365), today + timedelta(days=365))
    return Setting(today, seed, clock.zone(), frozenset(holidays))


def load(*, members: int, setting: Setting) -> Community:
    """Fill an empty base with the demonstration community as it stands on a day.

    Raises:
        BaseNotEmpty: when there is any member or account.
    """
    revisions.bump(revisions.GROUPS, revisions.MEETINGS, revisions.DIRECTORY, revisions.CONTINUITY)
    if not queries.is_empty():
        raise BaseNotEmpty
    morning = local_instant(setting.today, time(0), setting.zone)
    _import_people(members, setting)
    ids = queries.people()
    people = list(ids)
    people_by_rpps = {person.rpps: number for person, number in ids.items()}
    accounts = _open_accounts(people, people_by_rpps, morning)
    add_partners(morning - SINCE)
    community = plan(people, setting)
    slots = _open_lines(setting, morning)
    roster, kept, seeking = plan_duties(community, slots.keys(), setting)
    _write_seats(roster, slots, people_by_rpps, morning)
    absences = [*community.absences, kept, seeking]
    absences += plan_days_off(people, absences, setting.today, setting.random("days off"))
    leave_rows.write(absences, people_by_rpps, accounts, setting)
    closing_rows.write(accounts[Role.SECRETARY], morning, setting)
    duty_facts.write(people_by_rpps[kept.rpps], absence_span(kept, setting.zone), morning)
    gathering_actions.write(community, people_by_rpps, queries.coordinator_id(), morning)
    former.add_departed(accounts[Role.COORDINATOR], morning)
    double = next(each for each in people if each.rpps not in {community.member, community.lead})
    former.add_double(double, people_by_rpps[double.rpps], accounts[Role.COORDINATOR], morning)
    return community


def _import_people(count: int, setting: Setting) -> None:
    """As an extract of the Annuaire Santé is imported, but in the transaction of everything else."""
    with EXTRACT.open(encoding="utf-8") as lines:
        text = "".join(enlarged(lines, count, setting.random("people")))
    report = ImportReport()
    found = extract.situations(BytesIO(text.encode()), Territory(), report, lambda _bytes: None)
    everybody = with_further_practices(filter(None, (practitioner_of(lines, report) for lines in found)))
    while batch := list(islice(everybody, directory.BATCH)):
        directory.save_people(batch, report)


def _open_accounts(people: Sequence[InventedPerson], ids: Ids, now: datetime) -> dict[str, int]:
    """An account for each member, and for the staff; their ids by RPPS number, or by role for the staff."""
    emails = mail_addresses(people)
    common = {"password_hash": None, "created_at": now - SINCE, "suspended_at": None}
    rows = [
        {
            "email": emails[person.rpps],
            "role": Role.MEMBER,
            "person_id": ids[person.rpps],
            **common,
        }
        for person in people
    ]
    rows += [
        {
            "email": f"{mailbox}@{DOMAIN}",
            "role": role,
            "person_id": directory.add_person(
                NewPerson(family_name, given_name, civility=civility, function=function), actor_id=None, now=now - SINCE
            ),
            **common,
        }
        for mailbox, civility, given_name, family_name, function, role in STAFF
    ]
    keys = [*(person.rpps for person in people), *(role for *_who, role in STAFF)]
    return dict(zip(keys, insert_rows(Account, rows), strict=True))


def _open_lines(setting: Setting, morning: datetime) -> dict[Slot, int]:
    """The lines with their slots, some weeks behind and as many ahead as usual."""
    for code, label in GENERAL_PRACTICE.items():
        if db.session.get(Specialty, code) is None:
            db.session.add(Specialty(code=code, label=label))
    db.session.flush()
    lines = [_line(planned, position, setting) for position, planned in enumerate(LINES)]
    db.session.add_all(lines)
    db.session.flush()
    for line in lines:
        follow_patterns(line.id, now=morning - timedelta(weeks=WEEKS_BEFORE), weeks=WEEKS_BEFORE + WEEKS_AHEAD)
    db.session.add(_days_to_come(lines[-1], setting))
    return queries.slots()


def _days_to_come(line: DutyLine, setting: Setting) -> LineException:
    """Two days beyond the slots that are open, on which a line will be closed."""
    first = setting.today + timedelta(weeks=WEEKS_AHEAD + 1)
    message = "Fermée pour inventaire. Appelez le 3237."
    return LineException(line_id=line.id, first_day=first, last_day=first + timedelta(days=1), message=message)


def _line(planned: PlannedLine, position: int, setting: Setting) -> DutyLine:
    since = setting.today - SINCE
    return DutyLine(
        slug=planned.slug,
        name=planned.name,
        purpose=planned.purpose,
        phone=planned.phone,
        out_of_hours=planned.out_of_hours,
        position=position,
        patterns=[
            DutyPattern(**vars(pattern), seats_max=planned.seats_max, valid_from=since) for pattern in planned.patterns
        ],
        eligibilities=[
            Eligibility(profession_code=profession, specialty_code=specialty)
            for profession, specialty in planned.eligible
        ],
    )


def _write_seats(roster: Roster, slots: Mapping[Slot, int], ids: Ids, morning: datetime) -> None:
    held = [(slot, number, ids[who]) for slot, holders in roster.items() for number, who in enumerate(holders, start=1)]
    seats = [
        {
            "slot_id": slots[slot],
            "number": number,
            "person_id": person_id,
            "starts_at": slot.span.start,
            "ends_at": slot.span.end,
            "released_at": None,
        }
        for slot, number, person_id in held
    ]
    changes = [
        {
            "seat_id": seat_id,
            "kind": SeatKind.TAKEN if slot.line == UNSCHEDULED else SeatKind.ASSIGNED,
            "to_id": person_id,
            "at": min(slot.span.start, morning) - timedelta(days=10),
            "effective_at": slot.span.start,
            "until": slot.span.end,
        }
        for seat_id, (slot, _number, person_id) in zip(insert_rows(DutySeat, seats), held, strict=True)
    ]
    insert_rows(SeatChange, changes)


def open_doors(*, now: datetime) -> list[Door]:
    """Links, good for an hour, that sign a visitor in as a member, as a group lead and as each of the staff.

    Somebody for whom nobody fits is left out.
    """
    visitors = {
        Visitor.MEMBER: queries.visiting_person(now),
        Visitor.LEAD: queries.visiting_lead(now),
        **{who: queries.visiting_staff(Role(who.value)) for who in list(Visitor)[2:]},
    }
    return [
        Door(who, account.display_name, make_link(account.id, Purpose.DEMONSTRATION, now=now))
        for who, account in visitors.items()
        if account is not None
    ]
