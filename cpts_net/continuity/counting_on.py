"""Who counts on whom at a moment: what is compared before and after a change, to tell those whom it concerns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cpts_net import clock
from cpts_net.continuity.resolver import leaning_on
from cpts_net.continuity.roster import Away
from cpts_net.leave import queries
from cpts_net.leave.models import Absence
from cpts_net.leave.times import days_of, looked_at, spans_in
from cpts_net.spans import Span, union

# When somebody is counted on, by absence and person.
Counted = Mapping[tuple[int, int], list[Span]]


@dataclass(frozen=True)
class CountedOn:
    """Who is counted on, as far as a change may touch it; what is over is left out."""

    standing: Counted
    waiting: Counted  # Those who were asked at once with others, whether it falls on them or not.
    served: Mapping[int, list[Span]]  # By absence, when anybody at all stands in.

    def renamed(self, same: Mapping[int, int]) -> "CountedOn":
        """The same of people whose rows have become another’s."""
        return replace(self, standing=_renamed(self.standing, same), waiting=_renamed(self.waiting, same))

    @property
    def keys(self) -> set[tuple[int, int]]:
        """Of which absences somebody is told, and who."""
        return {*self.standing, *self.waiting}


def counted_on(span: Span, person_ids: Iterable[int], known: Collection[int], now: datetime) -> CountedOn:
    """Who stands in for these people, and where they are counted on, in ``span``; of the ``known`` absences in any case."""
    aways = {away.key: away for each in person_ids for away in leaning_on(span, each, known)}
    served: dict[int, list[Span]] = defaultdict(list)
    for away in aways.values():
        served[away.absence_id] += [each.span for each in away.after(now) if each.relay]
    return CountedOn(
        standing=_standing(aways.values(), now),
        waiting=_waiting(queries.asking_at_once([*served]), now),
        served={absence_id: union(spans) for absence_id, spans in served.items()},
    )


def _renamed(counted: Counted, same: Mapping[int, int]) -> Counted:
    found: dict[tuple[int, int], list[Span]] = {}
    for (absence_id, person_id), spans in counted.items():
        key = absence_id, same.get(person_id, person_id)
        found[key] = union([*found.get(key, ()), *spans])
    return found


def _standing(aways: Iterable[Away], now: datetime) -> Counted:
    found: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for away in aways:
        for stretch in away.after(now):
            for person_id in stretch.relay.people if stretch.relay else ():
                if person_id != away.person.id:
                    found[away.absence_id, person_id].append(stretch.span)
    return {key: union(spans) for key, spans in found.items()}


def _waiting(absences: Mapping[int, Absence], now: datetime) -> Counted:
    places = queries.asked_at(queries.structure_ids(absences.values()))
    return {
        (absence.id, person_id): spans
        for absence in absences.values()
        if (spans := _times(absence, now))
        for person_id in _asked(absence, places)
    }


def _times(absence: Absence, now: datetime) -> list[Span]:
    """When it is, as far as it is looked at; nothing once it is over."""
    zone = clock.zone()
    days = days_of(looked_at(absence, now, zone), zone)
    return [each for each in spans_in(absence, zone, *days, excepted=absence.excepted) if each.end > now]


def _asked(absence: Absence, places: Mapping[int, Collection[int]]) -> Iterator[int]:
    for relay in absence.relays:
        if relay.asked_at is not None and not relay.is_declined:
            yield from ({relay.person_id} if relay.person_id else {*places.get(relay.structure_id or 0, ())})
