"""Taking, giving and passing on duties.

Every action takes the lock of the scope first: two people who reach for one
seat, or one person who reaches for two overlapping duties, are decided one
after the other. What happens to a seat is written down beside it, for ever.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import IntegrityError

from cpts_net.audit.actions import record
from cpts_net.leave import queries as leave
from cpts_net.oncall import queries, seat_facts
from cpts_net.oncall.gap_telling import telling_of_gaps
from cpts_net.oncall.gaps import Room
from cpts_net.oncall.judging import check_serves, slot_to_serve, takeable
from cpts_net.oncall.models import DutySeat, DutySlot, SeatChange
from cpts_net.oncall.replay import SeatKind
from cpts_net.oncall.rules import (
    DutiesOverlap,
    HolderChanged,
    HolderIsPresent,
    MomentOutside,
    SeatRefused,
    SlotFull,
    SlotGone,
    SlotOver,
)
from cpts_net.oncall.telling import ASSIGNED, KEPT, REMOVED, SHORTENED, tell
from cpts_net.spans import Span
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

# As PostgreSQL and SQLite call what a second row of the same would violate.
NUMBER_IS_TAKEN = ("ix_duty_seat_slot_id_number_starts_at", "duty_seat.number")
PERSON_SITS = ("ix_duty_seat_slot_id_person_id_starts_at", "duty_seat.person_id")


class Why(NamedTuple):
    """Why a seat changes: a ``Reason``, and words for those concerned; both may be empty."""

    code: str = ""
    words: str = ""


NO_REASON = Why()


class Done(NamedTuple):
    """What was done to which seat: the numbers of both."""

    seat_id: int
    change_id: int


def take_seat(
    slot_id: int, person_id: int, *, now: datetime, actor_id: int | None = None, on_day_off: bool = False
) -> Done:
    """Let the member pick what is free of a slot; return what was done.

    Whoever says that they take it ``on_day_off`` keeps it in spite of that.

    Raises:
        SeatRefused: SlotGone, SlotOver, SlotClosed, NotEligible, HolderIsAway, DayOff, DutiesOverlap, SlotFull.
    """
    revisions.bump(revisions.CONTINUITY)
    done = _begin(slot_id, person_id, SeatKind.TAKEN, actor_id, now, on_day_off=on_day_off)
    if on_day_off:
        with suppress(HolderIsPresent):  # The day may be another meanwhile.
            keep_seat(done.seat_id, now=now, actor_id=actor_id)
    return done


def assign_seat(slot_id: int, person_id: int, *, now: datetime, actor_id: int | None = None) -> Done:
    """Give the member what is free of a slot, and tell them; return what was done.

    Raises:
        SeatRefused: as ``take_seat``.
    """
    revisions.bump(revisions.CONTINUITY)
    done = _begin(slot_id, person_id, SeatKind.ASSIGNED, actor_id, now)
    seat = _seat(done.seat_id)
    tell(ASSIGNED, seat.id, seat.span, person_id, actor_id, now)
    return done


def give_back_seat(seat_id: int, *, now: datetime, actor_id: int | None = None, holder_id: int | None = None) -> Done:
    """Free a seat whose duty has not begun; tell its holder if somebody else did. Return what was done.

    ``holder_id`` is whom the actor saw there, if they saw anybody.

    Raises:
        SlotGone: when nobody has it any more.
        HolderChanged: when it changed hands meanwhile.
        SlotOver: when the duty has begun.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _seat(seat_id, holder_id)
    if seat.starts_at <= now:
        raise SlotOver
    with telling_of_gaps(seat.slot_id, by=actor_id, now=now, but=seat.person_id):
        seat.released_at = now
        change = write_fact(seat, SeatKind.RELEASED, actor_id, now, from_id=seat.person_id)
    tell(REMOVED, seat.id, seat.span, seat.person_id, actor_id, now)
    return change


def hand_over_seat(
    seat_id: int, person_id: int, *, now: datetime, actor_id: int | None = None, holder_id: int | None = None
) -> Done:
    """Pass a whole seat on to another member; both are told. The duty keeps its id, so calendars follow.

    Raises:
        SeatRefused: as ``take_seat``, but never SlotFull; SlotOver once the duty has begun, HolderChanged.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _seat(seat_id, holder_id)
    if seat.starts_at <= now:
        raise SlotOver
    check_serves(person_id, slot_to_serve(seat.slot_id, now), seat.span)
    before, seat.person_id = seat.person_id, person_id
    change = write_fact(seat, SeatKind.HANDED_OVER, actor_id, now, from_id=before, to_id=person_id)
    tell(REMOVED, seat.id, seat.span, before, actor_id, now, other_id=person_id)
    tell(ASSIGNED, seat.id, seat.span, person_id, actor_id, now, other_id=before)
    return change


def split_seat(
    seat_id: int,
    moment: datetime,
    taker_id: int | None = None,
    *,
    now: datetime,
    actor_id: int | None = None,
    holder_id: int | None = None,
    why: Why = NO_REASON,
) -> Done:
    """End a seat at a moment, for its hours were served; with a taker another begins there. Both are told.

    Without a taker the rest is free, and a gap where too few are left.

    Raises:
        SeatRefused: MomentOutside unless the seat lasts on both sides of ``moment``, SlotOver once it has ended,
            HolderChanged; for the taker as ``take_seat``.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _seat(seat_id, holder_id)
    if seat.ends_at <= now:
        raise SlotOver
    if not seat.starts_at < moment < seat.ends_at:
        raise MomentOutside(seat.span)
    slot, rest = slot_to_serve(seat.slot_id, now), Span(moment, seat.ends_at)
    if taker_id is not None:
        check_serves(taker_id, slot, rest)
    told = {"from_id": seat.person_id, "to_id": taker_id, "reason_code": why.code, "words": why.words}
    whole = seat.span
    with telling_of_gaps(slot.id, by=actor_id, now=now, but=seat.person_id):
        seat.ends_at = moment
        change = write_fact(seat, SeatKind.SPLIT, actor_id, now, effective_at=moment, **told)
        tell(SHORTENED, seat.id, whole, seat.person_id, actor_id, now, other_id=taker_id)
        if taker_id is not None:
            begun = _sit(slot, taker_id, Room(rest, seat.number))
            write_fact(begun, SeatKind.SPLIT, actor_id, now, effective_at=moment, until=rest.end, **told)
            tell(ASSIGNED, begun.id, rest, taker_id, actor_id, now, other_id=seat.person_id)
    return change


def keep_seat(seat_id: int, *, now: datetime, actor_id: int | None = None, holder_id: int | None = None) -> Done:
    """Write down that the holder serves although they are away; they are told if somebody else does. Return what was done.

    It holds for this person, and for each absence that they have then.

    Raises:
        SlotGone, HolderChanged, SlotOver: when there is nothing to keep any more.
        HolderIsPresent: when they are not away, or keep it already.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _seat(seat_id, holder_id)
    if seat.ends_at <= now:
        raise SlotOver
    kept = seat_facts.seat_now(seat_id).kept
    absences = [each.id for each in leave.absences_between(seat.span, [seat.person_id]) if each.id not in kept]
    if not absences:
        raise HolderIsPresent
    changes = [
        write_fact(seat, SeatKind.KEPT, actor_id, now, to_id=seat.person_id, absence_id=each) for each in absences
    ]
    tell(KEPT, seat.id, seat.span, seat.person_id, actor_id, now)
    return changes[-1]


def _begin(
    slot_id: int, person_id: int, kind: SeatKind, actor_id: int | None, now: datetime, *, on_day_off: bool = False
) -> Done:
    """Put the member where there is room."""
    slot, room = takeable(slot_id, person_id, now, on_day_off=on_day_off)
    seat = _sit(slot, person_id, room)
    return write_fact(seat, kind, actor_id, now, to_id=person_id, effective_at=room.span.start, until=room.span.end)


def _sit(slot: DutySlot, person_id: int, room: Room) -> DutySeat:
    """A new seat; the indexes decide should two get here at once."""
    span = room.span
    seat = DutySeat(slot_id=slot.id, number=room.number, person_id=person_id, starts_at=span.start, ends_at=span.end)
    db.session.add(seat)
    try:
        db.session.flush()
    except IntegrityError as violated:
        refused = _refusal(str(violated.orig), slot, span)
        if refused is None:
            raise
        raise refused from violated
    return seat


def _refusal(violated: str, slot: DutySlot, span: Span) -> SeatRefused | None:
    """What a violated index means, by its name or its columns."""
    if any(name in violated for name in NUMBER_IS_TAKEN):
        return SlotFull()
    if any(name in violated for name in PERSON_SITS):
        return DutiesOverlap(slot.line.name, span)
    return None


def _seat(seat_id: int, holder_id: int | None = None) -> DutySeat:
    seat = queries.seat(seat_id)
    if seat is None:
        raise SlotGone
    if holder_id not in {None, seat.person_id}:
        raise HolderChanged
    return seat


def write_fact(seat: DutySeat, kind: SeatKind, actor_id: int | None, now: datetime, **facts: Any) -> Done:
    """Write a fact beside the seat, which is changed already, and an entry into the trail, which is swept."""
    change = SeatChange(seat_id=seat.id, kind=kind, at=now, by_id=actor_id, **facts)
    db.session.add(change)
    db.session.flush()
    detail = f"slot:{seat.slot_id} person:{seat.person_id}"
    record(f"oncall.{TRAIL.get(kind, kind)}", actor_id=actor_id, now=now, subject=f"seat:{seat.id}", detail=detail)
    return Done(seat.id, change.id)


TRAIL = {SeatKind.RELEASED: "given_back"}  # Where the trail has had another word before.
