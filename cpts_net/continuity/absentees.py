"""Who is away in a span, and whom their relays lead to."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from cpts_net import clock
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import RelayChain, absence_span, effective_relay
from cpts_net.spans import Span
from cpts_net.storage.connections import db

# Rows, not objects: a territory of 10,000 has thousands of absences in four weeks.
COLUMNS = (
    Absence.id,
    Absence.person_id,
    Absence.first_day,
    Absence.last_day,
    Absence.from_noon,
    Absence.until_noon,
    Absence.note,
)


@dataclass(frozen=True)
class Taken:
    """One absence: its columns, its instants, and its relays in order."""

    row: Any
    span: Span
    relays: tuple[int, ...]


class Absentees:
    """The absences that touch ``span``, of everybody or of some members; without relays for whoever needs none."""

    def __init__(self, span: Span, person_ids: Collection[int] | None, *, relays_too: bool = True) -> None:
        self.span = span
        self.relays_too = relays_too
        self.zone = clock.zone()
        self.taken: dict[int, list[Taken]] = {}
        self._load(person_ids)

    def _load(self, person_ids: Collection[int] | None) -> None:
        if person_ids is not None:
            self.taken |= {person_id: [] for person_id in person_ids}
        relays = self._relays(person_ids) if self.relays_too else {}
        absences = self._within(select(*COLUMNS), person_ids).order_by(Absence.first_day, Absence.id)
        for row in db.session.connection().execute(absences):
            span = absence_span(row, self.zone)
            if span.overlaps(self.span):
                self.taken.setdefault(row.person_id, []).append(Taken(row, span, tuple(relays.get(row.id, ()))))

    def _relays(self, person_ids: Collection[int] | None) -> Mapping[int, Sequence[int]]:
        """Whom each absence names, in order."""
        relays: dict[int, list[int]] = defaultdict(list)
        asked = self._within(select(Relay.absence_id, Relay.person_id).join(Absence), person_ids)
        for absence_id, relay_id in db.session.connection().execute(asked.order_by(Relay.absence_id, Relay.rank)):
            relays[absence_id].append(relay_id)
        return relays

    def _within(self, query: Select[*tuple[Any, ...]], person_ids: Collection[int] | None) -> Select[*tuple[Any, ...]]:
        first = self.span.start.astimezone(self.zone).date()
        last = self.span.end.astimezone(self.zone).date()
        query = query.where(Absence.cancelled_at.is_(None), Absence.first_day <= last, Absence.last_day >= first)
        return query if person_ids is None else query.where(Absence.person_id.in_(person_ids))

    def follow_relays(self) -> None:
        """Load the absences of those who stand in, and of those who stand in for them."""
        while unknown := self._relay_ids() - self.taken.keys():
            self._load(unknown)

    def _relay_ids(self) -> set[int]:
        return {relay for each in self._every() for relay in each.relays}

    def _every(self) -> Iterator[Taken]:
        for taken in self.taken.values():
            yield from taken

    def is_away(self, person_id: int, during: Span) -> bool:
        """Whether the member is absent at some time of ``during``."""
        taken = self.taken.get(person_id)
        # Of most there is none, and this is asked for hundreds of duties.
        return False if not taken else any(each.span.overlaps(during) for each in taken)

    def chains(self, person_id: int | None) -> list[tuple[Taken, RelayChain]]:
        """Each absence in time order, of everybody or of one member, with its relays followed to the end."""
        chosen = self._every() if person_id is None else self.taken[person_id]
        return [(each, self._chain(each)) for each in sorted(chosen, key=lambda each: (each.span.start, each.row.id))]

    def _chain(self, taken: Taken) -> RelayChain:
        moment = max(taken.span.start, self.span.start)
        return effective_relay(taken.row.person_id, moment, _RelaysAt(moment, self.taken))


class _RelaysAt(Mapping[int, Sequence[int]]):
    """Whoever is away at a moment, with their relays in order; looked up one by one, for few are asked for."""

    def __init__(self, moment: datetime, taken: Mapping[int, Sequence[Taken]]) -> None:
        self.moment = moment
        self.taken = taken

    def __getitem__(self, person_id: int) -> Sequence[int]:
        for each in self.taken.get(person_id, ()):
            if self.moment in each.span:
                return each.relays
        raise KeyError(person_id)

    def __iter__(self) -> Iterator[int]:
        return (person_id for person_id in self.taken if person_id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
