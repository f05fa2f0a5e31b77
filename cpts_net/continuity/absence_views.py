"""Pages of absences: declaring one shows the duties that it hits."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.continuity import declaring
from cpts_net.continuity.coming import coming
from cpts_net.continuity.consequences import NOTHING, Consequences, consequences
from cpts_net.continuity.declaring import Settlement
from cpts_net.continuity.forms import NOBODY, AbsenceForm, hand_over_field, noons, settlements
from cpts_net.continuity.offered import first_relay
from cpts_net.continuity.wording import REFUSALS, changed_meanwhile, crowd_said, explain, said_of
from cpts_net.directory.choosing import choosable
from cpts_net.directory.fields import asks_to_search
from cpts_net.directory.models import Person
from cpts_net.directory.queries import person
from cpts_net.leave import queries
from cpts_net.leave.answer_links import answer_token
from cpts_net.leave.models import Absence
from cpts_net.leave.policy import may_change
from cpts_net.leave.rules import AbsenceChanged, AbsenceGone, Asks, Days, DaysRefused, NotUnderWay, is_under_way
from cpts_net.leave.wording import away, spell
from cpts_net.oncall.wording import when
from cpts_net.phones import written
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only
from cpts_net.web.paging import ListPages, page_number
from cpts_net.web.row_numbers import row_number

YEAR_DAYS = 365
LONGEST_SEARCH = 100
SAVED = ("first_day", "last_day", "note")

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
        coming=[absence for absence in own if absence.last_day >= today],
        past=[absence for absence in reversed(own) if absence.last_day < today],
        away=away,
        relays={absence.id: first_relay(absence, clock.now()) for absence in own},
        requests=queries.requests_to(current_user.person_id, today),
        answer_token=lambda relay: answer_token(relay.id, current_user.person_id),
        **(_everybody() if current_user.is_staff else {}),
    )


def _everybody() -> dict[str, Any]:
    wanted = {name: request.args.get(name, "").strip()[:LONGEST_SEARCH] for name in ("metier", "nom")}
    page = page_number()
    found = coming(page, trade=wanted["metier"], name=wanted["nom"])
    pages = ListPages(page=page, per_page=queries.PER_PAGE, error_out=False, items=range(found.total))
    return {"everybody": pages, "rows": found.html, "wanted": wanted, "trades": found.trades}


@bp.route("/nouvelle", methods=["GET", "POST"])
@members_only
def declare() -> ResponseReturnValue:
    """Declare an absence, with what becomes of the duties that it hits."""
    form = _form()
    if request.method == "GET":
        return _page(form, None)  # Without days nothing is hit yet, whoever goes away.
    person = _person(form)
    if asks_to_search():
        return _page(form, person)
    if person is None and form.is_submitted():
        form.validate()
        form.person.errors = [_("Choisissez qui s’absente.")]
    elif person is not None and form.validate_on_submit():
        try:
            with transaction():
                declaring.declare(person.id, wanted := form.declaration(), _settled(), **_by())
        except REFUSALS as refused:
            return _page(form, _person(form), refused=explain(refused, form))
        return _saved(form, person, wanted)
    return _page(form, person)


@bp.route("/<int:absence_id>/modifier", methods=["GET", "POST"])
@members_only
def change(absence_id: int) -> ResponseReturnValue:
    """Change an absence that was declared."""
    absence = _absence(absence_id)
    form, person = _form(absence), absence.person
    if asks_to_search():
        return _page(form, None, absence)
    if form.validate_on_submit():
        try:
            with transaction():
                wanted, seen = form.declaration(), request.form.get("seen")
                declaring.change(absence_id, wanted, _settled(), **_by(), seen=seen)
        except AbsenceGone:
            return _gone()
        except AbsenceChanged:
            absence = _absence(absence_id)
            form.first_day.errors = [changed_meanwhile(absence, _("Enregistrez pour la remplacer."))]
            return _page(form, None, absence)
        except REFUSALS as refused:
            return _page(form, None, _absence(absence_id), refused=explain(refused, form))
        return _saved(form, person, wanted)
    return _page(form, None, absence)


@bp.post("/<int:absence_id>/annuler")
@members_only
def cancel(absence_id: int) -> ResponseReturnValue:
    """Take an absence back."""
    absence = _absence(absence_id)
    form, person = _form(absence), absence.person
    try:
        with transaction():
            declaring.cancel(absence_id, **_by(), seen=request.form.get("seen"))
    except AbsenceGone:
        return _gone()
    except AbsenceChanged:
        absence = _absence(absence_id)
        again = changed_meanwhile(absence, _("Voulez-vous toujours l’annuler\u202f?"))
        return _page(_form(absence, is_fresh=True), None, absence, cancelling=again)
    flash(said_of(_("C’est annulé"), form, person, absence))
    return redirect(url_for("absences.overview"), code=303)


@bp.post("/<int:absence_id>/terminer")
@members_only
def end(absence_id: int) -> ResponseReturnValue:
    """End an absence under way."""
    absence = _absence(absence_id)
    form, person = _form(absence), absence.person
    try:
        with transaction():
            declaring.end(absence_id, **_by(), seen=request.form.get("seen"))
    except AbsenceGone:
        return _gone()
    except AbsenceChanged:
        absence = _absence(absence_id)
        again = changed_meanwhile(absence, _("Voulez-vous toujours y mettre fin ?"))
        return _page(_form(absence, is_fresh=True), None, absence, ending=again)
    except NotUnderWay:
        flash(_("Cette absence n’est pas en cours : rien n’a changé."), "error")
    else:
        flash(said_of(_("C’est terminé"), form, person, _absence(absence_id)))
    return redirect(url_for("absences.overview"), code=303)


@bp.post("/apercu")
@members_only
def preview() -> ResponseReturnValue:
    """What the leave that is being typed would do, as a fragment of the form."""
    absence_id = request.args.get("absence", 0, type=row_number)
    absence = _absence(absence_id) if absence_id else None
    form = _form(absence)
    return render_template("continuity/_consequences.html", **_seen(form, None if absence else _person(form), absence))


def _form(absence: Absence | None = None, *, is_fresh: bool = False) -> AbsenceForm:
    """The form with the fields that the reader may fill in; ``is_fresh`` forgets what was sent."""
    given: dict[str, Any] = {"data": {"person": request.args.get("membre", current_user.person_id, type=row_number)}}
    if absence is not None:
        saved = {name: getattr(absence, name) for name in SAVED}
        first, *others = absence.relay_ids or [0]
        given = {"data": {**saved, **noons(absence), "relay": first, "further": others, **_elsewhere(absence)}}
    form = AbsenceForm(None, **given) if is_fresh else AbsenceForm(**given)
    if absence is not None:
        form.relay.about = form.further.about = {"absence": absence.id}
        form.relay.known = form.further.known = frozenset(absence.relay_ids)
    about = absence.person_id if absence else form.person.data
    if not current_user.is_staff:
        about = current_user.person_id
    form.offer(about or 0, absence.relays if absence else ())
    form.is_for_another = current_user.is_staff and about != current_user.person_id
    if absence is not None or not current_user.is_staff:
        del form.person
    return form


def _elsewhere(absence: Absence) -> dict[str, Any]:
    """The fields of those who stand in and are no people of the community."""
    found: dict[str, Any] = {"at_once": absence.asks == Asks.AT_ONCE}
    for relay in absence.relays:
        if relay.structure_id:
            found["structure"] = str(relay.structure_id)
        elif relay.line_id:
            found["line"] = str(relay.line_id)
        elif relay.outsider_phone:
            found |= {"outsider_name": relay.outsider_name, "outsider_phone": written(relay.outsider_phone)}
    return found


def _absence(absence_id: int) -> Absence:
    """An absence that stands and that the reader may change; for others it does not exist."""
    absence = queries.absence(absence_id)
    if absence is None or absence.cancelled_at is not None or not may_change(current_user, absence.person_id):
        abort(404)
    return absence


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


def _by() -> dict[str, Any]:
    return {"actor_id": current_user.account_id, "now": clock.now()}


def _saved(form: AbsenceForm, person: Person, wanted: Days) -> ResponseReturnValue:
    flash(said_of(_("C’est enregistré"), form, person, wanted))
    return redirect(url_for("absences.overview"), code=303)


def _gone() -> ResponseReturnValue:
    flash(_("Cette absence était déjà annulée\u202f: rien n’a changé."), "error")
    return redirect(url_for("absences.overview"), code=303)


def _page(
    form: AbsenceForm,
    person: Person | None,
    absence: Absence | None = None,
    *,
    refused: dict[int, str] | None = None,
    cancelling: str = "",
    ending: str = "",
) -> ResponseReturnValue:
    is_refused = bool(form.errors or cancelling or ending) or refused is not None
    return render_template(
        "continuity/absence_form.html",
        refused=refused or {},
        is_unsettled=refused is not None and not form.errors,
        cancelling=cancelling,
        ending=ending,
        **_seen(form, person, absence),
    ), 422 if is_refused else 200


def _seen(form: AbsenceForm, person: Person | None, absence: Absence | None) -> dict[str, Any]:
    """What the form and its consequences are drawn from."""
    person = absence.person if absence else person
    seen: Consequences = NOTHING
    if person is not None and form.has_days:
        with suppress(DaysRefused):  # Said beside the field once it is sent.
            seen = consequences(person, form.declaration(), clock.now(), before=absence)
    return {
        "form": form,
        "person": person,
        "absence": absence,
        "is_under_way": absence is not None and is_under_way(absence, clock.now(), clock.zone()),
        "seen": seen,
        "chosen": settlements(request.form),
        "takers": {hit.seat.id: hand_over_field(form, hit.seat, request.form) for hit in seen.duties},
        "when": when,
        "crowd_said": crowd_said,
        "spell": spell,
    }
