"""Who stands in for somebody who is away, from one change to the next.

Relays are named one absence at a time and leave in their turn: whoever reads
a chain at one moment only finds out on the day on which it hurts.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from cpts_net.spans import Span

FOREVER = datetime.max.replace(tzinfo=UTC)


class Leg(NamedTuple):
    """A time during which somebody is away without a break, and whom they named for it, in order."""

    start: datetime
    end: datetime
    relays: Sequence[int]


class Whereabouts:
    """When each of some people is away; whoever is not among them is there.

    The legs of one person come in time order and share no instant.
    """

    def __init__(self, legs: Mapping[int, Sequence[Leg]]) -> None:
        self._legs = legs
        self._ends = {person_id: [leg.end for leg in those] for person_id, those in legs.items()}

    def at(self, person_id: int, moment: datetime) -> tuple[Sequence[int] | None, datetime]:
        """Whom somebody names who is away at ``moment``, None for who is there; and until when that stays so."""
        ends = self._ends.get(person_id)
        if ends is None or (place := bisect_right(ends, moment)) == len(ends):
            return None, FOREVER
        leg = self._legs[person_id][place]
        return (leg.relays, leg.end) if leg.start <= moment else (None, leg.start)

    def is_there(self, person_id: int, span: Span) -> bool:
        """Whether somebody is there during all of ``span``."""
        theirs, until = self.at(person_id, span.start)
        return theirs is None and until >= span.end


class RelayChain(NamedTuple):
    """The people who were tried, in order, the first of them who is there, and until when all that stays so."""

    people: tuple[int, ...]
    effective: int | None
    until: datetime


class StandIn(NamedTuple):
    """A stretch of an absence: who was tried, and who stands in, None when nobody does."""

    span: Span
    people: tuple[int, ...]
    effective: int | None


def effective_relay(person_id: int, relays: Iterable[int], moment: datetime, whereabouts: Whereabouts) -> RelayChain:
    """Who really stands in for somebody at ``moment``.

    ``relays`` are those whom they named, in order, and come first; a relay who
    is away too passes on to their own relays, after them. Nobody is tried
    twice, so a circle ends; a chain that ends with nobody has no effective
    relay.
    """
    tried: dict[int, None] = {}
    until = FOREVER
    waiting = deque(relays)
    while waiting:
        relay = waiting.popleft()
        if relay in tried or relay == person_id:
            continue
        tried[relay] = None
        theirs, change = whereabouts.at(relay, moment)
        until = min(until, change)
        if theirs is None:
            return RelayChain((*tried,), relay, until)
        waiting += theirs
    return RelayChain((*tried,), None, until)


def stand_ins(person_id: int, relays: tuple[int, ...], span: Span, whereabouts: Whereabouts) -> tuple[StandIn, ...]:
    """Who stands in during ``span``, in as few stretches as there are, in time order.

    It walks: who stands in now, and until when does nothing change among those
    tried. What changes among the others changes nothing here.
    """
    if relays and relays[0] != person_id and whereabouts.is_there(relays[0], span):
        return (StandIn(span, relays[:1], relays[0]),)  # As most are.
    found: list[StandIn] = []
    moment = span.start
    while moment < span.end:
        chain = effective_relay(person_id, relays, moment, whereabouts)
        until = min(chain.until, span.end)
        start = moment
        if found and (found[-1].people, found[-1].effective) == (chain.people, chain.effective):
            start = found.pop().span.start
        found.append(StandIn(Span(start, until), chain.people, chain.effective))
        moment = until
    return tuple(found)
