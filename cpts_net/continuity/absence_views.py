"""Pages of absences: declaring one shows the duties that it hits."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.audit import ways_back
from cpts_net.audit.wording import no_way_back
from cpts_net.continuity import declaring, undoing
from cpts_net.continuity.absence_page import (
    absence_form,
    absence_page,
    absence_to_change,
    blank_page,
    by_reader,
    gone,
    seen_of,
)
from cpts_net.continuity.coming import coming
from cpts_net.continuity.declaring import Settlement
from cpts_net.continuity.forms import NOBODY, AbsenceForm, settlements
from cpts_net.continuity.own_absences import own_absences
from cpts_net.continuity.undoing import Undoable, undoable
from cpts_net.continuity.wording import REFUSALS, changed_meanwhile, explain, said_of
from cpts_net.directory.choosing import choosable
from cpts_net.directory.fields import asks_to_search
from cpts_net.directory.models import Person
from cpts_net.directory.queries import person
from cpts_net.leave import coming_queries, queries
from cpts_net.leave.policy import may_change
from cpts_net.leave.rules import AbsenceChanged, AbsenceGone, Days, LeaveOverlaps, NotUnderWay
from cpts_net.leave.wording import away
from cpts_net.oncall.rules import SeatRefused
from cpts_net.oncall.wording import refusal
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only
from cpts_net.web.paging import ListPages, page_number
from cpts_net.web.row_numbers import row_number
from cpts_net.web.second_thoughts import flash_undoable

LONGEST_SEARCH = 100

bp = Blueprint("absences", __name__, url_prefix="/absences")


@bp.get("/")
@members_only
def overview() -> ResponseReturnValue:
    """The reader's own absences; for the staff also everybody's to come."""
    return render_template(
        "continuity/absences.html",
        own=own_absences(current_user.person_id, clock.now()),
        **(_everybody() if current_user.is_staff else {}),
    )


def _everybody() -> dict[str, Any]:
    wanted = {name: request.args.get(name, "").strip()[:LONGEST_SEARCH] for name in ("metier", "nom")}
    page = page_number()
    found = coming(page, trade=wanted["metier"], name=wanted["nom"])
    pages = ListPages(page=page, per_page=coming_queries.PER_PAGE, error_out=False, items=range(found.total))
    in_all = found.total or coming(1, trade="", name="").total
    return {"everybody": pages, "rows": found.html, "wanted": wanted, "trades": found.trades, "in_all": in_all}


@bp.route("/nouvelle", methods=["GET", "POST"])
@members_only
def declare() -> ResponseReturnValue:
    """Declare an absence, with what becomes of the duties that it hits."""
    if request.method == "GET":
        return blank_page()
    form = absence_form()
    person = _person(form)
    if asks_to_search():
        return absence_page(form, person)
    if person is None and form.is_submitted():
        form.validate()
        form.person.errors = [_("Choisissez qui s’absente.")]
    elif person is not None and form.validate_on_submit():
        try:
            # What is known before is not asked while nobody else can write.
            who, wanted, settled = person.id, form.declaration(), _settled()
            with transaction(), undoable(None, **(by := by_reader())) as deed:
                deed.absence_id = declaring.declare(who, wanted, settled, **by)
        except REFUSALS as refused:
            return absence_page(form, _person(form), refused=explain(refused, form))
        return _saved(form, person, wanted, deed)
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
            wanted, settled, seen = form.declaration(), _settled(), request.form.get("seen")
            with transaction(), undoable(absence_id, **(by := by_reader())) as deed:
                declaring.change(absence_id, wanted, settled, **by, seen=seen)
        except AbsenceGone:
            return gone()
        except AbsenceChanged:
            absence = absence_to_change(absence_id)
            form.first_day.errors = [changed_meanwhile(absence, _("Enregistrez pour la remplacer."))]
            return absence_page(form, None, absence)
        except REFUSALS as refused:
            return absence_page(form, None, absence_to_change(absence_id), refused=explain(refused, form))
        return _saved(form, person, wanted, deed)
    return absence_page(form, None, absence)


@bp.post("/<int:absence_id>/annuler")
@members_only
def cancel(absence_id: int) -> ResponseReturnValue:
    """Take an absence back."""
    absence = absence_to_change(absence_id)
    form, person = absence_form(absence), absence.person
    try:
        with transaction(), undoable(absence_id, **(by := by_reader())) as deed:
            declaring.cancel(absence_id, **by, seen=request.form.get("seen"))
    except AbsenceGone:
        return gone()
    except AbsenceChanged:
        absence = absence_to_change(absence_id)
        again = changed_meanwhile(absence, _("Voulez-vous toujours l’annuler\u202f?"))
        return absence_page(absence_form(absence, is_fresh=True), None, absence, cancelling=again)
    _say(said_of(_("C’est annulé"), form, person, absence), deed)
    return redirect(url_for("absences.overview"), code=303)


@bp.post("/<int:absence_id>/terminer")
@members_only
def end(absence_id: int) -> ResponseReturnValue:
    """End an absence under way."""
    absence = absence_to_change(absence_id)
    form, person = absence_form(absence), absence.person
    try:
        with transaction(), undoable(absence_id, **(by := by_reader())) as deed:
            declaring.end(absence_id, **by, seen=request.form.get("seen"))
    except AbsenceGone:
        return gone()
    except AbsenceChanged:
        absence = absence_to_change(absence_id)
        again = changed_meanwhile(absence, _("Voulez-vous toujours y mettre fin ?"))
        return absence_page(absence_form(absence, is_fresh=True), None, absence, ending=again)
    except NotUnderWay:
        flash(_("Cette absence n’est pas en cours : rien n’a changé."), "error")
    else:
        _say(said_of(_("C’est terminé"), form, person, absence_to_change(absence_id)), deed)
    return redirect(url_for("absences.overview"), code=303)


@bp.post("/retour/<int:way_id>")
@members_only
def undo(way_id: int) -> ResponseReturnValue:
    """Take back what the reader has just done to an absence."""
    way = ways_back.way_back(way_id, undoing.ABSENCE, current_user.account_id) or abort(404)
    absence = queries.absence(way.subject_id)
    if absence is None or not may_change(current_user, absence.person_id):
        abort(404)
    try:
        with transaction():
            undoing.undo(way, **by_reader())
    except ways_back.NoWayBack as refused:
        flash(no_way_back(refused), "error")
    except LeaveOverlaps as refused:
        flash(_("Il y a une autre absence %(days)s\u202f: rien n’a été défait.", days=away(refused.other)), "error")
    except SeatRefused as refused:
        flash(_("Une astreinte ne peut plus être comme avant\u202f: %(why)s", why=refusal(refused)), "error")
    else:
        flash(_("C’est comme avant. Qui en avait été prévenu l’est aussi du retour en arrière."))
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


def _say(words: str, deed: Undoable) -> None:
    flash_undoable(words, url_for("absences.undo", way_id=deed.way_id))


def _saved(form: AbsenceForm, person: Person, wanted: Days, deed: Undoable) -> ResponseReturnValue:
    _say(said_of(_("C’est enregistré"), form, person, wanted), deed)
    return redirect(url_for("absences.overview"), code=303)
