"""Announcing that a structure is closed, and taking that back."""

from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from cpts_net import clock
from cpts_net.continuity import closings
from cpts_net.continuity.absence_page import by_reader
from cpts_net.continuity.closing_forms import AnnouncedForm
from cpts_net.continuity.closings import AlreadyAway
from cpts_net.continuity.wording import days_refused
from cpts_net.directory import queries as directory
from cpts_net.directory import workplaces
from cpts_net.directory.models import Structure
from cpts_net.leave.rules import AbsenceGone, DaysRefused
from cpts_net.leave.wording import away
from cpts_net.roles import STAFF
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import roles

bp = Blueprint("closings", __name__, url_prefix="/annuaire/structures")
LARGEST = 2**31 - 1  # What the databases take for an id.


@bp.route(f"/<int(max={LARGEST}):structure_id>/fermetures/nouvelle", methods=["GET", "POST"])
@roles(*STAFF)
def close(structure_id: int) -> ResponseReturnValue:
    """Say on which days it is closed; then, who of it is away because of that."""
    structure, form = workplaces.structure(structure_id) or abort(404), AnnouncedForm()
    form.offer(workplaces.workers(structure_id, directory.book()))
    if not form.validate_on_submit():
        return _page(structure, form)
    if form.names and form.seen.data != form.days_key:
        return _page(structure, form, asks_anew=True)
    try:
        with transaction():
            closings.close(structure_id, form.said, form.people.data or [], **by_reader())
    except AlreadyAway as refused:
        form.people.errors = [_overlap(refused)]
    except DaysRefused as refused:
        form.last_day.errors = [days_refused(refused)]
    else:
        number = len(form.people.data or [])
        made = ngettext("avec %(num)d absence", "avec %(num)d absences", number)
        flash(_("La fermeture est notée, %(made)s.", made=made) if number else _("La fermeture est notée."))
        return redirect(url_for("structures.show", structure_id=structure_id), code=303)
    return _page(structure, form)


@bp.post(f"/fermetures/<int(max={LARGEST}):closing_id>/retirer")
@roles(*STAFF)
def reopen(closing_id: int) -> ResponseReturnValue:
    """Take a closing back."""
    closing = workplaces.closing(closing_id) or abort(404)
    structure_id = closing.structure_id
    try:
        with transaction():
            number = closings.reopen(closing_id, **by_reader())
    except AbsenceGone:
        abort(404)
    back = ngettext("%(num)d absence est levée", "%(num)d absences sont levées", number)
    flash(_("La fermeture est retirée, %(back)s.", back=back) if number else _("La fermeture est retirée."))
    return redirect(url_for("structures.show", structure_id=structure_id), code=303)


def _page(structure: Structure, form: AnnouncedForm, *, asks_anew: bool = False) -> ResponseReturnValue:
    """The form; once the days are known, with what they mean for each who works there."""
    status = 422 if form.errors else 200
    knows_days = form.is_submitted() and not (form.first_day.errors or form.last_day.errors)
    if knows_days:
        _say(form, asks_anew)
    return render_template("continuity/closing_form.html", structure=structure, form=form, shows=knows_days), status


def _say(form: AnnouncedForm, asks_anew: bool) -> None:
    form.seen.data = form.days_key
    with suppress(DaysRefused):  # Said once somebody is ticked.
        found = closings.touched([*form.names], form.said.days, clock.now())
        form.say(found)
        if asks_anew:
            form.people.data = [number for number, each in found.items() if not each.is_away]


def _overlap(refused: AlreadyAway) -> str:
    (name,) = directory.names([refused.person_id]).values()
    return str(_("%(name)s a déjà une absence %(days)s\u202f: décochez son nom.", name=name, days=away(refused.leave)))
