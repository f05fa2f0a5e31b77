"""Choosing who is away, and who stands in."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.continuity.forms import AbsenceForm
from cpts_net.directory.agreement import agreed
from cpts_net.directory.choosing import Said, Selection, near
from cpts_net.leave import queries
from cpts_net.leave.models import Absence
from cpts_net.leave.policy import may_change
from cpts_net.leave.rules import DaysRefused, Declaration, absence_span
from cpts_net.leave.wording import away
from cpts_net.web.row_numbers import row_number


def absent_person(_said: Said) -> Selection:
    """Whose absence is declared; for the staff, who may do so for others."""
    return Selection() if current_user.is_staff else abort(404)


def relay(said: Said) -> Selection:
    """Who stands in: colleagues of the absent person first; those who are away too cannot be chosen."""
    found = near(_absent_id(said))
    wanted = _wanted(said)
    return replace(found, hindrances=lambda ids: _away_too(ids, wanted)) if wanted else found


def _absent_id(said: Said) -> int:
    if absence_id := said.get("absence", 0, type=row_number):
        absence = queries.absence(absence_id)
        if absence is None or not may_change(current_user, absence.person_id):
            abort(404)
        return absence.person_id
    own: int = current_user.person_id
    return said.get("person", own, type=row_number) if current_user.is_staff else own


def _wanted(said: Said) -> Declaration | None:
    """When the absence is, as far as the form says so."""
    if not said.get("first_day"):
        return None
    form = AbsenceForm(said)
    if not form.has_days:
        return None
    try:
        wanted = form.declaration()
        absence_span(wanted, clock.zone())
    except DaysRefused:
        return None
    return wanted


def _away_too(person_ids: Sequence[int], wanted: Declaration) -> Mapping[int, str]:
    return {absence.person_id: _said(absence) for absence in queries.hindering(wanted, person_ids, clock.now())}


def _said(absence: Absence) -> str:
    days = away(absence)
    said = _("absent aussi %(days)s", days=days), _("absente aussi %(days)s", days=days)
    return str(agreed(absence.person.civility, *said))
