"""Whether somebody may have a seat, as the base now is. Whoever asks has bumped the scope before."""

from datetime import datetime

from cpts_net import clock
from cpts_net.directory.practices import practised_by
from cpts_net.directory.presence import is_present
from cpts_net.leave import queries as leave
from cpts_net.oncall import queries
from cpts_net.oncall.gaps import Room, rooms
from cpts_net.oncall.models import DutySeat, DutySlot, SlotState
from cpts_net.oncall.rules import (
    DayOff,
    DutiesOverlap,
    HolderIsAway,
    NotEligible,
    SlotClosed,
    SlotFull,
    SlotGone,
    SlotOver,
    is_eligible,
)
from cpts_net.spans import Span


def slot_to_come(slot_id: int, now: datetime) -> DutySlot:
    """The slot, unless it is over.

    Raises:
        SlotGone, SlotOver: when nothing of it can change any more.
    """
    slot = queries.slot(slot_id)
    if slot is None or slot.state == SlotState.CANCELLED:
        raise SlotGone
    if slot.ends_at <= now:
        raise SlotOver
    return slot


def slot_to_serve(slot_id: int, now: datetime) -> DutySlot:
    """The slot, if somebody is to serve it.

    Raises:
        SlotGone, SlotOver, SlotClosed: when nobody is.
    """
    slot = slot_to_come(slot_id, now)
    if slot.state == SlotState.CLOSED:
        raise SlotClosed
    return slot


def check_serves(person_id: int, slot: DutySlot, span: Span, *, but: int = 0, on_day_off: bool = False) -> None:
    """Refuse whoever cannot serve the slot during ``span``; their seat with the number ``but`` does not hinder.

    With ``on_day_off`` they serve on a weekly day off too.

    Raises:
        NotEligible, DutiesOverlap, HolderIsAway, DayOff: the first that stands in the way.
    """
    is_there = is_present(person_id, span.start.astimezone(clock.zone()).date())
    if not is_there or not is_eligible(practised_by([person_id]).get(person_id, ()), slot.line.eligibilities):
        raise NotEligible
    for seat in queries.seats_of(person_id, span):
        if seat.id != but:
            raise DutiesOverlap(seat.slot.line.name, seat.span)
    absences = leave.absences_between(span, [person_id])
    for absence in absences:
        if not absence.weekdays:
            raise HolderIsAway(absence)
    if absences and not on_day_off:
        raise DayOff(absences[0])


def takeable(slot_id: int, person_id: int, now: datetime, *, on_day_off: bool = False) -> tuple[DutySlot, Room]:
    """The slot, and what the person would get of it if they took it now.

    Raises:
        SeatRefused: SlotGone, SlotOver, SlotClosed, NotEligible, HolderIsAway, DayOff, DutiesOverlap, SlotFull.
    """
    slot = slot_to_serve(slot_id, now)
    rooms = slot.rooms(now)
    check_serves(person_id, slot, rooms[0].span if rooms else slot.span, on_day_off=on_day_off)
    return slot, room_in(slot, now)


def room_in(slot: DutySlot, now: datetime) -> Room:
    """What somebody who comes now gets of the slot.

    Raises:
        SlotFull: when nothing is left of it.
    """
    rooms = slot.rooms(now)
    if not rooms:
        raise SlotFull
    return rooms[0]


def check_alone(slot: DutySlot, seat: DutySeat, span: Span) -> None:
    """Refuse to hold ``span`` with this seat when others have taken it meanwhile.

    Raises:
        SlotFull: when its number is held, or enough people serve.
    """
    others = [(other.number, other.span) for other in slot.seats if other.id != seat.id]
    free = rooms(slot.span, others, slot.seats_max, span.start)
    if not any(
        room.number == seat.number and room.span.start <= span.start and span.end <= room.span.end for room in free
    ):
        raise SlotFull
