"""Declaring, changing, ending and cancelling absences."""

from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import delete

from cpts_net import clock
from cpts_net.audit.actions import record
from cpts_net.directory import queries as directory
from cpts_net.leave import notice_kinds, queries
from cpts_net.leave.models import Absence, AbsenceException, Relay
from cpts_net.leave.rules import (
    AbsenceGone,
    Answer,
    AnsweredBefore,
    AnswerTooLate,
    Days,
    Declaration,
    LeaveOverlaps,
    NotOneOfItsDays,
    RelayAway,
    RelayRefused,
    absence_span,
    as_seen,
    check_age,
    check_seen,
    ended,
)
from cpts_net.leave.times import clash, days_off
from cpts_net.notices.actions import About, notify
from cpts_net.storage import revisions
from cpts_net.storage.connections import db


def declare_absence(
    person_id: int, wanted: Declaration, *, actor_id: int | None, now: datetime, closing_id: int | None = None
) -> int:
    """Record an absence of the member, by themselves or because of a closing; return its id.

    When somebody else declares it, the member is told. Whom it concerns beside
    them, the room of continuity tells, which follows relays.

    Raises:
        DaysRefused, LeaveOverlaps, RelayRefused, RelayAway: what a person can put right.
    """
    revisions.bump(revisions.CONTINUITY)
    made = {"declared_by_id": actor_id, "declared_at": now, "closing_id": closing_id}
    absence = Absence(person_id=person_id, **made, every_relay=[], exceptions=[])
    _check(absence, wanted, now)
    _fill(absence, wanted, now)
    db.session.add(absence)
    db.session.flush()
    _record("leave.declared", absence, actor_id, now)
    tell(notice_kinds.DECLARED, absence, actor_id, now)
    return absence.id


def change_absence(
    absence_id: int,
    wanted: Declaration,
    *,
    actor_id: int | None,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Say anew when the member is away, and who stands in; with other days it is no closing’s any more.

    Raises:
        AbsenceGone: when it was cancelled meanwhile.
        AbsenceChanged: when it was changed since it was ``seen``.
        DaysRefused, LeaveOverlaps, RelayRefused, RelayAway: what a person can put right.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = _standing(absence_id, seen)
    _check(absence, wanted, now)
    if as_seen(absence, "", ()) != as_seen(wanted, "", ()):
        absence.closing_id = None
    _fill(absence, wanted, now)
    db.session.flush()
    _record("leave.changed", absence, actor_id, now)
    tell(notice_kinds.CHANGED, absence, actor_id, now)


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
    tell(notice_kinds.CANCELLED, absence, actor_id, now)


def end_absence(absence_id: int, *, actor_id: int | None, now: datetime, seen: str | None = None) -> None:
    """End an absence under way: what is over of it stays.

    Raises:
        AbsenceGone: when it was cancelled before.
        AbsenceChanged: when it was changed since it was ``seen``.
        NotUnderWay: when it has not begun, or is over.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = _standing(absence_id, seen)
    absence.last_day, absence.until_time = ended(absence, now, clock.zone())
    db.session.flush()
    _record("leave.ended", absence, actor_id, now)
    tell(notice_kinds.CHANGED, absence, actor_id, now)


def except_day(absence_id: int, day: date, *, actor_id: int | None, now: datetime, seen: str | None = None) -> None:
    """Say that somebody is there on one of their weekly days off.

    Raises:
        AbsenceGone, AbsenceChanged: as ``end_absence``.
        NotOneOfItsDays: for another day, one that is over, or one that is excepted already.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = _standing(absence_id, seen)
    zone = clock.zone()
    if not any(off.end > now for _day, off in days_off(absence, absence.excepted, zone, day, day)):
        raise NotOneOfItsDays
    absence.exceptions.append(AbsenceException(absence_id=absence_id, day=day))
    db.session.flush()
    _record("leave.excepted", absence, actor_id, now)
    tell(notice_kinds.CHANGED, absence, actor_id, now)


def restore_day(absence_id: int, day: date, *, actor_id: int | None, now: datetime) -> None:
    """Say that somebody is away on one of their weekly days off after all.

    Raises:
        AbsenceGone: as ``end_absence``.
        NotOneOfItsDays: for a day that is not excepted, or is over.
    """
    revisions.bump(revisions.CONTINUITY)
    absence = _standing(absence_id, None)
    kept = [each for each in absence.exceptions if each.day != day]
    if len(kept) == len(absence.exceptions) or day < now.astimezone(clock.zone()).date():
        raise NotOneOfItsDays
    db.session.execute(
        delete(AbsenceException).where(AbsenceException.absence_id == absence_id, AbsenceException.day == day)
    )
    db.session.expire(absence, ["exceptions"])
    absence = _standing(absence_id, None)
    _record("leave.restored", absence, actor_id, now)
    tell(notice_kinds.CHANGED, absence, actor_id, now)


def _standing(absence_id: int, seen: str | None) -> Absence:
    absence = queries.absence(absence_id)
    if absence is None or absence.cancelled_at is not None:
        raise AbsenceGone
    check_seen(seen, absence.as_seen)
    return absence


def _check(absence: Absence, wanted: Declaration, now: datetime) -> None:
    zone = clock.zone()
    check_age(wanted, now.astimezone(zone).date())
    check_own(absence, wanted, zone)
    known = directory.members(wanted.relay_ids)
    if absence.person_id in wanted.relay_ids or len(known) != len(wanted.relay_ids):
        raise RelayRefused
    # Who was asked before they went away themselves stays: the chain goes on to theirs.
    named = {*wanted.relay_ids} - {*absence.relay_ids}
    for away in queries.hindering(wanted, named, now):
        raise RelayAway(away.person_id, away, is_circle=absence.person_id in away.relay_ids)


def check_own(absence: Absence, wanted: Days, zone: tzinfo) -> None:
    """Refuse a second leave at the same time, and weekly days off twice; a leave may cover days off.

    Raises:
        LeaveOverlaps: with the other one.
    """
    if wanted.weekdays:
        clashing = {other.id for other in queries.weekly_of(absence.person_id) if clash(wanted, other)}
    else:
        away = queries.times_away(absence_span(wanted, zone), [absence.person_id])
        clashing = {each.absence.id for each in away if not each.absence.weekdays}
    if others := queries.absences_by_id(clashing - {absence.id}):
        raise LeaveOverlaps(min(others.values(), key=lambda other: (other.first_day, other.id)))


def _fill(absence: Absence, wanted: Declaration, now: datetime) -> None:
    absence.first_day, absence.last_day, absence.weekdays = wanted.first_day, wanted.last_day, wanted.weekdays
    absence.from_time, absence.until_time = wanted.from_time, wanted.until_time
    absence.note, absence.asks = wanted.note, wanted.asks
    named = [_named(absence, **target) for target in _targets(wanted)]
    for rank, relay in enumerate(named):
        relay.rank = rank
        if relay.withdrawn_at is not None:
            # Taken back before, and named again: that is another question.
            relay.withdrawn_at = relay.asked_at = relay.answered_at = relay.answered_by_id = None
            relay.answer = relay.word = ""
    for relay in absence.relays:
        if relay not in named:
            relay.withdrawn_at = now


def _targets(wanted: Declaration) -> list[dict[str, Any]]:
    """Who is to stand in, in order, as the columns of their rows."""
    found: list[dict[str, Any]] = [{"person_id": person_id} for person_id in wanted.relay_ids]
    if wanted.structure_id:
        found.append({"structure_id": wanted.structure_id})
    if wanted.outsider:
        found.append({"outsider_phone": wanted.outsider.phone, "outsider_name": wanted.outsider.name})
    if wanted.line_id:
        found.append({"line_id": wanted.line_id})
    return found


def _named(absence: Absence, *, outsider_name: str = "", **target: Any) -> Relay:
    """The row of a relay, which is made once for an absence and for ever."""
    ((column, value),) = target.items()
    relay = next((each for each in absence.every_relay if getattr(each, column) == value), None)
    if relay is None:
        relay = Relay(**target, answer="", word="")
        absence.every_relay.append(relay)
    relay.outsider_name = outsider_name
    return relay


def ask(relay: Relay, *, now: datetime) -> None:
    """Note that a relay is asked now; telling them is up to who follows relays."""
    relay.asked_at = now


def answer_relay(
    relay_id: int, answer: Answer, word: str, *, person_id: int, actor_id: int | None, now: datetime
) -> Relay:
    """Note what a relay says, or says anew; the absent person is told, when another one says it.

    ``person_id`` is who speaks: of a structure, the first who does speaks for it.

    Raises:
        AnswerTooLate: when the absence is over or was taken back, or they are not asked any more.
        AnsweredBefore: when a colleague of the same structure has spoken.
    """
    revisions.bump(revisions.CONTINUITY)
    relay = queries.relay(relay_id)
    if relay is None or not can_answer(relay, person_id, now):
        raise AnswerTooLate
    if relay.is_answered_by_another(person_id):
        raise AnsweredBefore
    relay.answer, relay.word, relay.answered_at = answer, word, now
    relay.answered_by_id = person_id if relay.structure_id else None
    relay.asked_at = relay.asked_at or now
    db.session.flush()
    absence = relay.absence
    detail = f"person:{person_id} {answer}"
    record("leave.relay_answered", actor_id=actor_id, now=now, subject=subject_of(absence), detail=detail)
    begins_at = absence_span(absence, clock.zone()).start
    about = About(subject_of(absence), after={"relay": relay.id}, begins_at=begins_at)
    notify(notice_kinds.ANSWERED, [absence.person_id], about, by=actor_id, now=now)
    return relay


def can_answer(relay: Relay, person_id: int, now: datetime) -> bool:
    """Whether an answer of theirs still means something."""
    absence = relay.absence
    is_over = absence_span(absence, clock.zone()).end <= now
    is_asked = relay.structure_id is None or relay.structure_id in queries.where_asked(person_id)
    return relay.withdrawn_at is None and absence.cancelled_at is None and not is_over and is_asked


def _record(action: str, absence: Absence, actor_id: int | None, now: datetime) -> None:
    record(
        action,
        actor_id=actor_id,
        now=now,
        subject=subject_of(absence),
        detail=f"person:{absence.person_id} {absence.first_day} {absence.last_day}",
    )


def tell(kind: str, absence: Absence, by: int | None, now: datetime) -> None:
    """Tell the member of what somebody else did with their absence."""
    days = notice_kinds.days_kept(absence)
    said: dict[str, Any] = {"before": days} if kind == notice_kinds.CANCELLED else {"after": days}
    about = About(subject_of(absence), begins_at=absence_span(absence, clock.zone()).start, **said)
    notify(kind, [absence.person_id], about, by=by, now=now)


def subject_of(absence: Absence) -> str:
    """How the trail and notices name an absence."""
    return f"absence:{absence.id}"
