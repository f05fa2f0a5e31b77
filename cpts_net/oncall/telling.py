"""Telling people of the duties that others give them or take from them."""

from datetime import datetime

from cpts_net.notices.actions import About, notify
from cpts_net.oncall.notice_kinds import ASSIGNED, REMOVED, SHORTENED
from cpts_net.oncall.seat_facts import seat_ever
from cpts_net.spans import Span

__all__ = ["ASSIGNED", "REMOVED", "SHORTENED", "tell"]


def tell(
    kind: str,
    seat_id: int,
    span: Span,
    person_id: int,
    by: int | None,
    now: datetime,
    *,
    includes_actor: bool = False,
) -> None:
    """Tell somebody of the part of a slot that they were given, have no more, or had before it was made shorter."""
    seat = seat_ever(seat_id)
    line = seat.slot.line.name
    duty = {"line": line, "starts_at": span.start, "ends_at": span.end}
    said = {"after": duty} if kind == ASSIGNED else {"before": duty}
    if kind == SHORTENED:
        said["after"] = {"line": line, "starts_at": seat.starts_at, "ends_at": seat.ends_at}
    notify(kind, [person_id], About(f"seat:{seat_id}", **said), by=by, now=now, includes_actor=includes_actor)
