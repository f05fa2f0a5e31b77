"""Who is away in a span, and whom their relays lead to, from one change to the next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from cpts_net import clock
from cpts_net.directory.workplaces import closed_times
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.queries import exceptions, where_asked
from cpts_net.leave.rules import Answer
from cpts_net.leave.standing_in import Leg, StandIn, Whereabouts, stand_ins
from cpts_net.leave.times import days_of, stretches
from cpts_net.spans import Span
from cpts_net.storage.connections import db

# Rows, not objects: a territory of 10,000 has thousands of absences in four weeks.
COLUMNS = (
    Absence.id,
    Absence.person_id,
    Absence.first_day,
    Absence.last_day,
    Absence.from_time,
    Absence.until_time,
    Absence.weekdays,
    Absence.note,
)


# Written out once, as every picture asks it: what was not cancelled and has a day from :first to :last, or may have one.
_STANDING = (
    Absence.cancelled_at.is_(None),
    Absence.first_day <= bindparam("last", type_=Date),
    Absence.reaches(bindparam("first", type_=Date)),
)
# Of some people, and some by their numbers.
_MEANT = or_(
    Absence.person_id.in_(bindparam("people", expanding=True)), Absence.id.in_(bindparam("numbers", expanding=True))
)
ABSENCES = select(*COLUMNS).where(*_STANDING).order_by(Absence.first_day, Absence.id)
ABSENCES_OF_SOME = ABSENCES.where(_MEANT)
RELAYS = (
    select(Relay.absence_id, Relay.id, Relay.person_id, Relay.answer, Relay.structure_id)
    .join(Absence)
    .where(Relay.withdrawn_at.is_(None), *_STANDING)
    .order_by(Relay.absence_id, Relay.rank, Relay.id)
)
RELAYS_OF_SOME = RELAYS.where(_MEANT)
ASKED = (
    select(Absence.id, Absence.person_id)
    .join(Relay)
    .where(Relay.withdrawn_at.is_(None), *_STANDING)
    .where(
        or_(
            Relay.person_id.in_(bindparam("people", expanding=True)),
            Relay.structure_id.in_(bindparam("structures", expanding=True)),
        )
    )
    .distinct()
)


def _met_by_relays() -> Select[*tuple[Any, ...]]:
    """Those ``chosen``, the absences that their relays have while these last, and so on, as far as they lead."""
    theirs = aliased(Absence)
    met = select(Absence.id).where(Absence.id.in_(bindparam("chosen", expanding=True))).cte("met", recursive=True)
    further = (
        select(theirs.id)
        .join_from(met, Absence, Absence.id == met.c.id)
        .join(Relay, Relay.absence_id == Absence.id)
        .join(theirs, theirs.person_id == Relay.person_id)
        .where(Relay.withdrawn_at.is_(None), Relay.answer != Answer.DECLINED, theirs.cancelled_at.is_(None))
        .where(or_(Absence.last_day.is_(None), theirs.first_day <= Absence.last_day))
        .where(theirs.reaches(Absence.first_day))
    )
    met = met.union(further)
    return select(Absence.id, Absence.person_id, Absence.weekdays).join(met, met.c.id == Absence.id)


MET_BY_RELAYS = _met_by_relays()
NOBODY: tuple[list[int], list[int]] = ([], [])


class Meant(NamedTuple):
    """Which absences are read: all of these people, and those with these numbers."""

    people: Collection[int] = ()
    numbers: Collection[int] = ()


class Taken(NamedTuple):
    """One absence, or one day of those that come weekly: its columns, instants and name, its relays in order, who declined.

    A relay who is no person of the community is known by the row that names
    them, as a negative number: only a structure is closed at times.
    """

    row: Any
    span: Span
    key: str
    relays: tuple[int, ...]
    declined: tuple[int, ...] = ()


def _whose(absence_ids: Collection[int]) -> dict[int, int]:
    """Of each of some absences whose it is."""
    wanted = select(Absence.id, Absence.person_id).where(Absence.id.in_(absence_ids))
    return {row.id: row.person_id for row in db.session.connection().execute(wanted)} if absence_ids else {}


class Absentees:
    """The absences that touch ``span``, of everybody or of some people; without relays for whoever needs none."""

    def __init__(self, span: Span, person_ids: Collection[int] | None, *, relays_too: bool = True) -> None:
        self.span = span
        self.zone = clock.zone()
        self.taken: dict[int, list[Taken]] = defaultdict(list)
        self._known: set[str] = set()
        self._structures: dict[int, int] = {}  # By the negative number of the row that names them.
        self._load(span, None if person_ids is None else Meant(person_ids), relays_too=relays_too)

    def _load(self, span: Span, meant: Meant | None, *, relays_too: bool = True) -> None:
        """Read absences that touch ``span``, of all or as they are meant, and keep those that were not read before."""
        rows = self._rows(ABSENCES, ABSENCES_OF_SOME, span, meant)
        relays = self._relays(span, meant) if relays_too and rows else {}
        for row, taken, key in stretches(rows, exceptions(rows), self.zone, *days_of(span, self.zone)):
            if key not in self._known and taken.overlaps(span):
                self._known.add(key)
                self.taken[row.person_id].append(Taken(row, taken, key, *map(tuple, relays.get(row.id, NOBODY))))

    def _relays(self, span: Span, meant: Meant | None) -> Mapping[int, tuple[list[int], list[int]]]:
        """Whom each absence names, in order: those who may stand in, and those who said that they cannot."""
        relays: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for absence_id, relay_id, person_id, answer, structure_id in self._rows(RELAYS, RELAYS_OF_SOME, span, meant):
            if structure_id is not None:
                self._structures[-relay_id] = structure_id
            relays[absence_id][answer == Answer.DECLINED].append(-relay_id if person_id is None else person_id)
        return relays

    def _rows(
        self,
        of_all: Select[*tuple[Any, ...]],
        of_some: Select[*tuple[Any, ...]],
        span: Span,
        meant: Meant | None,
    ) -> Sequence[Any]:
        """What one of the queries finds on the local days of ``span``."""
        if meant is None:
            return self._found(of_all, span)
        return self._found(of_some, span, people=[*meant.people], numbers=[*meant.numbers])

    def _found(self, query: Select[*tuple[Any, ...]], span: Span, **given: list[int]) -> Sequence[Any]:
        first, last = days_of(span, self.zone)
        return db.session.connection().execute(query, {"first": first, "last": last, **given}).all()

    def is_away(self, person_id: int, during: Span) -> bool:
        """Whether somebody is absent at some time of ``during``."""
        taken = self.taken.get(person_id)
        # Of most there is none, and this is asked for hundreds of duties.
        return False if not taken else any(each.span.overlaps(during) for each in taken)

    def absence_ids(self, person_id: int, during: Span) -> set[int]:
        """The absences of the member at some time of ``during``."""
        return {each.row.id for each in self.taken.get(person_id, ()) if each.span.overlaps(during)}

    def of_everybody(self) -> list[tuple[Taken, tuple[StandIn, ...]]]:
        """Each absence in time order, with who stands in; everybody's were read."""
        every = self._touching(taken for those in self.taken.values() for taken in those)
        # Who is tried outside of what was read for all matters to those only who are away there.
        return self._walk(every, [taken for taken in every if not self._holds(taken)])

    def of_one(self, person_id: int, known: Collection[int] = ()) -> list[tuple[Taken, tuple[StandIn, ...]]]:
        """Each absence of one person in time order, with who stands in, and those in which others lean on them.

        Those ``known`` by their ids are among them.
        """
        leaning = self._leaning_on(person_id) | _whose(known)
        if leaning:  # All that those people have: a leave takes a day off from their weekly ones.
            self._load(self.span, Meant({*leaning.values()}))
        chosen = self._touching(
            taken
            for those in [*self.taken.values()]
            for taken in those
            if taken.row.person_id == person_id or taken.row.id in leaning
        )
        return self._walk(chosen, chosen)

    def _touching(self, taken: Iterable[Taken]) -> list[Taken]:
        return sorted(
            (each for each in taken if each.span.overlaps(self.span)),
            key=lambda each: (each.span.start, each.row.id, each.key),
        )

    def _holds(self, taken: Taken) -> bool:
        return self.span.start <= taken.span.start and taken.span.end <= self.span.end

    def _walk(self, chosen: list[Taken], to_follow: list[Taken]) -> list[tuple[Taken, tuple[StandIn, ...]]]:
        self._follow(to_follow)
        named = {relay for those in self.taken.values() for taken in those for relay in taken.relays}
        legs = {person_id: self._legs(person_id) for person_id in named if person_id in self.taken}
        whereabouts = Whereabouts({**legs, **self._closed(named)})
        return [(each, stand_ins(each.row.person_id, each.relays, each.span, whereabouts)) for each in chosen]

    def _legs(self, person_id: int) -> list[Leg]:
        return sorted(Leg(each.span.start, each.span.end, each.relays) for each in self.taken[person_id])

    def _closed(self, named: Collection[int]) -> dict[int, list[Leg]]:
        """When the structures among the relays are closed: nobody answers there, and nobody does instead."""
        of = {relay: structure_id for relay, structure_id in self._structures.items() if relay in named}
        closed = closed_times({*of.values()}, self.zone) if of else {}
        return {
            relay: [Leg(each.start, each.end, ()) for each in closed[structure_id]]
            for relay, structure_id in of.items()
            if structure_id in closed
        }

    def _follow(self, chosen: Sequence[Taken]) -> None:
        """Read, over all their time, the absences of those who may stand in, and of those who stand in for them."""
        chosen = [each for each in chosen if each.relays or each.row.weekdays]
        if not chosen:  # Nobody is named, and there are no days off that a leave might take.
            return
        whole = Span(min(each.span.start for each in chosen), max(each.span.end for each in chosen))
        ids = {each.row.id for each in chosen}
        rows = db.session.connection().execute(MET_BY_RELAYS, {"chosen": [*ids]}).all()
        # Of those who have weekly days off all: a leave takes days from them.
        weekly = {row.person_id for row in rows if row.weekdays}
        further = {row.id for row in rows} - ids
        if weekly or further:
            self._load(whole, Meant(weekly, further))

    def _leaning_on(self, person_id: int) -> dict[int, int]:
        """The absences that may lead to somebody, and whose: they name them, or somebody who is away and leads to them."""
        found: dict[int, int] = {}
        reached, waiting = {person_id}, {person_id}
        structures = where_asked(person_id)
        while waiting:
            rows = self._found(ASKED, self.span, people=[*waiting], structures=[*structures])
            found |= {row.id: row.person_id for row in rows if row.person_id != person_id}
            waiting = {row.person_id for row in rows} - reached
            reached |= waiting
            structures = set()
        return found
