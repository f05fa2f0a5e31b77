"""Undoing the last change of a seat: judged like a taking, as long as the duty has not begun."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from cpts_net.oncall import seat_facts
from cpts_net.oncall.actions import Done, write_fact
from cpts_net.oncall.gap_telling import telling_of_gaps
from cpts_net.oncall.judging import check_alone, check_serves, slot_to_serve
from cpts_net.oncall.models import DutySeat, SeatChange
from cpts_net.oncall.replay import SeatKind, SeatNow
from cpts_net.oncall.rules import NotUndone, SlotOver
from cpts_net.oncall.telling import ASSIGNED, LENGTHENED, REMOVED, tell
from cpts_net.storage import revisions

UNDONE_WITHIN = timedelta(minutes=30)


def is_recent(change: SeatChange, now: datetime) -> bool:
    """Whether a change may still be undone, if it is the last; an undoing never is."""
    return change.kind != SeatKind.UNDONE and now - UNDONE_WITHIN <= change.at


def undo(change_id: int, *, now: datetime, actor_id: int | None = None) -> Done:
    """Take the last change of a seat back; whom that concerns is told.

    Raises:
        NotUndone: when it is not the last, is older than half an hour, or is an undoing.
        SlotOver: when the duty has begun.
        SeatRefused: as ``take_seat``, for whoever would hold the seat again.
    """
    revisions.bump(revisions.CONTINUITY)
    change = seat_facts.change(change_id)
    if change is None or not is_recent(change, now):
        raise NotUndone
    seat = seat_facts.seat_ever(change.seat_id)
    first, *others = seat_facts.facts_of(seat.id)
    along = _kept_along(change, others)
    if [first, *others][-1 - len(along)].id != change_id or (not others and change.kind == SeatKind.SPLIT):
        raise NotUndone  # What a split began goes with the other part.
    if seat.starts_at <= now:
        raise SlotOver
    with telling_of_gaps(seat.slot_id, by=actor_id, now=now, but=seat.person_id):
        for kept in along:
            write_fact(seat, SeatKind.UNDONE, actor_id, now, undoes_id=kept.id)
        if change.kind == SeatKind.SPLIT:
            _undo_other_part(change, seat, actor_id, now)
        return _undo(change, seat, actor_id, now)


def _kept_along(change: SeatChange, facts: Sequence[SeatChange]) -> list[SeatChange]:
    """That it was kept in spite of a day off, in the same deed as a taking; the last first."""
    if change.kind != SeatKind.TAKEN:
        return []
    return [*takewhile(lambda fact: fact.kind == SeatKind.KEPT and fact.at == change.at, reversed(facts))]


def _undo(change: SeatChange, seat: DutySeat, actor_id: int | None, now: datetime) -> Done:
    before = SeatNow(seat.person_id, seat.starts_at, seat.ends_at, seat.released_at)
    done = write_fact(seat, SeatKind.UNDONE, actor_id, now, undoes_id=change.id)
    after = seat_facts.seat_now(seat.id)
    if after.released_at is None and change.kind != SeatKind.KEPT:
        _judge(seat, after, now)
    seat.person_id, seat.ends_at, seat.released_at = after.person_id, after.ends_at, after.released_at
    _tell(seat, before, after, actor_id, now)
    return done


def _judge(seat: DutySeat, after: SeatNow, now: datetime) -> None:
    slot = slot_to_serve(seat.slot_id, now)
    check_alone(slot, seat, after.span)
    check_serves(after.person_id, slot, after.span, but=seat.id, on_day_off=bool(after.kept))


def _undo_other_part(change: SeatChange, seat: DutySeat, actor_id: int | None, now: datetime) -> None:
    """A split is one deed on two seats: what it began goes when what it ended comes back."""
    for other in seat_facts.parts_of_split(change, seat):
        facts = seat_facts.facts_of(other.id)
        if facts[-1].kind != SeatKind.SPLIT:
            raise NotUndone  # The other part went on since.
        _undo(facts[-1], other, actor_id, now)


def _tell(seat: DutySeat, before: SeatNow, after: SeatNow, actor_id: int | None, now: datetime) -> None:
    was, holds = before.released_at is None, after.released_at is None
    is_same = (before.person_id, before.span) == (after.person_id, after.span)
    if was and holds and is_same:
        return
    if was and (not holds or before.person_id != after.person_id):
        tell(REMOVED, seat.id, before.span, before.person_id, actor_id, now)
    if was and holds and before.person_id == after.person_id:
        tell(LENGTHENED, seat.id, before.span, before.person_id, actor_id, now)
    elif holds:
        tell(ASSIGNED, seat.id, after.span, after.person_id, actor_id, now)
