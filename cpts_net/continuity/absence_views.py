"""Pages of absences: declaring one shows the duties that it hits."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.continuity import declaring
from cpts_net.continuity.absence_page import (
    absence_form,
    absence_page,
    absence_to_change,
    by_reader,
    gone,
    seen_of,
)
from cpts_net.continuity.coming import coming
from cpts_net.continuity.declaring import Settlement
from cpts_net.continuity.forms import NOBODY, AbsenceForm, settlements
from cpts_net.continuity.offered import first_relay
from cpts_net.continuity.wording import REFUSALS, changed_meanwhile, explain, said_of
from cpts_net.directory.choosing import choosable
from cpts_net.directory.fields import asks_to_search
from cpts_net.directory.models import Person
from cpts_net.directory.queries import person
from cpts_net.leave import coming_queries, queries
from cpts_net.leave.answer_links import answer_token
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import AbsenceChanged, AbsenceGone, Days, NotUnderWay
from cpts_net.leave.wording import away, but
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only
from cpts_net.web.paging import ListPages, page_number
from cpts_net.web.row_numbers import row_number

YEAR_DAYS = 365
LONGEST_SEARCH = 100

bp = Blueprint("absences", __name__, url_prefix="/absences")


@bp.get("/")
@members_only
def overview() -> ResponseReturnValue:
    """The reader's own absences; for the staff also everybody's to come."""
    today = clock.today()
    year_ago = today.fromordinal(today.toordinal() - YEAR_DAYS)
    own = queries.absences_of(current_user.person_id, year_ago)
    return render_template(
        "continuity/absences.html",
        coming=[absence for absence in own if not _is_over(absence, today)],
        past=[absence for absence in reversed(own) if _is_over(absence, today)],
        away=away,
        but=but,
        relays={absence.id: first_relay(absence, clock.now()) for absence in own},
        requests=queries.requests_to(current_user.person_id, today),
        answer_token=lambda relay: answer_token(relay.id, current_user.person_id),
        **(_everybody() if current_user.is_staff else {}),
    )


def _is_over(absence: Absence, today: date) -> bool:
    return absence.last_day is not None and absence.last_day < today


def _everybody() -> dict[str, Any]:
    wanted = {name: request.args.get(name, "").strip()[:LONGEST_SEARCH] for name in ("metier", "nom")}
    page = page_number()
    found = coming(page, trade=wanted["metier"], name=wanted["nom"])
    pages = ListPages(page=page, per_page=coming_queries.PER_PAGE, error_out=False, items=range(found.total))
    return {"everybody": pages, "rows": found.html, "wanted": wanted, "trades": found.trades}


@bp.route("/nouvelle", methods=["GET", "POST"])
@members_only
def declare() -> ResponseReturnValue:
    """Declare an absence, with what becomes of the duties that it hits."""
    form = absence_form()
    if request.method == "GET":
        return absence_page(form, None)  # Without days nothing is hit yet, whoever goes away.
    person = _person(form)
    if asks_to_search():
        return absence_page(form, person)
    if person is None and form.is_submitted():
        form.validate()
        form.person.errors = [_("Choisissez qui s’absente.")]
    elif person is not None and form.validate_on_submit():
        try:
            with transaction():
                declaring.declare(person.id, wanted := form.declaration(), _settled(), **by_reader())
        except REFUSALS as refused:
            return absence_page(form, _person(form), refused=explain(refused, form))
        return _saved(form, person, wanted)
    return absence_page(form, person)


@bp.route("/<int:absence_id>/modifier", methods=["GET", "POST"])
@members_only
def change(absence_id: int) -> ResponseReturnValue:
    """Change an absence that was declared."""
    absence = absence_to_change(absence_id)
    form, person = absence_form(absence), absence.person
    if asks_to_search():
        return absence_page(form, None, absence)
    if form.validate_on_submit():
        try:
            with transaction():
                wanted, seen = form.declaration(), request.form.get("seen")
                declaring.change(absence_id, wanted, _settled(), **by_reader(), seen=seen)
        except AbsenceGone:
            return gone()
        except AbsenceChanged:
            absence = absence_to_change(absence_id)
            form.first_day.errors = [changed_meanwhile(absence, _("Enregistrez pour la remplacer."))]
            return absence_page(form, None, absence)
        except REFUSALS as refused:
            return absence_page(form, None, absence_to_change(absence_id), refused=explain(refused, form))
        return _saved(form, person, wanted)
    return absence_page(form, None, absence)


@bp.post("/<int:absence_id>/annuler")
@members_only
def cancel(absence_id: int) -> ResponseReturnValue:
    """Take an absence back."""
    absence = absence_to_change(absence_id)
    form, person = absence_form(absence), absence.person
    try:
        with transaction():
            declaring.cancel(absence_id, **by_reader(), seen=request.form.get("seen"))
    except AbsenceGone:
        return gone()
    except AbsenceChanged:
        absence = absence_to_change(absence_id)
        again = changed_meanwhile(absence, _("Voulez-vous toujours l’annuler\u202f?"))
        return absence_page(absence_form(absence, is_fresh=True), None, absence, cancelling=again)
    flash(said_of(_("C’est annulé"), form, person, absence))
    return redirect(url_for("absences.overview"), code=303)


@bp.post("/<int:absence_id>/terminer")
@members_only
def end(absence_id: int) -> ResponseReturnValue:
    """End an absence under way."""
    absence = absence_to_change(absence_id)
    form, person = absence_form(absence), absence.person
    try:
        with transaction():
            declaring.end(absence_id, **by_reader(), seen=request.form.get("seen"))
    except AbsenceGone:
        return gone()
    except AbsenceChanged:
        absence = absence_to_change(absence_id)
        again = changed_meanwhile(absence, _("Voulez-vous toujours y mettre fin ?"))
        return absence_page(absence_form(absence, is_fresh=True), None, absence, ending=again)
    except NotUnderWay:
        flash(_("Cette absence n’est pas en cours : rien n’a changé."), "error")
    else:
        flash(said_of(_("C’est terminé"), form, person, absence_to_change(absence_id)))
    return redirect(url_for("absences.overview"), code=303)


@bp.post("/apercu")
@members_only
def preview() -> ResponseReturnValue:
    """What the leave that is being typed would do, as a fragment of the form."""
    absence_id = request.args.get("absence", 0, type=row_number)
    absence = absence_to_change(absence_id) if absence_id else None
    form = absence_form(absence)
    return render_template(
        "continuity/_consequences.html", **seen_of(form, None if absence else _person(form), absence)
    )


def _person(form: AbsenceForm) -> Person | None:
    """Whose absence is declared; None while the staff has not chosen."""
    chosen = form.person.data if "person" in form else current_user.person_id
    return person(chosen) if chosen else None


def _settled() -> dict[int, Settlement]:
    """What was chosen for each duty; whoever does not exist for the reader is nobody."""
    chosen = settlements(request.form)
    seen = choosable([each.person_id for each in chosen.values()], current_user)
    return {
        seat_id: each if each.person_id in seen else replace(each, person_id=NOBODY) for seat_id, each in chosen.items()
    }


def _saved(form: AbsenceForm, person: Person, wanted: Days) -> ResponseReturnValue:
    flash(said_of(_("C’est enregistré"), form, person, wanted))
    return redirect(url_for("absences.overview"), code=303)
