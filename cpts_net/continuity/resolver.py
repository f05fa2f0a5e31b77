"""Who is on call, who is away and who stands in. Nothing else decides.

The board, the feeds, the conflicts in polls and the reminders all read
from here; the tables of leave and duty are only what it starts from.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from cpts_net.continuity.absentees import Absentees, Taken
from cpts_net.continuity.colleagues import people_named
from cpts_net.continuity.elsewhere import elsewhere
from cpts_net.continuity.roster import Away, Closed, Colleague, Cover, Duty, Gap, Line, Relayed, Relayer, Roster
from cpts_net.leave.standing_in import StandIn
from cpts_net.oncall import queries, seat_facts
from cpts_net.oncall.gaps import lacks
from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, Eligibility, SlotState
from cpts_net.spans import Span, union
from cpts_net.storage.connections import db
from cpts_net.storage.orm import UTCDateTime

# Written out once, as every picture asks them; of what shares an instant with the span from :start to :end.
_START, _END = (bindparam(name, type_=UTCDateTime()) for name in ("start", "end"))
LINES = select(
    DutyLine.id, DutyLine.slug, DutyLine.name, DutyLine.phone, DutyLine.position, DutyLine.out_of_hours
).order_by(DutyLine.position, DutyLine.name)
ELIGIBLE = select(Eligibility.line_id, Eligibility.profession_code).distinct().order_by(Eligibility.profession_code)
SLOTS = (
    select(DutySlot.line_id, *queries.SLOT)
    .where(DutySlot.starts_at < _END, DutySlot.ends_at > _START, DutySlot.state != SlotState.CANCELLED)
    .order_by(DutySlot.starts_at, DutySlot.line_id)
)


def _seats_of_open_slots(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Whoever sits in a slot that is closed is not on call."""
    return (
        select(*columns)
        .select_from(DutySeat)
        .join(DutySlot, DutySlot.id == DutySeat.slot_id)
        .where(DutySlot.starts_at < _END, DutySlot.ends_at > _START, DutySlot.state == SlotState.OPEN)
        .where(queries.live())
        .order_by(DutySeat.starts_at, DutySlot.line_id, DutySeat.number)
    )


SEATS = _seats_of_open_slots(
    DutySeat.id, DutySeat.slot_id, DutySeat.person_id, DutySlot.line_id, DutySeat.starts_at, DutySeat.ends_at
)
TIMES = (
    _seats_of_open_slots(DutyLine.name, DutySeat.starts_at, DutySeat.ends_at)
    .join(DutyLine, DutyLine.id == DutySlot.line_id)
    .where(DutySeat.starts_at < _END, DutySeat.ends_at > _START)
)


def resolve(span: Span, *, line_id: int | None = None, person_id: int | None = None) -> Roster:
    """Everything about continuity in ``span``: of the territory, of one line, or of one member.

    Of one line it gives no absences; of one member no gaps and no closed slots,
    but those for whom they stand in. ``span`` chooses which absences are shown;
    who stands in is read for all the time of each, so that an absence reads the
    same in every span.
    """
    line_of = {line.id: line for line in lines()}
    slots = _slots(span, line_id) if person_id is None else []
    every = _seats(span, line_id, person_id)
    seats = _during(span, every)
    holders = {seat.person_id for seat in seats}
    found: list[tuple[Taken, tuple[StandIn, ...]]] = []
    if line_id is not None:
        absentees = Absentees(span, holders, relays_too=False)
    elif person_id is not None:
        absentees = Absentees(span, {person_id})
        found = absentees.of_one(person_id)
    else:
        absentees = Absentees(span, None)
        found = absentees.of_everybody()
    people = people_named(holders | _named_in(found))
    aways = _aways(found, people)
    duties = _duties(seats, line_of, people, absentees, {})
    return Roster(
        duties=duties,
        gaps=tuple(_gaps(slots, every, line_of, span)),
        closed=tuple(
            Closed(slot.id, line_of[slot.line_id], Span(slot.starts_at, slot.ends_at), slot.message)
            for slot in slots
            if slot.state == SlotState.CLOSED
        ),
        said={slot.id: slot.message for slot in slots if slot.message and slot.state == SlotState.OPEN},
        aways=tuple(away for away in aways if person_id in {None, away.person.id}),
        covers=() if person_id is None else tuple(sorted(_covers(aways, person_id, span), key=lambda each: each.span)),
    )


def leaning_on(span: Span, person_id: int, known: Collection[int] = ()) -> list[Away]:
    """The absences that somebody's whereabouts may change: their own, and those in which others lean on them.

    Those ``known`` by their ids are read too, whoever leans on whom in them now.
    """
    found = Absentees(span, {person_id}).of_one(person_id, known)
    return _aways(found, people_named(_named_in(found)))


def duties(span: Span, *, line_id: int | None = None, before: Iterable[Duty] = ()) -> tuple[Duty, ...]:
    """Those of ``resolve`` alone, of the territory or of one line.

    ``before`` are those of an earlier reading: one that is the same is given again.
    """
    seats = _during(span, _seats(span, line_id, None))
    holders = {seat.person_id for seat in seats}
    line_of = {line.id: line for line in lines()}
    absentees = Absentees(span, holders, relays_too=False)
    return _duties(seats, line_of, people_named(holders), absentees, {duty.seat_id: duty for duty in before})


def duty_times(person_id: int, span: Span) -> list[tuple[str, Span]]:
    """When ``resolve`` has a member on call, with the name of the line; in one reading."""
    query = TIMES.where(DutySeat.person_id == person_id)
    return [(name, Span(starts_at, ends_at)) for name, starts_at, ends_at in _rows(query, span)]


def lines() -> list[Line]:
    """Every duty line, in the order of the board."""
    eligible: dict[int, list[str]] = defaultdict(list)
    for line_id, code in _rows(ELIGIBLE):
        eligible[line_id].append(code)
    return [_line(*row[:-1], tuple(eligible[row.id]), row.out_of_hours) for row in _rows(LINES)]


_line = lru_cache(maxsize=1000)(Line)


def _slots(span: Span, line_id: int | None) -> Sequence[Any]:
    return _rows(SLOTS if line_id is None else SLOTS.where(DutySlot.line_id == line_id), span)


def _during(span: Span, seats: Iterable[Any]) -> list[Any]:
    return [seat for seat in seats if seat.starts_at < span.end and span.start < seat.ends_at]


def _seats(span: Span, line_id: int | None, person_id: int | None) -> Sequence[Any]:
    """Of the slots that share an instant with ``span``, those too that are over before, or begin after it."""
    query = SEATS
    if line_id is not None:
        query = query.where(DutySlot.line_id == line_id)
    if person_id is not None:
        query = query.where(DutySeat.person_id == person_id)
    return _rows(query, span)


def _rows(query: Select[*tuple[Any, ...]], span: Span | None = None) -> Sequence[Any]:
    """Below the session, which has nothing to add to plain values; of a query of ``span`` what shares an instant with it."""
    of = {"start": span.start, "end": span.end} if span else {}
    return db.session.connection().execute(query, of).all()


def _duties(
    seats: Iterable[Any],
    line_of: Mapping[int, Line],
    people: Mapping[int, Colleague],
    absentees: Absentees,
    before: Mapping[int, Duty],
) -> tuple[Duty, ...]:
    found = []
    kept = _kept(seats, absentees)
    for seat_id, slot_id, person_id, line_id, starts_at, ends_at in seats:
        known = before.get(seat_id)
        is_then = known is not None and known.span.start == starts_at and known.span.end == ends_at
        held = known.span if known and is_then else Span(starts_at, ends_at)
        holder, line, is_away = people[person_id], line_of[line_id], absentees.is_away(person_id, held)
        is_kept = is_away and absentees.absence_ids(person_id, held) <= kept[seat_id, person_id]
        # Lines and people that are the same are the same objects: nothing is compared field by field.
        is_same = (
            known
            and is_then
            and (known.line, known.holder, known.is_holder_away, known.is_kept) == (line, holder, is_away, is_kept)
        )
        found.append(known if known and is_same else Duty(seat_id, slot_id, line, held, holder, is_away, is_kept))
    return tuple(found)


def _kept(seats: Iterable[Any], absentees: Absentees) -> Mapping[tuple[int, int], set[int]]:
    """In spite of which absences somebody serves, by seat and person; asked only where somebody is away."""
    away = [seat_id for seat_id, _slot, person_id, *_ in seats if person_id in absentees.taken]
    found: dict[tuple[int, int], set[int]] = defaultdict(set)
    for seat_id, person_id, absence_id in seat_facts.kept_facts(away) if away else ():
        found[seat_id, person_id].add(absence_id)
    return found


def _gaps(slots: Iterable[Any], seats: Iterable[Any], line_of: dict[int, Line], span: Span) -> Iterator[Gap]:
    """Those in ``span``; each in its full length, which depends on who served before it as well."""
    served: dict[int, list[Span]] = defaultdict(list)
    for seat in seats:
        served[seat.slot_id].append(Span(seat.starts_at, seat.ends_at))
    for slot in slots:
        if slot.state != SlotState.OPEN:
            continue
        whole = Span(slot.starts_at, slot.ends_at)
        if sum(held == whole for held in served[slot.id]) >= slot.seats_min:  # As with most of them.
            continue
        for place, lack in enumerate(lacks(whole, served[slot.id], slot.seats_min)):
            if lack.span.overlaps(span):
                yield Gap(slot.id, line_of[slot.line_id], lack.span, lack.missing, place)


Found = Sequence[tuple[Taken, tuple[StandIn, ...]]]


def _named_in(found: Found) -> set[int]:
    """The people who are away, and those who were tried or declined."""
    named = {taken.row.person_id for taken, _ in found}
    for taken, stretches in found:
        named.update(taken.declined)
        for stretch in stretches:
            named.update(stretch.people)
    return {person_id for person_id in named if person_id > 0}


def _aways(found: Found, people: Mapping[int, Colleague]) -> list[Away]:
    others = {-relay for taken, _ in found for relay in (*taken.relays, *taken.declined) if relay < 0}
    relays: dict[int, Relayer] = {**people, **(elsewhere(others) if others else {})}
    return [_away(taken, stretches, relays, people[taken.row.person_id]) for taken, stretches in found]


def _away(taken: Taken, stretches: Iterable[StandIn], relays: Mapping[int, Relayer], person: Colleague) -> Away:
    return Away(
        absence_id=taken.row.id,
        key=taken.key,
        person=person,
        is_weekly=bool(taken.row.weekdays),
        span=taken.span,
        note=taken.row.note,
        stretches=tuple(
            Relayed(
                each.span,
                tuple(relays[person] for person in each.people),
                None if each.effective is None else relays[each.effective],
            )
            for each in stretches
        ),
        declined=tuple(relays[each] for each in taken.declined) if taken.declined else (),
    )


def _covers(aways: Iterable[Away], person_id: int, span: Span) -> Iterator[Cover]:
    """The stretches of others' absences in which somebody stands in; those that touch are one."""
    for away in aways:
        if away.person.id != person_id:
            theirs = union(each.span for each in away.stretches if each.relay and person_id in each.relay.people)
            yield from (Cover(away, each) for each in theirs if each.overlaps(span))
