"""Choosing who serves a slot."""

from collections.abc import Mapping, Sequence

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory.agreement import agreed
from cpts_net.directory.choosing import Said, Selection
from cpts_net.directory.practices import practised_by
from cpts_net.directory.trades import trade_of
from cpts_net.leave.queries import absences_between
from cpts_net.leave.wording import away
from cpts_net.oncall import queries
from cpts_net.oncall.models import DutySlot
from cpts_net.oncall.policy import may_give_back
from cpts_net.oncall.rules import is_eligible
from cpts_net.spans import Span
from cpts_net.web.row_numbers import row_number


def seat(said: Said) -> Selection:
    """Somebody for a slot: who may serve first; who is away, on duty or not eligible cannot be chosen."""
    slot = queries.slot(said.get("creneau", 0, type=row_number)) or abort(404)
    room = next(iter(slot.rooms(clock.now())), None)
    return _serving(slot, room.span if room else slot.span)


def another(said: Said) -> Selection:
    """Somebody for what is left of a seat, in the place of who holds it."""
    seat = queries.seat(said.get("siege", 0, type=row_number)) or abort(404)
    if not may_give_back(current_user, seat.person_id):
        abort(404)
    return _serving(seat.slot, queries.rest_of(seat, clock.now()))


def _serving(slot: DutySlot, span: Span) -> Selection:
    trades = {trade_of(each.profession_code, each.specialty_code) for each in slot.line.eligibilities}
    return Selection(
        is_first=lambda entry: not trades.isdisjoint(entry.trades),
        hindrances=lambda person_ids: hindrances(slot, span, person_ids),
        left_out=queries.holders_during(slot.id, span),
    )


def hindrances(slot: DutySlot, span: Span, person_ids: Sequence[int]) -> Mapping[int, str]:
    """Why some of the members cannot serve the slot during ``span``, by id."""
    found = {
        each.person_id: str(_("déjà d’astreinte (%(line)s)", line=each.slot.line.name))
        for each in queries.seats_during(span, person_ids)
    }
    for absence in absences_between(span, person_ids):
        days = away(absence)
        said = agreed(absence.person.civility, _("absent %(days)s", days=days), _("absente %(days)s", days=days))
        found[absence.person_id] = str(said)
    practised = practised_by(person_ids)
    for person_id in person_ids:
        if not is_eligible(practised.get(person_id, ()), slot.line.eligibilities):
            found[person_id] = str(_("ne tient pas cette ligne"))
    return found
