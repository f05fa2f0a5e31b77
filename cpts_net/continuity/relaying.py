"""Telling relays what a change makes of them: whoever stands in now, at other times, or not any more."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from cpts_net import clock
from cpts_net.accounts.queries import people_of_role
from cpts_net.continuity.counting_on import CountedOn, counted_on
from cpts_net.leave import actions as leave
from cpts_net.leave import notice_kinds as kinds
from cpts_net.leave import queries
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import absence_span
from cpts_net.leave.wording import spans_written
from cpts_net.notices.actions import About, notify
from cpts_net.oncall.rules import uncovered
from cpts_net.roles import Role
from cpts_net.spans import Span


@contextmanager
def telling_relays(
    person_ids: Collection[int],
    spans: Collection[Span],
    *,
    by: int | None,
    now: datetime,
    answering: int | None = None,
    same: Mapping[int, int] | None = None,
    is_own: bool = True,
) -> Iterator[None]:
    """Tell all whom a change in the whereabouts of some people concerns, in the transaction of the change.

    ``spans`` are the times before and after it, as far as they are known.
    Whoever is ``answering`` is not told what they did themselves. ``same`` says
    whose row becomes another’s: who stands in as before is told nothing. Where
    the change is not one of ``person_ids`` themselves, each of them is told that
    nobody stands in any more.
    """
    whole = Span(min(each.start for each in spans), max(each.end for each in spans))
    same = same or {}
    before = counted_on(whole, person_ids, (), now)
    yield
    after = counted_on(whole, {same.get(each, each) for each in person_ids}, {*before.served}, now)
    change = _Change(before.renamed(same), after, by, now)
    change.tell_those_counted_on(answering)
    change.ask_the_others()
    # Of their own leave people know what they did; who declines is told of to the absent person by their answer.
    change.tell_of_lost({*person_ids} if is_own and not answering else set(), is_told_by_answer=answering is not None)


class _Change:
    """What was, what is now, and who is told of the difference."""

    def __init__(self, before: CountedOn, after: CountedOn, by: int | None, now: datetime) -> None:
        self.before, self.after, self.by, self.now = before, after, by, now
        lost = (absence_id for absence_id, spans in before.served.items() if spans)
        self.absences = queries.absences_by_id(
            {*lost, *(absence_id for absence_id, _person in before.keys | after.keys)}
        )
        self.at_once = queries.asking_at_once({*before.served, *after.served})
        self.places = queries.asked_at(queries.structure_ids([*self.absences.values(), *self.at_once.values()]))
        relays = (relay for absence in self.absences.values() for relay in absence.relays)
        self.asked = {relay.id for relay in relays if relay.asked_at is not None}

    def tell_those_counted_on(self, answering: int | None) -> None:
        """Whoever stands in now, at other times, or not any more; once each."""
        for key in sorted(self.before.keys | self.after.keys):
            if key[1] != answering:
                self._tell_one(*key)

    def _tell_one(self, absence_id: int, person_id: int) -> None:
        key, absence = (absence_id, person_id), self.absences[absence_id]
        was, becomes = self.before.standing.get(key, []), self.after.standing.get(key, [])
        waited, waits = self.before.waiting.get(key, []), self.after.waiting.get(key, [])
        if becomes and was != becomes:
            self._count_on(absence, person_id, was, becomes)
        elif was and not becomes:
            self._notify(kinds.RELEASED, absence, [person_id], was=was)
        elif not becomes and waited and not waits:
            self._notify(kinds.RELEASED, absence, [person_id], was=waited)
        elif not becomes and waited != waits and waited:
            self._notify(kinds.MOVED, absence, [person_id], was=waited, becomes=waits)

    def _count_on(self, absence: Absence, person_id: int, was: list[Span], becomes: list[Span]) -> None:
        relay = absence.relay_of(person_id, self.places)
        kind = kinds.MOVED if was or (relay and relay.id in self.asked) else kinds.RELAY if relay else kinds.THROUGH
        if relay and kind == kinds.RELAY:
            leave.ask(relay, now=self.now)
        self._notify(kind, absence, [person_id], was=was, becomes=becomes, includes_actor=kind != kinds.MOVED)

    def ask_the_others(self) -> None:
        """All at once, where the absent person wants it so."""
        for absence in self.at_once.values():
            if absence.cancelled_at is None and self._is_ahead(absence):
                for relay in absence.relays:
                    self._ask(absence, relay)

    def _is_ahead(self, absence: Absence) -> bool:
        return absence_span(absence, clock.zone()).end > self.now

    def _ask(self, absence: Absence, relay: Relay) -> None:
        people = [relay.person_id] if relay.person_id else [*self.places.get(relay.structure_id or 0, ())]
        asked = [each for each in people if each != absence.person_id]
        if relay.asked_at is None and not relay.is_declined and asked:
            leave.ask(relay, now=self.now)
            self._notify(kinds.RELAY, absence, asked, includes_actor=True)

    def tell_of_lost(self, own: Collection[int], *, is_told_by_answer: bool) -> None:
        """The absent person and the coordinators, weeks ahead: somebody stood in, and nobody does any more."""
        for absence_id, absence in self.absences.items():
            spans = self.before.served.get(absence_id, [])
            lost = [gap for span in spans for gap in uncovered(span, self.after.served.get(absence_id, []))]
            if lost and absence.cancelled_at is None and absence.person_id not in own:
                asker = () if is_told_by_answer else (absence.person_id,)
                people = [*asker, *people_of_role(Role.COORDINATOR)]
                self._notify(kinds.LOST, absence, people, becomes=lost)

    def _notify(
        self,
        kind: str,
        absence: Absence,
        people: Collection[int],
        *,
        was: Collection[Span] = (),
        becomes: Collection[Span] = (),
        includes_actor: bool = False,
    ) -> None:
        about = About(
            f"absence:{absence.id}",
            before={"spans": spans_written(was)} if was else {},
            after={"spans": spans_written(becomes)} if becomes else {},
            begins_at=min((span.start for span in (*was, *becomes)), default=absence_span(absence, clock.zone()).start),
        )
        notify(kind, people, about, by=self.by, now=self.now, includes_actor=includes_actor)
