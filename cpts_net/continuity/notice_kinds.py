"""What people are told where duty and leave meet: a duty that seeks somebody, and a relay that begins."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cpts_net import clock, i18n
from cpts_net.accounts.queries import people_of_role
from cpts_net.continuity.resolver import resolve
from cpts_net.continuity.roster import Cover, Duty
from cpts_net.leave.answer_links import answer_path
from cpts_net.leave.queries import absences_by_id, asked_at, structure_ids
from cpts_net.leave.wording import spans_said, spans_written
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family, When
from cpts_net.oncall.wording import when
from cpts_net.roles import BUT_GUESTS, Role
from cpts_net.settings import current_settings
from cpts_net.spans import Span

SOUGHT = "continuity.sought"
RELAY_TOMORROW = "continuity.relay_tomorrow"


def _sought(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Duties whose holders are away, as long as somebody else is looked for; for coordinators."""
    coordinators = people_of_role(Role.COORDINATOR)
    found, duties = {}, _duties(notices)
    for notice in notices:
        if duty := duties.get(notice.id):
            is_still_so = duty.seeks and now < duty.span.end and notice.person_id in coordinators
            words = {"person": duty.holder.name, "line": duty.line.name, "when": when(duty.span.start, duty.span.end)}
            found[notice.id] = Matter(words, f"/astreintes/sieges/{duty.seat_id}", is_still_so)
    return found


def _duties(notices: Sequence[Notice]) -> dict[int, Duty]:
    """The duties of some notices, while who was away has them; one reading for each who was."""
    by_holder: defaultdict[int, dict[int, Notice]] = defaultdict(dict)
    for notice in notices:
        by_holder[notice.became["person_id"]][notice.id] = notice
    found = {}
    for holder_id, those in by_holder.items():
        told = {id: Span(each.became["starts_at"], each.became["ends_at"]) for id, each in those.items()}
        whole = Span(min(each.start for each in told.values()), max(each.end for each in told.values()))
        held = {duty.seat_id: duty for duty in resolve(whole, person_id=holder_id).duties}
        for id, notice in those.items():
            if (duty := held.get(notice.subject_id)) and duty.span.overlaps(told[id]):
                found[id] = duty
    return found


def _begins(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Absences in which people stand in soon, as long as they do."""
    found = {}
    questions = _questions(notices)
    for notice in notices:
        if cover := _cover(notice):
            words = {
                "answer": questions.get(notice.id, ""),
                "person": cover.away.person.name,
                "note": cover.away.note,
                "day": _day(cover.span.start, now),
                "when": spans_said(spans_written([cover.span])),
            }
            found[notice.id] = Matter(words, "/mon-planning/", now < cover.span.end)
    return found


def _questions(notices: Sequence[Notice]) -> dict[int, str]:
    """By which links those who are asked themselves, or at their structure, say that they cannot after all."""
    absences = absences_by_id([notice.subject_id for notice in notices])
    asked = asked_at(structure_ids(absences.values()))
    return {
        notice.id: f"{current_settings().public_url}{answer_path(relay.id, notice.person_id)}"
        for notice in notices
        if (absence := absences.get(notice.subject_id)) and (relay := absence.relay_of(notice.person_id, asked))
    }


def _cover(notice: Notice) -> Cover | None:
    starts_at, ends_at = (notice.became[name] for name in ("starts_at", "ends_at"))
    covers = resolve(Span(starts_at, ends_at), person_id=notice.person_id).covers
    return next((each for each in covers if each.away.absence_id == notice.subject_id), None)


def _day(moment: datetime, now: datetime) -> str:
    """Say « demain », seen from the day on which it is read; of another day « jeudi 13 août »."""
    day, today = (each.astimezone(clock.zone()).date() for each in (moment, now))
    if (day - today).days not in {0, 1}:
        return i18n.day(day)
    return str(gettext("aujourd’hui") if day == today else gettext("demain"))


KINDS = (
    Kind(
        SOUGHT,
        _("Astreinte à reprendre"),
        "continuity/mail/sought",
        _sought,
        family=Family.COORDINATION,
        concerns=frozenset({Role.COORDINATOR}),
    ),
    Kind(
        RELAY_TOMORROW,
        _("Relais qui commence"),
        "continuity/mail/relay_tomorrow",
        _begins,
        family=Family.ABSENCE,
        floor=When.DAILY,
        concerns=BUT_GUESTS,
    ),
)
