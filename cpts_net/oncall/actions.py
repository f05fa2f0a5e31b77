"""Taking, giving and passing on duties.

Every action takes the lock of the scope first: two people who reach for one
seat, or one person who reaches for two overlapping duties, are decided one
after the other.
"""

from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from cpts_net.audit.actions import record
from cpts_net.directory.practices import practised_by
from cpts_net.leave import queries as leave
from cpts_net.notices.actions import About, notify
from cpts_net.oncall import notice_kinds, queries
from cpts_net.oncall.generation import Changes, due_changes
from cpts_net.oncall.models import DutySeat, DutySlot, Origin, SlotState
from cpts_net.oncall.rules import (
    DutiesOverlap,
    HolderChanged,
    HolderIsAway,
    NotEligible,
    SlotClosed,
    SlotFull,
    SlotGone,
    SlotHeld,
    SlotOver,
    is_eligible,
)
from cpts_net.spans import Span
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot, transaction

SEAT_IS_UNIQUE = ("uq_duty_seat_", "duty_seat.slot_id")  # As PostgreSQL and SQLite call it.


def take_seat(slot_id: int, person_id: int, *, now: datetime, actor_id: int | None = None) -> int:
    """Let the member pick a free seat; return the seat's id.

    Raises:
        SeatRefused: SlotGone, SlotOver, SlotClosed, NotEligible, HolderIsAway, DutiesOverlap, SlotFull.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _sit(_slot_for(slot_id, person_id, now), person_id, Origin.PICKED, now)
    _record("oncall.taken", seat, actor_id, now)
    return seat.id


def assign_seat(slot_id: int, person_id: int, *, now: datetime, actor_id: int | None = None) -> int:
    """Give the member a free seat, and tell them; return the seat's id.

    Raises:
        SeatRefused: as ``take_seat``.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _sit(_slot_for(slot_id, person_id, now), person_id, Origin.ASSIGNED, now)
    _record("oncall.assigned", seat, actor_id, now)
    _tell(notice_kinds.ASSIGNED, seat, person_id, actor_id, now)
    return seat.id


def give_back_seat(seat_id: int, *, now: datetime, actor_id: int | None = None, holder_id: int | None = None) -> int:
    """Free a seat whose duty has not begun; tell its holder if somebody else did. Return the slot's id.

    ``holder_id`` is whom the actor saw there, if they saw anybody.

    Raises:
        SlotGone: when nobody has it any more.
        HolderChanged: when it changed hands meanwhile.
        SlotOver: when the duty has begun.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _seat(seat_id)
    if holder_id not in {None, seat.person_id}:
        raise HolderChanged
    if seat.slot.starts_at <= now:
        raise SlotOver
    _record("oncall.given_back", seat, actor_id, now)
    _tell(notice_kinds.REMOVED, seat, seat.person_id, actor_id, now)
    db.session.delete(seat)
    return seat.slot_id


def hand_over_seat(seat_id: int, person_id: int, *, now: datetime, actor_id: int | None = None) -> None:
    """Pass a seat on to another member; both are told. The duty keeps its id, so calendars follow.

    Raises:
        SeatRefused: as ``take_seat``, but never SlotFull.
    """
    revisions.bump(revisions.CONTINUITY)
    seat = _seat(seat_id)
    before = seat.person_id
    _slot_for(seat.slot_id, person_id, now)
    seat.person_id, seat.origin, seat.taken_at = person_id, Origin.HANDED_OVER, now
    db.session.flush()
    _record("oncall.handed_over", seat, actor_id, now)
    _tell(notice_kinds.REMOVED, seat, before, actor_id, now, includes_actor=True)
    _tell(notice_kinds.ASSIGNED, seat, person_id, actor_id, now, includes_actor=True)


def close_slot(slot_id: int, message: str, *, now: datetime, actor_id: int | None = None) -> None:
    """Have nobody serve, on purpose; ``message`` says what to do instead.

    Raises:
        SlotGone, SlotOver, SlotHeld: when that makes no sense.
    """
    revisions.bump(revisions.CONTINUITY)
    slot = _slot(slot_id, now)
    if slot.seats:
        raise SlotHeld
    slot.state, slot.message = SlotState.CLOSED, message
    record("oncall.closed", actor_id=actor_id, now=now, subject=f"slot:{slot_id}", detail=message)


def open_slot(slot_id: int, *, now: datetime, actor_id: int | None = None) -> None:
    """Look for somebody again.

    Raises:
        SlotGone, SlotOver: when that makes no sense.
    """
    revisions.bump(revisions.CONTINUITY)
    slot = _slot(slot_id, now)
    slot.state, slot.message = SlotState.OPEN, ""
    record("oncall.opened", actor_id=actor_id, now=now, subject=f"slot:{slot_id}")


def open_coming_slots(*, now: datetime, weeks: int = 12) -> Changes:
    """Open the slots of the coming weeks on every line; return what was opened and removed.

    Commits by itself, a line at a time, and looks before it keeps others from
    writing: an hourly run that has nothing to do redraws no board.
    """
    with snapshot():
        waiting = [line.id for line in queries.lines() if due_changes(now, weeks, line.id)]
    done = Changes([], [])
    for line_id in waiting:
        with transaction():
            changes = generate_slots(now=now, weeks=weeks, line_id=line_id)
        done = Changes([*done.opened, *changes.opened], [*done.removed, *changes.removed])
    return done


def generate_slots(*, now: datetime, weeks: int = 12, line_id: int | None = None) -> Changes:
    """Open the slots of the coming weeks, of one line or of all; return what was opened and removed.

    A slot to come that nobody holds and that no pattern opens any more is
    removed. One that is held, closed or under way stays as it is, and new ones
    leave its time alone. A second run changes nothing.
    """
    if not (changes := due_changes(now, weeks, line_id)):
        return changes
    revisions.bump(revisions.CONTINUITY)
    # What was read may have been changed while this waited for its turn.
    db.session.expire_all()
    changes = due_changes(now, weeks, line_id)
    if changes.removed:
        db.session.execute(delete(DutySlot).where(DutySlot.id.in_(changes.removed)))
    if changes.opened:
        rows = [
            {"line_id": line_id, "starts_at": span.start, "ends_at": span.end, "state": SlotState.OPEN, "message": ""}
            for line_id, span in changes.opened
        ]
        db.session.execute(insert(DutySlot), rows)
    detail = f"opened:{len(changes.opened)} removed:{len(changes.removed)}"
    record("oncall.generated", actor_id=None, now=now, detail=detail)
    return changes


def _slot(slot_id: int, now: datetime) -> DutySlot:
    slot = queries.slot(slot_id)
    if slot is None or slot.state == SlotState.CANCELLED:
        raise SlotGone
    if slot.ends_at <= now:
        raise SlotOver
    return slot


def _slot_for(slot_id: int, person_id: int, now: datetime) -> DutySlot:
    """The slot, if the member may serve it."""
    slot = _slot(slot_id, now)
    if slot.state == SlotState.CLOSED:
        raise SlotClosed
    if not is_eligible(practised_by([person_id]).get(person_id, ()), slot.line.eligibilities):
        raise NotEligible
    span = Span(slot.starts_at, slot.ends_at)
    for seat in queries.seats_of(person_id, span):
        raise DutiesOverlap(seat.slot.line.name, Span(seat.slot.starts_at, seat.slot.ends_at))
    for absence in leave.absences_between(span, [person_id]):
        raise HolderIsAway(absence)
    return slot


def _sit(slot: DutySlot, person_id: int, origin: Origin, now: datetime) -> DutySeat:
    """Put the member on the first free seat; the constraint decides should two get here at once."""
    taken = {seat.number for seat in slot.seats}
    number = next((number for number in range(1, slot.line.seats_max + 1) if number not in taken), None)
    if number is None or len(taken) >= slot.line.seats_max:
        raise SlotFull
    seat = DutySeat(slot_id=slot.id, number=number, person_id=person_id, origin=origin, taken_at=now)
    db.session.add(seat)
    try:
        db.session.flush()
    except IntegrityError as violated:
        if any(name in str(violated.orig) for name in SEAT_IS_UNIQUE):
            raise SlotFull from violated
        raise
    return seat


def _seat(seat_id: int) -> DutySeat:
    seat = queries.seat(seat_id)
    if seat is None:
        raise SlotGone
    return seat


def _record(action: str, seat: DutySeat, actor_id: int | None, now: datetime) -> None:
    detail = f"slot:{seat.slot_id} person:{seat.person_id}"
    record(action, actor_id=actor_id, now=now, subject=f"seat:{seat.id}", detail=detail)


def _tell(
    kind: str, seat: DutySeat, person_id: int, by: int | None, now: datetime, *, includes_actor: bool = False
) -> None:
    """Tell somebody of a duty that they were given, or have no more."""
    slot = _seat(seat.id).slot
    duty = {"line": slot.line.name, "starts_at": slot.starts_at, "ends_at": slot.ends_at}
    said = {"before": duty} if kind == notice_kinds.REMOVED else {"after": duty}
    notify(kind, [person_id], About(f"seat:{seat.id}", **said), by=by, now=now, includes_actor=includes_actor)
