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
from cpts_net.leave.queries import absences_between
from cpts_net.leave.rules import Days, absence_span, worst_day
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.queries import rest_of, servable
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


NOTHING = Consequences(None, [])


def consequences(person: Person, wanted: Days, now: datetime, *, before: Absence | None = None) -> Consequences:
    """What a leave of the member would do; ``before`` is the absence that it changes."""
    hit = duties_hit(person.id, wanted, now, before=before)
    able = servable([(seat.slot, rest_of(seat, now)) for seat in hit])
    return Consequences(
        _crowd(person, person.trade, wanted) if person.trade else None,
        [DutyHit(seat, is_anybody_free=seat.slot_id in able, has_begun=seat.starts_at <= now) for seat in hit],
        _covers(person, absence_span(wanted, clock.zone())),
    )


def _covers(person: Person, span: Span) -> tuple[Cover, ...]:
    """For whom somebody stands in, as far as it falls into the leave."""
    return tuple(
        replace(cover, span=Span(max(cover.span.start, span.start), min(cover.span.end, span.end)))
        for cover in resolve(span, person_id=person.id).covers
    )


def _crowd(person: Person, trade: Trade, wanted: Days) -> Crowd:
    zone, span = clock.zone(), absence_span(wanted, clock.zone())
    peers = [
        absence_span(absence, zone)
        for absence in absences_between(span)
        if absence.person_id != person.id and absence.person.trade == trade
    ]
    day, absent = worst_day([span], peers, zone, public_holidays(wanted.first_day, wanted.last_day))
    return Crowd(day, absent + 1, strength(trade))
