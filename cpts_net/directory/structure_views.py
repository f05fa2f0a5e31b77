"""Pages of structures: what they are, who works there, when they are closed; and one’s own places."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from cpts_net import clock
from cpts_net.directory import policy, profiles, queries, structure_actions, workplaces
from cpts_net.directory.categories import CATEGORIES
from cpts_net.directory.fields import asks_to_search
from cpts_net.directory.models import Position, Source, Structure
from cpts_net.directory.structure_actions import PositionSaid
from cpts_net.directory.structure_forms import PositionForm, StructureForm, WorkerForm
from cpts_net.directory.wording import SECTORS, TIERS
from cpts_net.roles import STAFF
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only, roles
from cpts_net.web.paging import ListPages, page_number

bp = Blueprint("structures", __name__, url_prefix="/annuaire/structures")
PAGE_LENGTH = 50
LONGEST_SEARCH = 100
LARGEST = 2**31 - 1  # What the databases take for an id.


@bp.get("/")
@members_only
def overview() -> ResponseReturnValue:
    """The structures, by name; those that the words find."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = workplaces.listed(words)
    page = ListPages(page=page_number(), per_page=PAGE_LENGTH, error_out=False, items=found)
    return render_template("directory/structures.html", page=page, words=words, categories=CATEGORIES)


@bp.get(f"/<int(max={LARGEST}):structure_id>")
@members_only
def show(structure_id: int) -> ResponseReturnValue:
    """A structure."""
    return _page(_found(structure_id))


def _found(structure_id: int) -> Structure:
    return workplaces.structure(structure_id) or abort(404)


def _page(structure: Structure, worker: WorkerForm | None = None) -> ResponseReturnValue:
    people = workplaces.workers(structure.id, queries.book())
    page = render_template(
        "directory/structure.html",
        structure=structure,
        category=CATEGORIES.get(structure.category_code),
        sectors=SECTORS,
        tiers=TIERS,
        people=people,
        is_there=any(worker.entry.id == current_user.person_id for worker in people),
        closings=workplaces.closings(structure.id, clock.today()),
        worker_form=worker or WorkerForm(formdata=None),
    )
    return page, 422 if worker and worker.errors else 200


@bp.route("/nouvelle", methods=["GET", "POST"])
@roles(*STAFF)
def create() -> ResponseReturnValue:
    """Add a structure that no extract names."""
    form = StructureForm()
    if form.validate_on_submit():
        with transaction():
            made = structure_actions.add_structure(form.said(), actor_id=current_user.account_id, now=clock.now())
        flash(_("La structure est dans l’annuaire."))
        return _to(made)
    return render_template("directory/structure_form.html", form=form, structure=None), 422 if form.errors else 200


@bp.route(f"/<int(max={LARGEST}):structure_id>/modifier", methods=["GET", "POST"])
@roles(*STAFF)
def edit(structure_id: int) -> ResponseReturnValue:
    """Correct what is known of a structure."""
    structure = _found(structure_id)
    form = StructureForm(obj=structure)
    if form.validate_on_submit():
        with transaction():
            by = {"actor_id": current_user.account_id, "now": clock.now()}
            structure_actions.change_structure(structure_id, form.said(), **by)
        flash(_("La structure est à jour."))
        return _to(structure_id)
    page = render_template("directory/structure_form.html", form=form, structure=structure)
    return page, 422 if form.errors else 200


@bp.post(f"/<int(max={LARGEST}):structure_id>/personnes")
@roles(*STAFF)
def add_worker(structure_id: int) -> ResponseReturnValue:
    """Say who works there."""
    structure, form = _found(structure_id), WorkerForm()
    if asks_to_search() or not form.validate_on_submit():
        return _page(structure, worker=form)
    return _to_position(form.person.data, structure_id, Source.STAFF)


@bp.post(f"/<int(max={LARGEST}):structure_id>/ici")
@members_only
def work_here(structure_id: int) -> ResponseReturnValue:
    """Say that one works there oneself."""
    structure = _found(structure_id)
    return _to_position(current_user.person_id, structure.id, Source.OWN)


def _to_position(person_id: int, structure_id: int, source: Source) -> ResponseReturnValue:
    by = {"actor_id": current_user.account_id, "now": clock.now()}
    with transaction():
        made = structure_actions.add_position(person_id, structure_id, source, **by)
    flash(_("Le lieu est sur la fiche\u202f: précisez-le si besoin."))
    return redirect(url_for("structures.edit_position", position_id=made), code=303)


@bp.route(f"/lieux/<int(max={LARGEST}):position_id>", methods=["GET", "POST"])
@members_only
def edit_position(position_id: int) -> ResponseReturnValue:
    """What somebody does at a place; themselves, or the staff for them."""
    position = _changeable(position_id)
    form = PositionForm(obj=position, is_hidden=position.hidden_at is not None)
    if form.validate_on_submit():
        said = PositionSaid(
            form.function.data or "", form.phone.data or "", form.hours.data or "", is_hidden=form.is_hidden.data
        )
        person_id = position.person_id
        source = Source.OWN if current_user.person_id == person_id else Source.STAFF
        with transaction():
            by = {"actor_id": current_user.account_id, "now": clock.now()}
            structure_actions.change_position(position_id, said, source, **by)
        flash(_("La fiche est à jour."))
        return redirect(url_for("directory.profile", person_id=person_id), code=303)
    person = profiles.read(position.person_id, current_user)
    page = render_template(
        "directory/position.html", form=form, place=position.place, person=person, position_id=position_id
    )
    return page, 422 if form.errors else 200


def _changeable(position_id: int) -> Position:
    position = workplaces.position(position_id)
    if position is None or not policy.may_change(current_user, position.person_id):
        abort(404)
    return position


def _to(structure_id: int) -> Response:
    return redirect(url_for("structures.show", structure_id=structure_id), code=303)
