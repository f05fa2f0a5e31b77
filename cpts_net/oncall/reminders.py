"""What time brings: a duty tomorrow."""

from datetime import datetime, time, timedelta
from typing import Any

from cpts_net import clock
from cpts_net.notices.actions import About, notify
from cpts_net.notices.queries import told_of
from cpts_net.oncall import notice_kinds, seat_facts
from cpts_net.oncall.models import DutySeat
from cpts_net.spans import Span, local_instant
from cpts_net.storage.transaction import snapshot, transaction

EVENING = time(18)  # Local, of the day before.
MIDNIGHT = time(0)
A_DAY = timedelta(days=1)
AT_ONCE = 50


def tell_of_tomorrow(*, now: datetime) -> None:
    """In the evening, remind people of their duties of the next day; each once, and none of them late.

    Who took one that evening, or was given it, knows. Commits by itself, some
    at a time, and looks before it keeps others from writing.
    """
    zone = clock.zone()
    today = now.astimezone(zone).date()
    evening = local_instant(today, EVENING, zone)
    if now < evening:
        return
    tomorrow = Span(local_instant(today + A_DAY, MIDNIGHT, zone), local_instant(today + 2 * A_DAY, MIDNIGHT, zone))
    with snapshot():
        due = [
            (seat.id, seat.person_id, _duty(seat)) for seat in _untold(seat_facts.seats_beginning(tomorrow, evening))
        ]
    for start in range(0, len(due), AT_ONCE):
        with transaction():
            for seat_id, person_id, duty in due[start : start + AT_ONCE]:
                about = About(f"seat:{seat_id}", after=duty)
                notify(notice_kinds.TOMORROW, [person_id], about, by=None, now=now, occasion=duty["starts_at"])


def _untold(seats: list[DutySeat]) -> list[DutySeat]:
    told = set()
    for starts_at in {seat.starts_at for seat in seats}:
        subjects = [f"seat:{seat.id}" for seat in seats if seat.starts_at == starts_at]
        told |= told_of(notice_kinds.TOMORROW, subjects, starts_at)
    return [seat for seat in seats if (f"seat:{seat.id}", seat.person_id) not in told]


def _duty(seat: DutySeat) -> dict[str, Any]:
    return {"line": seat.slot.line.name, "starts_at": seat.starts_at, "ends_at": seat.ends_at}
