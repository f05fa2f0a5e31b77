"""What people are told of their duties."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _

from cpts_net.directory.presence import survivors
from cpts_net.directory.queries import members
from cpts_net.i18n import hour
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family, When
from cpts_net.oncall import queries
from cpts_net.oncall.seat_facts import kept_facts
from cpts_net.oncall.wording import soon, when
from cpts_net.roles import ON_DUTY

ASSIGNED = "oncall.assigned"
REMOVED = "oncall.removed"
SHORTENED = "oncall.shortened"
LENGTHENED = "oncall.lengthened"  # A split was undone.
KEPT = "oncall.kept"  # Somebody else said that they serve although they are away.
IN_A_WEEK = "oncall.in_a_week"
TOMORROW = "oncall.tomorrow"
IN_AN_HOUR = "oncall.in_an_hour"
MY_DUTIES = "/mon-planning/"


def _given(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties that people hold: still so while they do, and until they are over."""
    return _duties(notices, now, is_held=True)


def _lost(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties that are no longer theirs, as they last were."""
    return _duties(notices, now, is_held=False)


def _near(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties to come that people hold; once one has begun there is nothing to be reminded of."""
    found = _duties(notices, now, is_held=True)
    return {
        notice.id: replace(
            found[notice.id],
            words={**found[notice.id].words, **_soon(notice.became, now)},
            is_still_so=found[notice.id].is_still_so and now < notice.became["starts_at"],
        )
        for notice in notices
    }


def _soon(duty: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """When it is, seen from the day on which it is read."""
    return {"soon": soon(duty["starts_at"], duty["ends_at"], now), "start": hour(duty["starts_at"])}


def _other_hours(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties that end at another hour than they did; so as long as either lasts."""
    holders = queries.holders([notice.subject_id for notice in notices])
    names = _names(notices)
    return {
        notice.id: Matter(
            _words(notice.became) | {"until": hour(notice.became["ends_at"]), "taker": _name(notice.became, names)},
            MY_DUTIES,
            holders.get(notice.subject_id) == notice.person_id
            and now < max(notice.was["ends_at"], notice.became["ends_at"]),
            before=when(notice.was["starts_at"], notice.was["ends_at"]),
            after=when(notice.became["starts_at"], notice.became["ends_at"]),
        )
        for notice in notices
    }


def _kept(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties that people hold and serve although they are away."""
    still = {(seat_id, person_id) for seat_id, person_id, _absence in kept_facts([each.subject_id for each in notices])}
    found = _duties(notices, now, is_held=True)
    for notice in notices:
        if (notice.subject_id, notice.person_id) not in still:
            found[notice.id] = replace(found[notice.id], is_still_so=False)
    return found


def _duties(notices: Sequence[Notice], now: datetime, *, is_held: bool) -> dict[int, Matter]:
    holders = queries.holders([notice.subject_id for notice in notices])
    names = _names(notices)
    found = {}
    for notice in notices:
        duty = notice.became if is_held else notice.was
        has_it = holders.get(notice.subject_id) == notice.person_id
        is_still_so = has_it == is_held and now < duty["ends_at"]
        others = {"giver": _name(notice.was, names), "taker": _name(notice.became, names)}
        found[notice.id] = Matter(_words(duty) | others, MY_DUTIES if is_held and has_it else "", is_still_so)
    return found


def _words(duty: Mapping[str, Any]) -> dict[str, Any]:
    return {"line": duty["line"], "when": when(duty["starts_at"], duty["ends_at"])}


def _names(notices: Sequence[Notice]) -> dict[int, str]:
    """How those are called from whom duties came and to whom they went, by the numbers that notices keep."""
    kept = {said["person_id"] for notice in notices for said in (notice.was, notice.became) if "person_id" in said}
    now = survivors(kept) if kept else {}
    people = members(set(now.values()))
    return {number: people[now[number]].display_name for number in kept}


def _name(said: Mapping[str, Any], names: Mapping[int, str]) -> str:
    return names.get(said.get("person_id", 0), "")


# One's own duty is never kept quiet: patients call whoever holds it. Once a day suffices, for what
# begins before the next digest does not wait for it.
_own = partial(Kind, family=Family.DUTY, floor=When.DAILY, concerns=ON_DUTY)

# The reminder of the day before is the one that nobody goes without. A week before there is still time to find
# somebody else, which can wait for the day's mail; an hour before, a mail is mostly read too late, and those who
# want one all the same choose it; a device that rings is in time.
_reminder = partial(_own, matters=_near, names_nobody=True)

KINDS = (
    _own(ASSIGNED, _("Astreinte confiée"), "oncall/mail/assigned", _given),
    _own(REMOVED, _("Astreinte retirée"), "oncall/mail/removed", _lost),
    _own(SHORTENED, _("Astreinte raccourcie"), "oncall/mail/shortened", _other_hours),
    _own(LENGTHENED, _("Astreinte prolongée"), "oncall/mail/lengthened", _other_hours, names_nobody=True),
    _own(KEPT, _("Astreinte gardée malgré une absence"), "oncall/mail/kept", _kept, floor=When.NEVER),
    _reminder(
        IN_A_WEEK,
        _("Astreinte dans sept jours"),
        "oncall/mail/in_a_week",
        default=When.DAILY,
        floor=When.NEVER,
        rings=False,
    ),
    _reminder(TOMORROW, _("Astreinte demain"), "oncall/mail/tomorrow"),
    _reminder(
        IN_AN_HOUR,
        _("Astreinte dans une heure"),
        "oncall/mail/in_an_hour",
        default=When.NEVER,
        floor=When.NEVER,
    ),
)
