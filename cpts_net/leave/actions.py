"""Declaring, changing and cancelling absences."""

from datetime import date, datetime

from cpts_net import clock
from cpts_net.accounts.mail_addresses import mail_addresses, speaks_for
from cpts_net.audit.actions import record
from cpts_net.directory import queries as directory
from cpts_net.leave import queries
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
from cpts_net.outbox import mailer
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
    _tell("declared", absence, actor_id, now)
    _tell_relays(absence, set(wanted.relay_ids), now)
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
    _tell("changed", absence, actor_id, now)
    _tell_relays(absence, set(wanted.relay_ids) - (set() if have_moved else before), now)


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
    _tell("cancelled", absence, actor_id, now)


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
        subject=f"absence:{absence.id}",
        detail=f"person:{absence.person_id} {absence.first_day} {absence.last_day}",
    )


def _tell(what: str, changed: Absence, actor_id: int | None, now: datetime) -> None:
    """Write to the member when somebody else did it."""
    if speaks_for(actor_id, changed.person_id):
        return
    absence = _with_names(changed)
    relay = absence.relays[0].person.display_name if absence.relays else ""
    for address in mail_addresses([absence.person_id]).values():
        mailer.enqueue_mail(address, f"leave/mail/{what}", now, **_days(absence), relay=relay)


def _tell_relays(changed: Absence, relay_ids: set[int], now: datetime) -> None:
    if not (addresses := mail_addresses(relay_ids)):
        return
    absence = _with_names(changed)
    said = {**_days(absence), "name": absence.person.display_name, "note": absence.note}
    for address in addresses.values():
        mailer.enqueue_mail(address, "leave/mail/relay", now, **said)


def _with_names(changed: Absence) -> Absence:
    """The absence with its people as they are now; asked only where somebody is written to, for nobody else can write."""
    absence = queries.absence(changed.id)
    assert absence is not None
    return absence


def _days(absence: Absence) -> dict[str, date]:
    return {"first_day": absence.first_day, "last_day": absence.last_day}
