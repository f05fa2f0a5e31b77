"""Telling people of the duties that others give them, take from them, or change."""

from datetime import datetime
from typing import Any

from cpts_net.notices.actions import About, notify
from cpts_net.oncall.notice_kinds import ASSIGNED, KEPT, LENGTHENED, REMOVED, SHORTENED
from cpts_net.oncall.seat_facts import seat_ever
from cpts_net.spans import Span

__all__ = ["ASSIGNED", "KEPT", "LENGTHENED", "REMOVED", "SHORTENED", "tell"]


def tell(
    kind: str,
    seat_id: int,
    span: Span,
    person_id: int,
    by: int | None,
    now: datetime,
    *,
    other_id: int | None = None,
) -> None:
    """Tell somebody of the part of a slot that they were given, have no more, or had before its hours changed.

    ``other_id`` is who had it before them, or has it, or the rest of it, from now on: what passes from one to another
    is confirmed to both, whoever did it.
    """
    seat = seat_ever(seat_id)
    line = seat.slot.line.name
    duty: dict[str, Any] = {"line": line, "starts_at": span.start, "ends_at": span.end}
    other: dict[str, Any] = {"person_id": other_id} if other_id else {}
    before, after = other, duty
    if kind in {SHORTENED, LENGTHENED}:
        before, after = duty, {"line": line, "starts_at": seat.starts_at, "ends_at": seat.ends_at, **other}
    elif kind == REMOVED:
        before, after = duty, other
    about = About(f"seat:{seat_id}", before, after, span.start)
    notify(kind, [person_id], about, by=by, now=now, includes_actor=other_id is not None)
