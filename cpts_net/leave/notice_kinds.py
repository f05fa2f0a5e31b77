"""What people are told of absences: their own, and those in which they stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _

from cpts_net import clock
from cpts_net.leave import queries
from cpts_net.leave.answer_links import answer_path
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import Days
from cpts_net.leave.wording import are_many, away, but, spans_said
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family, When
from cpts_net.roles import BUT_GUESTS

DECLARED = "leave.declared"
CHANGED = "leave.changed"
CANCELLED = "leave.cancelled"
RELAY = "leave.relay"
THROUGH = "leave.relay_through"
MOVED = "leave.relay_moved"
RELEASED = "leave.relay_released"
ANSWERED = "leave.relay_answered"
LOST = "leave.relay_lost"
MY_ABSENCES = "/absences/"
BOARD = "/continuite/"


@dataclass(frozen=True)
class DaysThen:
    """The days of an absence as a notice keeps them."""

    first_day: date
    last_day: date | None
    from_time: time | None
    until_time: time | None
    weekdays: str

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "DaysThen":
        """What ``days_kept`` gave; earlier notices have no times."""
        texts = (kept.get(name) for name in ("from_time", "until_time"))
        start, end = (time.fromisoformat(each) if each else None for each in texts)
        return cls(kept["first_day"], kept["last_day"], start, end, kept.get("weekdays", ""))


def days_kept(absence: Days) -> dict[str, Any]:
    """The days of an absence, as a notice keeps them."""
    return {
        "first_day": absence.first_day,
        "last_day": absence.last_day,
        "from_time": absence.from_time.isoformat() if absence.from_time else "",
        "until_time": absence.until_time.isoformat() if absence.until_time else "",
        "weekdays": absence.weekdays,
    }


def _own(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Absences that somebody else declared or changed, as they are now; those that were taken back, as they were."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    return {notice.id: _own_one(notice, found.get(notice.subject_id)) for notice in notices}


def _own_one(notice: Notice, absence: Absence | None) -> Matter:
    if absence is None or absence.cancelled_at is not None:
        return Matter({"when": away(DaysThen.of(notice.became)), "relay": ""}, is_still_so=False)
    relay = absence.relays[0].name if absence.relays else ""
    when = ", ".join(filter(None, (away(absence), but(absence))))
    return Matter({"when": when, "relay": relay}, MY_ABSENCES)


def _cancelled(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Absences that somebody else took back, as they last were; not so any more where that was taken back in turn."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    return {
        notice.id: Matter(
            {"when": away(DaysThen.of(notice.was))},
            is_still_so=(absence := found.get(notice.subject_id)) is None or absence.cancelled_at is not None,
        )
        for notice in notices
    }


def _asked(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Absences in which somebody is asked to stand in, with the link that answers; left out where they are not any more."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    asked = queries.asked_at(queries.structure_ids(found.values()))
    return {
        notice.id: _question(notice, absence, relay, now)
        for notice in notices
        if (absence := found.get(notice.subject_id)) and absence.cancelled_at is None
        if (relay := absence.relay_of(notice.person_id, asked))
    }


def _question(notice: Notice, absence: Absence, relay: Relay, now: datetime) -> Matter:
    words = {**_covered(notice, absence), "structure": relay.structure.name if relay.structure else ""}
    return Matter(words, answer_path(relay.id, notice.person_id), _is_ahead(absence, now))


def _told(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Absences in which somebody stands in, perhaps through another one's, as they were told last."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    return {
        notice.id: Matter(
            _covered(notice, absence),
            BOARD,
            absence.cancelled_at is None and _is_ahead(absence, now),
            *_other_days(notice, absence),
        )
        for notice in notices
        if (absence := found.get(notice.subject_id))
    }


def _moved(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """The same of other days than before, with the link by which one says whether one can."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    asked = queries.asked_at(queries.structure_ids(found.values()))
    told = _told(notices, now)
    for notice in notices:
        if matter := told.get(notice.id):
            relay = found[notice.subject_id].relay_of(notice.person_id, asked)
            answer = answer_path(relay.id, notice.person_id) if relay else ""
            words = {**matter.words, "before": matter.before, "may_answer": bool(relay)}
            told[notice.id] = replace(matter, words=words, path=answer or BOARD)
    return told


def _other_days(notice: Notice, absence: Absence) -> tuple[str, str]:
    """The days on which somebody stood in, and those on which they do now, where they are others."""
    was, became = (said.get("spans", "") for said in (notice.was, notice.became))
    is_other = was and became and was != became
    return (spans_said(was), _when(absence, became)) if is_other else ("", "")


def _released(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Absences in which somebody does not stand in any more."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    return {
        notice.id: Matter({"name": absence.person.display_name, "when": spans_said(notice.was["spans"])})
        for notice in notices
        if (absence := found.get(notice.subject_id))
    }


def _lost(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Absences in which somebody stood in and nobody does any more; the absent person may name another."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    return {
        notice.id: Matter(
            {**_covered(notice, absence), "is_own": is_own},
            f"/absences/{absence.id}/modifier" if is_own else BOARD,
            absence.cancelled_at is None and _is_ahead(absence, now),
        )
        for notice in notices
        if (absence := found.get(notice.subject_id))
        for is_own in (absence.person_id == notice.person_id,)
    }


def _answered(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """What a relay said of one's own absence."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    return {
        notice.id: Matter(
            {"when": away(absence), "relay": relay.name, "answer": relay.answer, "word": relay.word},
            f"/absences/{absence.id}/modifier",
        )
        for notice in notices
        if (absence := found.get(notice.subject_id))
        for relay in absence.every_relay
        if relay.id == notice.became["relay"]
    }


def _covered(notice: Notice, absence: Absence) -> dict[str, Any]:
    return {
        "name": absence.person.display_name,
        "when": _when(absence, notice.became.get("spans", "")),
        "note": absence.note,
    }


def _when(absence: Absence, spans: str) -> str:
    """Some days one by one; many weekly ones as their rule."""
    return away(absence) if not spans or (absence.weekdays and are_many(spans)) else spans_said(spans)


def _is_ahead(absence: Absence, now: datetime) -> bool:
    return absence.last_day is None or now.astimezone(clock.zone()).date() <= absence.last_day


_kind = partial(Kind, family=Family.ABSENCE, concerns=BUT_GUESTS)
# What one covers is never kept quiet, nor is an absence that nobody covers: patients count on it. Once a
# day suffices, for what begins before the next digest does not wait for it.
_counted_on = partial(_kind, floor=When.DAILY)

KINDS = (
    _kind(DECLARED, _("Absence déclarée pour vous"), "leave/mail/declared", _own),
    _kind(CHANGED, _("Absence modifiée pour vous"), "leave/mail/changed", _own),
    _kind(CANCELLED, _("Absence annulée pour vous"), "leave/mail/cancelled", _cancelled),
    _counted_on(RELAY, _("Relais demandé"), "leave/mail/relay", _asked),
    _counted_on(THROUGH, _("Relais à la place d’un relais absent"), "leave/mail/relay_through", _told),
    _counted_on(MOVED, _("Jours d’un relais modifiés"), "leave/mail/relay_moved", _moved),
    _counted_on(RELEASED, _("Plus de relais à assurer"), "leave/mail/relay_released", _released),
    _counted_on(LOST, _("Absence sans relais"), "leave/mail/relay_lost", _lost),
    _kind(ANSWERED, _("Réponse d’un relais"), "leave/mail/relay_answered", _answered),
)
