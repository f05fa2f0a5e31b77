"""What people are told of absences: their own, and those in which they stand in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from cpts_net import clock
from cpts_net.leave import queries
from cpts_net.leave.models import Absence
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice

DECLARED = "leave.declared"
CHANGED = "leave.changed"
CANCELLED = "leave.cancelled"
RELAY = "leave.relay"
MY_ABSENCES = "/absences/"
BOARD = "/continuite/"


def _own(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Absences that somebody else declared or changed, as they are now; those that were taken back, as they were."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    return {notice.id: _own_one(notice, found.get(notice.subject_id)) for notice in notices}


def _own_one(notice: Notice, absence: Absence | None) -> Matter:
    if absence is None or absence.cancelled_at is not None:
        return Matter({**notice.became, "relay": ""}, is_still_so=False)
    relay = absence.relays[0].person.display_name if absence.relays else ""
    return Matter({**_days(absence), "relay": relay}, MY_ABSENCES)


def _cancelled(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Absences that somebody else took back, as they last were."""
    return {notice.id: Matter(notice.was) for notice in notices}


def _covered(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Absences in which somebody stands in; left out where they are not asked any more."""
    found = queries.absences_by_id([notice.subject_id for notice in notices])
    today = now.astimezone(clock.zone()).date()
    return {
        notice.id: Matter(
            {**_days(absence), "name": absence.person.display_name, "note": absence.note},
            BOARD,
            is_still_so=today <= absence.last_day,
        )
        for notice in notices
        if (absence := found.get(notice.subject_id)) and _stands_in(notice.person_id, absence)
    }


def _stands_in(person_id: int, absence: Absence) -> bool:
    return absence.cancelled_at is None and any(relay.person_id == person_id for relay in absence.relays)


def _days(absence: Absence) -> Mapping[str, Any]:
    return {"first_day": absence.first_day, "last_day": absence.last_day}


KINDS = (
    Kind(DECLARED, _("Absence déclarée pour vous"), "leave/mail/declared", _own),
    Kind(CHANGED, _("Absence modifiée pour vous"), "leave/mail/changed", _own),
    Kind(CANCELLED, _("Absence annulée pour vous"), "leave/mail/cancelled", _cancelled),
    Kind(RELAY, _("Relais demandé"), "leave/mail/relay", _covered),
)
