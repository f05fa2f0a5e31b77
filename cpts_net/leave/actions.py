"""Declaring, changing and cancelling absences."""

from datetime import datetime

from cpts_net import clock
from cpts_net.audit.actions import record
from cpts_net.directory import queries as directory
from cpts_net.leave import notice_kinds, queries
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import (
    AbsenceGone,
    Declaration,
    LeaveOverlaps,
    RelayAway,
    RelayRefused,
    absence_span,
    check_age,
    check_seen,
)
from cpts_net.notices.actions import About, notify
from cpts_net.storage import revisions
from cpts_net.storage.connections import db


def declare_absence(person_id: int, wanted: Declaration, *, actor_id: int | None, now: datetime) -> int:
    """Record an absence of the member; return its id.

    When somebody else declares it, the member is told by mail. New relays are told as well.

    Raises:
        DaysRefused, LeaveOverlaps, RelayRefused, RelayAway: what a person can put right.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = Absence(person_id=person_id, declared_by_id=actor_id, declared_at=now, relays=[])
    _check(absence, wanted, now)
    _fill(absence, wanted)
    db.session.add(absence)
    db.session.flush()
    _record("leave.declared", absence, actor_id, now)
    _tell(notice_kinds.DECLARED, absence, actor_id, now)
    _tell_relays(absence, set(wanted.relay_ids), actor_id, now)
    return absence.id


def change_absence(
    absence_id: int,
    wanted: Declaration,
    *,
    actor_id: int | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Say anew when the member is away, and who stands in.

    Raises:
        AbsenceGone: when it was cancelled meanwhile.
        AbsenceChanged: when it was changed since it was ``seen``.
        DaysRefused, LeaveOverlaps, RelayRefused, RelayAway: what a person can put right.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = _standing(absence_id, seen)
    before = {relay.person_id for relay in absence.relays}
    have_moved = (absence.first_day, absence.last_day) != (wanted.first_day, wanted.last_day)
    _check(absence, wanted, now)
    _fill(absence, wanted)
    db.session.flush()
    _record("leave.changed", absence, actor_id, now)
    _tell(notice_kinds.CHANGED, absence, actor_id, now)
    _tell_relays(absence, set(wanted.relay_ids) - (set() if have_moved else before), actor_id, now)


def cancel_absence(absence_id: int, *, actor_id: int | None, now: datetime, seen: str | None = None) -> None:
    """Take an absence back; its row stays, so that calendars can say that it was cancelled.

    Raises:
        AbsenceGone: when it was cancelled before.
        AbsenceChanged: when it was changed since it was ``seen``.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = _standing(absence_id, seen)
    absence.cancelled_at = now
    db.session.flush()
    _record("leave.cancelled", absence, actor_id, now)
    _tell(notice_kinds.CANCELLED, absence, actor_id, now)


def _standing(absence_id: int, seen: str | None) -> Absence:
    absence = queries.absence(absence_id)
    if absence is None or absence.cancelled_at is not None:
        raise AbsenceGone
    check_seen(seen, absence.as_seen)
    return absence


def _check(absence: Absence, wanted: Declaration, now: datetime) -> None:
    zone = clock.zone()
    check_age(wanted, now.astimezone(zone).date())
    span = absence_span(wanted, zone)
    for other in queries.absences_between(span, [absence.person_id]):
        if other.id != absence.id:
            raise LeaveOverlaps(other)
    known = directory.members(wanted.relay_ids)
    if absence.person_id in wanted.relay_ids or len(known) != len(wanted.relay_ids):
        raise RelayRefused
    # Who was asked before they went away themselves stays: the chain goes on to theirs.
    named = {*wanted.relay_ids} - {relay.person_id for relay in absence.relays}
    for away in queries.absences_between(span, named):
        raise RelayAway(away.person_id, away)


def _fill(absence: Absence, wanted: Declaration) -> None:
    absence.first_day, absence.last_day = wanted.first_day, wanted.last_day
    absence.from_noon, absence.until_noon = wanted.from_noon, wanted.until_noon
    absence.note = wanted.note
    if [relay.person_id for relay in absence.relays] != list(wanted.relay_ids):
        # Gone before the new ones come: a rank may pass from one to another.
        absence.relays.clear()
        db.session.flush()
        absence.relays += [Relay(rank=rank, person_id=relay) for rank, relay in enumerate(wanted.relay_ids)]


def _record(action: str, absence: Absence, actor_id: int | None, now: datetime) -> None:
    record(
        action,
        actor_id=actor_id,
        now=now,
        subject=_subject(absence),
        detail=f"person:{absence.person_id} {absence.first_day} {absence.last_day}",
    )


def _tell(kind: str, absence: Absence, by: int | None, now: datetime) -> None:
    """Tell the member of what somebody else did with their absence."""
    days = {"first_day": absence.first_day, "last_day": absence.last_day}
    said = {"before": days} if kind == notice_kinds.CANCELLED else {"after": days}
    notify(kind, [absence.person_id], About(_subject(absence), **said), by=by, now=now)


def _tell_relays(absence: Absence, relay_ids: set[int], by: int | None, now: datetime) -> None:
    about = About(_subject(absence), after={"first_day": absence.first_day, "last_day": absence.last_day})
    notify(notice_kinds.RELAY, sorted(relay_ids), about, by=by, now=now, includes_actor=True)


def _subject(absence: Absence) -> str:
    """How the trail and notices name an absence."""
    return f"absence:{absence.id}"
