"""Who is on call, who is away and who stands in. Nothing else decides.

The board, the feeds, the conflicts in polls and the reminders all read
``resolve``; the tables of leave and duty are only what it starts from.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cpts_net import clock
from cpts_net.continuity.roster import Away, Closed, Duty, Gap, Line, Person, Roster
from cpts_net.directory.models import Member, PracticeSite, Profession
from cpts_net.extensions import db
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import RelayChain, absence_span, effective_relay
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, Eligibility, SlotState
from cpts_net.spans import Span


def resolve(span: Span, *, line_id: int | None = None, member_id: int | None = None) -> Roster:
    """Everything about continuity in ``span``: of the territory, of one line, or of one member.

    Of one line it gives no absences; of one member no gaps and no closed slots.
    A relay is the one who stands in when the absence begins, or at the start of
    ``span`` if it began before.
    """
    line_of = {line.id: line for line in lines()}
    slots = _slots(span, line_id)
    seats = _seats(span, line_id, member_id)
    holders = {seat.member_id for seat in seats}
    if line_id is not None:
        leave = _Leave(span, holders)
    elif member_id is not None:
        leave = _Leave(span, {member_id})
        leave.follow_relays()
    else:
        leave = _Leave(span, None)
    chains = [] if line_id is not None else list(leave.chains(member_id))
    people = _people(holders | {person for _, chain in chains for person in chain.people} | leave.members())
    duties = tuple(
        Duty(
            seat.id,
            seat.slot_id,
            line_of[seat.line_id],
            held := Span(seat.starts_at, seat.ends_at),
            people[seat.member_id],
            leave.is_away(seat.member_id, held),
        )
        for seat in seats
    )
    if member_id is not None:
        slots = []
    return Roster(
        duties=duties,
        gaps=tuple(_gaps(slots, duties, line_of)),
        closed=tuple(
            Closed(slot.id, line_of[slot.line_id], Span(slot.starts_at, slot.ends_at), slot.message)
            for slot in slots
            if slot.state == SlotState.CLOSED
        ),
        aways=tuple(_away(absence, chain, people) for absence, chain in chains),
    )


def lines() -> list[Line]:
    """Every duty line, in the order of the board."""
    columns = (DutyLine.id, DutyLine.slug, DutyLine.name, DutyLine.phone, DutyLine.position, DutyLine.seats_min)
    rows = db.session.execute(select(*columns).order_by(DutyLine.position, DutyLine.name))
    eligible: dict[int, list[str]] = defaultdict(list)
    for line_id, code in db.session.execute(
        select(Eligibility.line_id, Eligibility.profession_code).distinct().order_by(Eligibility.profession_code)
    ):
        eligible[line_id].append(code)
    return [Line(*row, tuple(eligible[row.id])) for row in rows]


def _slots(span: Span, line_id: int | None) -> Sequence[Any]:
    columns = (DutySlot.id, DutySlot.line_id, DutySlot.starts_at, DutySlot.ends_at, DutySlot.state, DutySlot.message)
    query = (
        select(*columns)
        .where(DutySlot.starts_at < span.end, DutySlot.ends_at > span.start, DutySlot.state != SlotState.CANCELLED)
        .order_by(DutySlot.starts_at, DutySlot.line_id)
    )
    return db.session.execute(query if line_id is None else query.where(DutySlot.line_id == line_id)).all()


def _seats(span: Span, line_id: int | None, member_id: int | None) -> Sequence[Any]:
    """Seats of slots that are open; whoever sits in a closed one is not on call."""
    columns = (
        DutySeat.id,
        DutySeat.slot_id,
        DutySeat.member_id,
        DutySlot.line_id,
        DutySlot.starts_at,
        DutySlot.ends_at,
    )
    query = (
        select(*columns)
        .join(DutySlot, DutySlot.id == DutySeat.slot_id)
        .where(DutySlot.starts_at < span.end, DutySlot.ends_at > span.start, DutySlot.state == SlotState.OPEN)
        .order_by(DutySlot.starts_at, DutySlot.line_id, DutySeat.number)
    )
    if line_id is not None:
        query = query.where(DutySlot.line_id == line_id)
    if member_id is not None:
        query = query.where(DutySeat.member_id == member_id)
    return db.session.execute(query).all()


def _gaps(slots: Iterable[Any], duties: Iterable[Duty], line_of: dict[int, Line]) -> Iterator[Gap]:
    held = Counter(duty.slot_id for duty in duties)
    for slot in slots:
        line = line_of[slot.line_id]
        missing = line.seats_min - held[slot.id]
        if slot.state == SlotState.OPEN and missing > 0:
            yield Gap(slot.id, line, Span(slot.starts_at, slot.ends_at), missing)


class _Leave:
    """The absences that touch a span, and who stands in during them."""

    def __init__(self, span: Span, member_ids: Collection[int] | None) -> None:
        self.span = span
        self.zone = clock.zone()
        self.absences: dict[int, list[tuple[Span, Absence]]] = {}
        self._away_at: dict[datetime, dict[int, Sequence[int]]] = {}
        self._load(member_ids)

    def _load(self, member_ids: Collection[int] | None) -> None:
        first = self.span.start.astimezone(self.zone).date()
        last = self.span.end.astimezone(self.zone).date()
        query = (
            select(Absence)
            .where(Absence.cancelled_at.is_(None), Absence.first_day <= last, Absence.last_day >= first)
            .order_by(Absence.first_day, Absence.id)
            .options(selectinload(Absence.relays))
        )
        if member_ids is not None:
            query = query.where(Absence.member_id.in_(member_ids))
            self.absences |= {member_id: [] for member_id in member_ids}
        for absence in db.session.scalars(query):
            span = absence_span(absence, self.zone)
            if span.overlaps(self.span):
                self.absences.setdefault(absence.member_id, []).append((span, absence))

    def follow_relays(self) -> None:
        """Load the absences of those who stand in, and of those who stand in for them."""
        while unknown := self._relay_ids() - self.absences.keys():
            self._load(unknown)

    def _relay_ids(self) -> set[int]:
        return {
            relay.member_id
            for absences in self.absences.values()
            for _, absence in absences
            for relay in absence.relays
        }

    def members(self) -> set[int]:
        """Everybody who is away at some time in the span."""
        return {member_id for member_id, absences in self.absences.items() if absences}

    def is_away(self, member_id: int, during: Span) -> bool:
        """Whether the member is absent at some time of ``during``."""
        return any(span.overlaps(during) for span, _ in self.absences.get(member_id, ()))

    def chains(self, member_id: int | None) -> Iterator[tuple[Absence, RelayChain]]:
        """Each absence in time order, of everybody or of one member, with its relays followed to the end."""
        chosen = self.absences if member_id is None else {member_id: self.absences[member_id]}
        every = [(span, absence) for absences in chosen.values() for span, absence in absences]
        for span, absence in sorted(every, key=lambda each: (each[0].start, each[1].id)):
            moment = max(span.start, self.span.start)
            yield absence, effective_relay(absence.member_id, moment, self._relays_at(moment))

    def _relays_at(self, moment: datetime) -> dict[int, Sequence[int]]:
        """Whoever is away at that moment, with their relays in order."""
        if moment not in self._away_at:
            self._away_at[moment] = {
                member_id: [relay.member_id for relay in absence.relays]
                for member_id, absences in self.absences.items()
                for span, absence in absences
                if moment in span
            }
        return self._away_at[moment]


def _people(ids: Collection[int]) -> dict[int, Person]:
    rows = db.session.execute(
        select(Member, Profession.label, PracticeSite.commune, PracticeSite.phone)
        .join(Profession, Profession.code == Member.profession_code)
        .outerjoin(PracticeSite, (PracticeSite.member_id == Member.id) & (PracticeSite.position == 0))
        .where(Member.id.in_(ids))
    )
    return {
        member.id: Person(
            member.id, member.display_name, member.sort_key, member.profession_code, label, commune or "", phone or ""
        )
        for member, label, commune, phone in rows
    }


def _away(absence: Absence, chain: RelayChain, people: dict[int, Person]) -> Away:
    return Away(
        absence_id=absence.id,
        person=people[absence.member_id],
        first_day=absence.first_day,
        last_day=absence.last_day,
        from_noon=absence.from_noon,
        until_noon=absence.until_noon,
        span=absence_span(absence, clock.zone()),
        note=absence.note,
        relays=tuple(people[person] for person in chain.people),
        relay=None if chain.effective is None else people[chain.effective],
    )
