"""What a leave would do, said before it is declared."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cpts_net import clock
from cpts_net.continuity.declaring import duties_hit
from cpts_net.continuity.resolver import resolve
from cpts_net.continuity.roster import Cover
from cpts_net.directory.models import Person
from cpts_net.directory.queries import strength
from cpts_net.directory.trades import Trade
from cpts_net.leave.models import Absence
from cpts_net.leave.queries import absences_between, stretches_of
from cpts_net.leave.rules import Days, worst_day
from cpts_net.leave.times import days_of, looked_at, spans_in
from cpts_net.oncall.availability import servable
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.queries import rest_of
from cpts_net.spans import Span


@dataclass(frozen=True)
class Crowd:
    """The day on which most colleagues of the trade would be away, the member included."""

    day: date
    absent: int
    total: int

    @property
    def left(self) -> int:
        """How many would be there."""
        return max(0, self.total - self.absent)


@dataclass(frozen=True)
class DutyHit:
    """A duty inside the leave, and whether somebody could take it over."""

    seat: DutySeat
    is_anybody_free: bool
    has_begun: bool


@dataclass(frozen=True)
class Consequences:
    """What a leave would do; ``crowd`` is None for those who have no trade."""

    crowd: Crowd | None
    duties: list[DutyHit]
    covers: tuple[Cover, ...] = ()  # For whom the absent person stands in meanwhile.

    @property
    def is_asked_together(self) -> bool:
        """Whether one answer may do for several duties; one that has begun is a matter of its own."""
        return sum(not hit.has_begun for hit in self.duties) > 1


NOTHING = Consequences(None, [])


def consequences(person: Person, wanted: Days, now: datetime, *, before: Absence | None = None) -> Consequences:
    """What a leave of the member would do; ``before`` is the absence that it changes."""
    hit = duties_hit(person.id, wanted, now, before=before)
    able = servable([(seat.slot, rest_of(seat, now)) for seat in hit])
    return Consequences(
        _crowd(person, person.trade, wanted, now) if person.trade else None,
        [DutyHit(seat, is_anybody_free=seat.slot_id in able, has_begun=seat.starts_at <= now) for seat in hit],
        _covers(person.id, wanted, now),
    )


def _covers(person_id: int, wanted: Days, now: datetime) -> tuple[Cover, ...]:
    """For whom somebody stands in, as far as it falls into the absence and that is looked at."""
    span = looked_at(wanted, now, clock.zone())
    away = spans_in(wanted, clock.zone(), *days_of(span, clock.zone()))
    return tuple(
        replace(cover, span=Span(max(cover.span.start, each.start), min(cover.span.end, each.end)))
        for cover in resolve(span, person_id=person_id).covers
        for each in away
        if each.overlaps(cover.span)
    )


def _crowd(person: Person, trade: Trade, wanted: Days, now: datetime) -> Crowd:
    zone = clock.zone()
    span = looked_at(wanted, now, zone)
    first, last = days_of(span, zone)
    peers = [
        absence
        for absence in absences_between(span)
        if absence.person_id != person.id and absence.person.trade == trade
    ]
    away, theirs = spans_in(wanted, zone, first, last), [each.span for each in stretches_of(peers, span)]
    day, absent = worst_day(away, theirs, zone, public_holidays(first, last))
    return Crowd(day, absent + 1, strength(trade))
