"""An absence as it was before somebody changed it: written down, and brought back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cpts_net import clock
from cpts_net.audit.actions import record
from cpts_net.leave import notice_kinds, queries
from cpts_net.leave.actions import check_own, subject_of, tell
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.notice_kinds import DaysThen
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

DAYS = ("first_day", "last_day", "from_time", "until_time", "weekdays")
COLUMNS = (*DAYS, "note", "asks", "cancelled_at", "closing_id")
OF_RELAY = ("rank", "outsider_name", "withdrawn_at", "asked_at", "answered_at", "answered_by_id", "answer", "word")


def as_it_is(absence: Absence) -> dict[str, Any]:
    """All that a change may alter, as ``plain_values`` has it; its relays are loaded."""
    relays = [{"id": relay.id, **{name: getattr(relay, name) for name in OF_RELAY}} for relay in absence.every_relay]
    return {**{name: getattr(absence, name) for name in COLUMNS}, "relays": relays}


def state_of(absence: Absence) -> str:
    """How it stands, for whoever takes something back; what relays answer does not count."""
    return f"{absence.as_seen} {absence.cancelled_at is not None}"


def days_of(was: Mapping[str, Any]) -> DaysThen:
    """The days that it had."""
    return DaysThen(**{name: was[name] for name in DAYS})


def restore_absence(absence_id: int, was: Mapping[str, Any], *, actor_id: int | None, now: datetime) -> None:
    """Bring an absence back as it was, with those who stood in and what they had said.

    Raises:
        LeaveOverlaps: when another one lies on its days by now.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = queries.absence(absence_id)
    assert absence is not None
    check_own(absence, days_of(was), clock.zone())
    for name in COLUMNS:
        setattr(absence, name, was[name])
    known = {each["id"]: each for each in was["relays"]}
    for relay in absence.every_relay:
        _restore(relay, known.get(relay.id), now)
    db.session.flush()
    detail = f"person:{absence.person_id} {absence.first_day} {absence.last_day}"
    record("leave.undone", actor_id=actor_id, now=now, subject=subject_of(absence), detail=detail)
    tell(notice_kinds.CHANGED, absence, actor_id, now)


def _restore(relay: Relay, was: Mapping[str, Any] | None, now: datetime) -> None:
    """One who was named by what is taken back goes; whoever still stands keeps what they have said since."""
    if was is None:
        relay.withdrawn_at = relay.withdrawn_at or now
    elif (relay.withdrawn_at is None) == (was["withdrawn_at"] is None):
        relay.rank, relay.outsider_name = was["rank"], was["outsider_name"]
    else:
        for name in OF_RELAY:
            setattr(relay, name, was[name])
