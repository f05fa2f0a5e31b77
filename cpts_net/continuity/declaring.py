"""Declaring a leave together with the duties that it hits."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cpts_net import clock
from cpts_net.continuity.relaying import telling_relays
from cpts_net.continuity.seeking import telling_of_sought
from cpts_net.leave import actions as leave
from cpts_net.leave.models import Absence
from cpts_net.leave.queries import absence as absence_of
from cpts_net.leave.queries import absences_between
from cpts_net.leave.queries import relay as relay_of
from cpts_net.leave.rules import (
    AbsenceGone,
    Answer,
    AnswerTooLate,
    Days,
    Declaration,
    absence_span,
    as_seen,
    check_seen,
)
from cpts_net.leave.times import falls_into, looked_at
from cpts_net.oncall import actions as oncall
from cpts_net.oncall import queries as duties
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.rules import SeatRefused
from cpts_net.spans import Span, days_span
from cpts_net.storage import revisions


class Choice(StrEnum):
    """What becomes of a duty that falls into a leave."""

    KEEP = "keep"  # They serve although they are away.
    SEEK = "seek"  # It stays theirs, and somebody else is looked for.
    RELEASE = "release"
    HAND_OVER = "hand_over"


@dataclass(frozen=True)
class Settlement:
    """What the member wants of one duty."""

    choice: Choice
    person_id: int = 0  # Who takes it over.


class DutiesUnsettled(Exception):
    """The leave hits duties of which nobody said what becomes of them."""


class SettlementRefused(Exception):
    """A duty cannot be settled as wanted; carries its seat's id, the person meant and why."""

    def __init__(self, seat_id: int, person_id: int, error: SeatRefused) -> None:
        super().__init__(f"{seat_id}: {error}")
        self.seat_id, self.person_id, self.error = seat_id, person_id, error


def declare(
    person_id: int,
    wanted: Declaration,
    settlements: Mapping[int, Settlement],
    *,
    actor_id: int | None,
    now: datetime,
) -> int:
    """Record an absence and settle every duty inside; return the absence's id.

    Raises:
        DaysRefused, LeaveOverlaps, RelayRefused, RelayAway: as ``leave.actions.declare_absence``.
        DutiesUnsettled, SettlementRefused: for the duties.
    """
    revisions.bump(revisions.CONTINUITY)
    spans = [looked_at(wanted, now, clock.zone())]
    with telling_of_sought([person_id], spans, by=actor_id, now=now):
        with telling_relays([person_id], spans, by=actor_id, now=now):
            absence_id = leave.declare_absence(person_id, wanted, actor_id=actor_id, now=now)
        _settle(duties_hit(person_id, wanted, now), settlements, actor_id, now)
    return absence_id


def change(
    absence_id: int,
    wanted: Declaration,
    settlements: Mapping[int, Settlement],
    *,
    actor_id: int | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Change an absence and settle the duties that it did not hit before.

    Raises:
        AbsenceGone, AbsenceChanged, DaysRefused, LeaveOverlaps, RelayRefused, RelayAway: as ``leave.change_absence``.
        DutiesUnsettled, SettlementRefused: for the duties.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = absence_of(absence_id)
    if absence is None:
        raise AbsenceGone
    hit = duties_hit(absence.person_id, wanted, now, before=absence)
    spans = [looked_at(each, now, clock.zone()) for each in (absence, wanted)]
    with telling_of_sought([absence.person_id], spans, by=actor_id, now=now):
        with telling_relays([absence.person_id], spans, by=actor_id, now=now):
            leave.change_absence(absence_id, wanted, actor_id=actor_id, now=now, seen=seen)
        _settle(hit, settlements, actor_id, now)


def cancel(absence_id: int, *, actor_id: int | None, now: datetime, seen: str | None = None) -> None:
    """Take an absence back, and tell those who stood in.

    Raises:
        AbsenceGone, AbsenceChanged: as ``leave.cancel_absence``.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = absence_of(absence_id)
    if absence is None:
        raise AbsenceGone
    with telling_relays([absence.person_id], [looked_at(absence, now, clock.zone())], by=actor_id, now=now):
        leave.cancel_absence(absence_id, actor_id=actor_id, now=now, seen=seen)


def end(absence_id: int, *, actor_id: int | None, now: datetime, seen: str | None = None) -> None:
    """End an absence under way, and tell those who stood in that they do not any more.

    Raises:
        AbsenceGone, AbsenceChanged, NotUnderWay: as ``leave.end_absence``.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = absence_of(absence_id)
    if absence is None:
        raise AbsenceGone
    with telling_relays([absence.person_id], [looked_at(absence, now, clock.zone())], by=actor_id, now=now):
        leave.end_absence(absence_id, actor_id=actor_id, now=now, seen=seen)


def except_day(absence_id: int, day: date, *, actor_id: int | None, now: datetime, seen: str | None = None) -> None:
    """Say that somebody is there on a weekly day off, and tell those who would have stood in.

    Raises:
        AbsenceGone, AbsenceChanged, NotOneOfItsDays: as ``leave.except_day``.
    """
    with _telling_of(absence_id, day, actor_id, now):
        leave.except_day(absence_id, day, actor_id=actor_id, now=now, seen=seen)


def restore_day(absence_id: int, day: date, *, actor_id: int | None, now: datetime) -> None:
    """Say that somebody is away on a weekly day off after all, and tell those who stand in. A duty then seeks somebody.

    Raises:
        AbsenceGone, NotOneOfItsDays: as ``leave.restore_day``.
    """
    with _telling_of(absence_id, day, actor_id, now):
        leave.restore_day(absence_id, day, actor_id=actor_id, now=now)


@contextmanager
def _telling_of(absence_id: int, day: date, actor_id: int | None, now: datetime) -> Iterator[None]:
    revisions.bump(revisions.CONTINUITY)
    absence = absence_of(absence_id)
    if absence is None:
        raise AbsenceGone
    one, spans = [absence.person_id], [days_span(day, day, clock.zone())]
    with telling_of_sought(one, spans, by=actor_id, now=now), telling_relays(one, spans, by=actor_id, now=now):
        yield


def answer(
    relay_id: int, said: Answer, word: str, *, person_id: int, actor_id: int | None, now: datetime, seen: str | None
) -> None:
    """Note what a relay says, and ask those who stand in instead.

    ``seen`` is what the page said of the days, as ``days_seen`` has it: whoever says yes to other days is asked again.

    Raises:
        AnswerTooLate, AnsweredBefore: as ``leave.answer_relay``.
        AbsenceChanged: when the days are not those that were seen.
    """
    revisions.bump(revisions.CONTINUITY)
    relay = relay_of(relay_id)
    if relay is None:
        raise AnswerTooLate
    check_seen(seen, days_seen(relay.absence))
    span, absent_id = looked_at(relay.absence, now, clock.zone()), relay.absence.person_id
    with telling_relays([absent_id], [span], by=actor_id, now=now, answering=person_id):
        leave.answer_relay(relay_id, said, word, person_id=person_id, actor_id=actor_id, now=now)


def days_seen(absence: Days) -> str:
    """What a page of an absence says of its days."""
    return as_seen(absence, "", ())


def duties_hit(person_id: int, wanted: Days, now: datetime, *, before: Absence | None = None) -> list[DutySeat]:
    """The member's duties inside the wanted days that are not over; in time order.

    Those that lay inside already ``before`` a change were settled then, and so
    were those inside a leave that covers weekly days off.
    """
    zone = clock.zone()
    seats = [seat for seat in duties.seats_of(person_id, absence_span(wanted, zone)) if seat.ends_at > now]
    excepted = before.excepted if before else frozenset()
    leaves = _leaves(person_id, seats, before) if wanted.weekdays and seats else []
    hit = [seat for seat in seats if falls_into(seat.span, wanted, zone, excepted=excepted, covered=leaves)]
    return [seat for seat in hit if not (before and falls_into(seat.span, before, zone, excepted=excepted))]


def _leaves(person_id: int, seats: Sequence[DutySeat], but: Absence | None) -> list[Span]:
    around = Span(min(seat.starts_at for seat in seats), max(seat.ends_at for seat in seats))
    found = absences_between(around, [person_id])
    return [absence_span(each, clock.zone()) for each in found if not each.weekdays and each is not but]


def _settle(hit: list[DutySeat], settlements: Mapping[int, Settlement], actor_id: int | None, now: datetime) -> None:
    if any(seat.id not in settlements for seat in hit):
        raise DutiesUnsettled
    for seat in hit:
        seat_id, wanted = seat.id, settlements[seat.id]
        try:
            _settle_one(seat, settlements[seat.id], actor_id, now)
        except SeatRefused as refused:
            raise SettlementRefused(seat_id, wanted.person_id, refused) from refused


def _settle_one(seat: DutySeat, wanted: Settlement, actor_id: int | None, now: datetime) -> None:
    by: dict[str, Any] = {"now": now, "actor_id": actor_id}
    match wanted.choice:
        case Choice.KEEP:
            oncall.keep_seat(seat.id, **by)
        case Choice.RELEASE:
            oncall.give_back_seat(seat.id, **by)
        case Choice.HAND_OVER if seat.starts_at < now:  # What is over of it was served.
            oncall.split_seat(seat.id, now, wanted.person_id, **by)
        case Choice.HAND_OVER:
            oncall.hand_over_seat(seat.id, wanted.person_id, **by)
