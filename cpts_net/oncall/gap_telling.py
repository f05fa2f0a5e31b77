"""Telling of gaps as they open, in the transaction of what opens them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from cpts_net.accounts.queries import people_of_role
from cpts_net.notices.actions import About, notify
from cpts_net.notices.wishes import those_who_wish
from cpts_net.oncall import gap_kinds
from cpts_net.oncall.gap_queries import Short, short_slots
from cpts_net.oncall.gaps import Lack, opened
from cpts_net.roles import Role

HORIZON = timedelta(days=14)  # What opens later is told when it is as near as that.


@contextmanager
def telling_of_gaps(slot_id: int, *, by: int | None, now: datetime, but: int | None = None) -> Iterator[None]:
    """Tell coordinators, and those who wish it and could serve, of what a change leaves without enough people in a slot.

    ``but`` is who is told already what became of their duty.
    """
    before = _lacks(slot_id)
    yield
    if (short := short_slots([slot_id]).get(slot_id)) and short.lacks:
        for lack in opened(before, short.lacks):
            if now < lack.span.end and lack.span.start < now + HORIZON:
                _tell(short, lack, by, now, but)


def _lacks(slot_id: int) -> Sequence[Lack]:
    short = short_slots([slot_id]).get(slot_id)
    return short.lacks if short else ()


def _tell(short: Short, lack: Lack, by: int | None, now: datetime, but: int | None) -> None:
    said, coordinators = about(short, lack), people_of_role(Role.COORDINATOR)
    notify(gap_kinds.OPENED, [each for each in coordinators if each != but], said, by=by, now=now)
    wishing = those_who_wish(gap_kinds.OFFERED) - {*coordinators, but}
    able = gap_kinds.free_to_take(wishing, short.slot_id, lack.span)
    notify(gap_kinds.OFFERED, sorted(able), said, by=by, now=now)


def about(short: Short, lack: Lack) -> About:
    """What is told of a gap."""
    span = lack.span
    said = {"line": short.line, "starts_at": span.start, "ends_at": span.end, "missing": lack.missing}
    return About(f"slot:{short.slot_id}", after=said, begins_at=span.start)
