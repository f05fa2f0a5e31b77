"""Taking back what was done with an absence, and with it what was done with the duties inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cpts_net import clock
from cpts_net.audit import ways_back
from cpts_net.audit.models import WayBack
from cpts_net.continuity.relaying import telling_relays
from cpts_net.leave import actions as leave
from cpts_net.leave.models import Absence
from cpts_net.leave.queries import absence as absence_of
from cpts_net.leave.queries import bare_absence
from cpts_net.leave.restoring import as_it_is, days_of, restore_absence, state_of
from cpts_net.leave.rules import Days
from cpts_net.leave.times import looked_at
from cpts_net.notices.unheard import taking_back
from cpts_net.oncall import seat_facts
from cpts_net.oncall.undoing import undo as undo_change
from cpts_net.storage import revisions

ABSENCE = "absence"


class Undoable:
    """What is being done with an absence; ``way_id`` is the way back, once it is done."""

    def __init__(self, absence_id: int | None) -> None:
        self.absence_id = absence_id
        self.way_id = 0


@contextmanager
def undoable(absence_id: int | None, *, actor_id: int, now: datetime) -> Iterator[Undoable]:
    """Keep the way back from what is done within; of a new absence, its id is to be noted."""
    revisions.bump(revisions.CONTINUITY)
    deed, last = Undoable(absence_id), seat_facts.last_change()
    absence = absence_of(absence_id) if absence_id else None
    before: dict[str, Any] = as_it_is(absence) if absence else {}
    yield deed
    after = bare_absence(deed.absence_id) if deed.absence_id else None
    if after is not None:
        kept = {**before, "changes": seat_facts.changes_since(last)}
        deed.way_id = ways_back.keep(f"{ABSENCE}:{after.id}", kept, seen=state_of(after), by=actor_id, now=now)


def undo(way: WayBack, *, actor_id: int, now: datetime) -> None:
    """Take it back, duties and all, or nothing of it; who has heard of it is told.

    Raises:
        NoWayBack: UndoneBefore, TooLate, ChangedSince.
        LeaveOverlaps: when another absence lies on its days by now.
        SeatRefused: when a duty cannot be as it was.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = absence_of(way.subject_id)
    if absence is None:
        raise ways_back.ChangedSince
    ways_back.take(way, state_of(absence), now)
    facts = [each for each in map(seat_facts.change, way.was["changes"]) if each is not None]
    subjects = {way.subject, *(f"seat:{fact.seat_id}" for fact in facts)}
    with taking_back(subjects, by=actor_id, at=way.at):
        _undo_absence(absence, way, actor_id, now)
        for fact in facts:
            if not seat_facts.is_undone(fact.id):  # The two parts of a split go together.
                undo_change(fact.id, now=now, actor_id=actor_id)


def _undo_absence(absence: Absence, way: WayBack, actor_id: int, now: datetime) -> None:
    is_new = "first_day" not in way.was
    days: list[Days] = [absence] if is_new else [absence, days_of(way.was)]
    spans = [looked_at(each, now, clock.zone()) for each in days]
    with telling_relays([absence.person_id], spans, by=actor_id, now=now):
        if is_new:
            leave.cancel_absence(absence.id, actor_id=actor_id, now=now)
        else:
            restore_absence(absence.id, way.was, actor_id=actor_id, now=now)
