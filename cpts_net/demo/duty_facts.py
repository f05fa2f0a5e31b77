"""What happened to a few duties of the demonstration: one was handed over, one split, one is kept in spite of a leave."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update

from cpts_net.demo import queries
from cpts_net.demo.duties import NIGHT
from cpts_net.leave import queries as leave
from cpts_net.oncall.actions import keep_seat
from cpts_net.oncall.models import DutySeat, SeatChange
from cpts_net.oncall.replay import Reason, SeatKind
from cpts_net.spans import Span
from cpts_net.storage.connections import db

SERVED_BEFORE_SPLIT = timedelta(hours=6)
AGREED_BEFORE = timedelta(days=3)


def write(kept_by: int, kept: Span, morning: datetime) -> None:
    """Add the facts, to rows that are there."""
    for seat_id in queries.seat_ids(kept_by, kept):
        keep_seat(seat_id, now=morning)
    nights = queries.last_duties(NIGHT, morning)
    if len(nights) > 1:
        _hand_over(nights[0], nights[1].person_id)
    for place, night in enumerate(nights[1:], start=1):
        if (taker := _relief(night, nights[place + 1 :])) is not None:
            _split(night, taker)
            return


def _hand_over(seat: DutySeat, before: int) -> None:
    """The seat was somebody else's first."""
    birth = SeatChange.seat_id == seat.id
    db.session.execute(update(SeatChange).where(birth).values(to_id=before))
    handed = {"kind": SeatKind.HANDED_OVER, "from_id": before, "to_id": seat.person_id, "reason_code": Reason.AGREED}
    db.session.add(SeatChange(seat_id=seat.id, at=seat.starts_at - AGREED_BEFORE, **handed))


def _relief(seat: DutySeat, others: Sequence[DutySeat]) -> int | None:
    """Somebody of the line who was there that night and had no duty."""
    people = {other.person_id for other in others} - {seat.person_id}
    busy = {absence.person_id for absence in leave.absences_between(seat.span, people)}
    free = [each for each in sorted(people - busy) if not queries.seat_ids(each, seat.span)]
    return next(iter(free), None)


def _split(seat: DutySeat, taker: int) -> None:
    moment, end = seat.starts_at + SERVED_BEFORE_SPLIT, seat.ends_at
    seat.ends_at = moment
    rest = DutySeat(slot_id=seat.slot_id, number=seat.number, person_id=taker, starts_at=moment, ends_at=end)
    db.session.add(rest)
    db.session.flush()
    told = {"kind": SeatKind.SPLIT, "from_id": seat.person_id, "to_id": taker, "reason_code": Reason.HINDERED}
    db.session.add(SeatChange(seat_id=seat.id, at=moment, effective_at=moment, **told))
    db.session.add(SeatChange(seat_id=rest.id, at=moment, effective_at=moment, until=end, **told))
    db.session.flush()
