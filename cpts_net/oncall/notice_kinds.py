"""What people are told of their duties."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from cpts_net.i18n import hour
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.oncall import queries
from cpts_net.oncall.wording import when

ASSIGNED = "oncall.assigned"
REMOVED = "oncall.removed"
TOMORROW = "oncall.tomorrow"
SHORTENED = "oncall.shortened"
MY_DUTIES = "/mon-planning/"


def _given(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties that people hold: still so while they do, and until they are over."""
    return _duties(notices, now, is_held=True)


def _lost(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties that are no longer theirs, as they last were."""
    return _duties(notices, now, is_held=False)


def _shortened(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties that end sooner than they did; so as long as the rest that is no longer theirs lasts."""
    holders = queries.holders([notice.subject_id for notice in notices])
    return {
        notice.id: Matter(
            _words(notice.became) | {"until": hour(notice.became["ends_at"])},
            MY_DUTIES,
            holders.get(notice.subject_id) == notice.person_id and now < notice.was["ends_at"],
        )
        for notice in notices
    }


def _duties(notices: Sequence[Notice], now: datetime, *, is_held: bool) -> dict[int, Matter]:
    holders = queries.holders([notice.subject_id for notice in notices])
    found = {}
    for notice in notices:
        duty = notice.became if is_held else notice.was
        has_it = holders.get(notice.subject_id) == notice.person_id
        is_still_so = has_it == is_held and now < duty["ends_at"]
        found[notice.id] = Matter(_words(duty), MY_DUTIES if is_held and has_it else "", is_still_so)
    return found


def _words(duty: Mapping[str, Any]) -> dict[str, Any]:
    return {"line": duty["line"], "when": when(duty["starts_at"], duty["ends_at"])}


KINDS = (
    Kind(ASSIGNED, _("Astreinte confiée"), "oncall/mail/assigned", _given),
    Kind(TOMORROW, _("Rappel d’astreinte"), "oncall/mail/tomorrow", _given),
    Kind(REMOVED, _("Astreinte retirée"), "oncall/mail/removed", _lost),
    Kind(SHORTENED, _("Astreinte raccourcie"), "oncall/mail/shortened", _shortened),
)
