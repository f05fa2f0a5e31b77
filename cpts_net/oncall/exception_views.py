"""The page of the days on which a line is closed, or open at other hours."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.oncall import exception_actions, queries
from cpts_net.oncall.exception_actions import DaysTaken
from cpts_net.oncall.exception_forms import ExceptionForm
from cpts_net.oncall.line_actions import ChangesDiffer
from cpts_net.oncall.line_views import preview
from cpts_net.oncall.models import DutyLine
from cpts_net.oncall.policy import EDITORS
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import roles

bp = Blueprint("line_days", __name__, url_prefix="/astreintes/lignes")


@bp.route("/<int:line_id>/jours", methods=["GET", "POST"])
@roles(*EDITORS)
def overview(line_id: int) -> ResponseReturnValue:
    """The days that are unlike the others; what one more does to the slots is shown first."""
    line = queries.line(line_id) or abort(404)
    form = ExceptionForm()
    if not form.validate_on_submit() or "encore" in request.form:
        return _page(line, form)
    wanted, now, seen = form.draft(), clock.now(), request.form.get("seen", "")
    if not seen and (changes := exception_actions.proposal(line, now, added=wanted)):
        return preview(line, changes, url_for("line_days.overview", line_id=line_id))
    try:
        with transaction():
            by = {"actor_id": current_user.account_id, "now": now}
            exception_actions.add_exception(line_id, wanted, **by, seen=seen or changes.digest)
    except DaysTaken:
        form.first_day.errors = [_("Un de ces jours a déjà une exception\u202f: retirez-la d’abord.")]
        return _page(queries.line(line_id) or abort(404), form)
    except ChangesDiffer as differs:
        return preview(line, differs.changes, url_for("line_days.overview", line_id=line_id), is_again=True)
    flash(_("Exception enregistrée."))
    return redirect(url_for("line_days.overview", line_id=line_id), code=303)


@bp.post("/<int:line_id>/jours/<int:exception_id>/retirer")
@roles(*EDITORS)
def remove(line_id: int, exception_id: int) -> ResponseReturnValue:
    """Have the line as on other days again; what that does to the slots is shown first."""
    line = queries.line(line_id) or abort(404)
    if all(each.id != exception_id for each in line.exceptions):
        abort(404)
    address = url_for("line_days.remove", line_id=line_id, exception_id=exception_id)
    if "encore" in request.form:
        return redirect(url_for("line_days.overview", line_id=line_id), code=303)
    now, seen = clock.now(), request.form.get("seen", "")
    if not seen and (changes := exception_actions.proposal(line, now, removed=exception_id)):
        return preview(line, changes, address)
    try:
        with transaction():
            by = {"actor_id": current_user.account_id, "now": now}
            exception_actions.remove_exception(exception_id, **by, seen=seen or changes.digest)
    except ChangesDiffer as differs:
        return preview(line, differs.changes, address, is_again=True)
    flash(_("Exception retirée."))
    return redirect(url_for("line_days.overview", line_id=line_id), code=303)


def _page(line: DutyLine, form: ExceptionForm) -> ResponseReturnValue:
    coming = [each for each in line.exceptions if each.last_day >= clock.today()]
    return render_template("oncall/line_days.html", line=line, form=form, coming=coming), 422 if form.errors else 200
