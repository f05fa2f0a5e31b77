"""Pages on which coordinators set up duty lines."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.oncall import line_actions, queries
from cpts_net.oncall.generation import Changes, changed_days
from cpts_net.oncall.line_actions import ChangesDiffer
from cpts_net.oncall.line_forms import WEEKDAYS, LineForm, values_of
from cpts_net.oncall.models import DutyLine
from cpts_net.oncall.policy import EDITORS
from cpts_net.oncall.rules import NameTaken
from cpts_net.oncall.typed_week import said, typed_week
from cpts_net.oncall.wording import when
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import roles
from cpts_net.web.row_numbers import row_number

bp = Blueprint("duty_lines", __name__, url_prefix="/astreintes/lignes")


@bp.get("/")
@roles(*EDITORS)
def overview() -> ResponseReturnValue:
    """The lines, to be changed."""
    return render_template("oncall/lines.html", lines=queries.lines())


@bp.route("/nouvelle", methods=["GET", "POST"])
@roles(*EDITORS)
def create() -> ResponseReturnValue:
    """Add a line."""
    form = LineForm()
    if form.validate_on_submit():
        try:
            with transaction():
                line = line_actions.create_line(form.draft(), actor_id=current_user.account_id, now=clock.now())
                name = line.name
        except NameTaken:
            form.name.errors = [_("Une ligne porte déjà ce nom.")]
        else:
            flash(_("Ligne «\u202f%(name)s\u202f» ouverte.", name=name))
            return redirect(url_for("duty_lines.overview"), code=303)
    return _page(form)


@bp.route("/<int:line_id>", methods=["GET", "POST"])
@roles(*EDITORS)
def change(line_id: int) -> ResponseReturnValue:
    """Change a line and its opening hours; what that does to its slots is shown first, and done as it was shown."""
    line = queries.line(line_id) or abort(404)
    form = LineForm(data=values_of(line))
    if form.validate_on_submit() and "encore" not in request.form:
        wanted, now = form.draft(), clock.now()
        seen = request.form.get("seen", "")
        if not seen and (changes := line_actions.proposal(line, wanted, now)):
            return preview(line, changes, url_for("duty_lines.change", line_id=line_id))
        try:
            with transaction():
                by = {"actor_id": current_user.account_id, "now": now}
                line_actions.change_line(line_id, wanted, **by, seen=seen or changes.digest)
        except NameTaken:
            form.name.errors = [_("Une autre ligne porte déjà ce nom.")]
        except ChangesDiffer as differs:
            return preview(line, differs.changes, url_for("duty_lines.change", line_id=line_id), is_again=True)
        else:
            flash(_("Ligne enregistrée. Les créneaux à venir suivent\u202f; ceux que quelqu’un tient restent."))
            return redirect(url_for("duty_lines.overview"), code=303)
    return _page(form, line)


@bp.post("/apercu")
@roles(*EDITORS)
def preview_week() -> ResponseReturnValue:
    """The week that the hours which are being typed make, as a fragment of the form."""
    line_id = request.args.get("line", 0, type=row_number)
    line = (queries.line(line_id) or abort(404)) if line_id else None
    form = LineForm(data=values_of(line) if line else None)
    form.validate()
    return render_template("oncall/_week_ahead.html", **_week(form), is_anew=True)


def preview(line: DutyLine, changes: Changes, address: str, *, is_again: bool = False) -> ResponseReturnValue:
    """What the change would do, with everything that was typed in the form that confirms it."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in {"csrf_token", "seen"}]
    return render_template(
        "oncall/line_preview.html",
        line=line,
        address=address,
        changes=changes,
        days=changed_days(changes, clock.zone()),
        is_again=is_again,
        typed=typed,
        when=when,
    ), 409 if is_again else 200


def _week(form: LineForm) -> dict[str, Any]:
    return {"typed": typed_week(form), "said": said, "weekdays": WEEKDAYS}


def _page(form: LineForm, line: DutyLine | None = None) -> ResponseReturnValue:
    week = _week(form)
    rows = form.patterns
    if rows.has_room and (not rows.entries or rows.entries[-1].form.is_wanted):
        rows.append_entry()  # An empty row to add one more.
    return render_template("oncall/line_form.html", form=form, line=line, **week), 422 if form.errors else 200
