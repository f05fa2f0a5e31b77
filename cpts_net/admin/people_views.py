"""Everybody whom the community knows, with or without an account, and adding somebody."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts.policy import roles_to_give
from cpts_net.admin import actions, people_actions, queries
from cpts_net.admin.filters import asked, searched
from cpts_net.admin.people_actions import Newcomer
from cpts_net.admin.people_forms import NewPersonForm
from cpts_net.admin.queries import Presence
from cpts_net.admin.waiting import waiting
from cpts_net.admin.wording import PRESENCES
from cpts_net.directory.forms import KINDS
from cpts_net.directory.models import Kind
from cpts_net.groups.models import Group
from cpts_net.groups.queries import group_and_membership
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import staff_only
from cpts_net.web.paging import page_number
from cpts_net.web.row_numbers import row_number

bp = Blueprint("people", __name__, url_prefix="/administration/personnes")


@bp.get("/")
@staff_only
def overview() -> ResponseReturnValue:
    """List everybody, each with the state of their account; all, or those of a presence and a kind."""
    search, presence, kind = searched(), asked("etat", Presence), asked("genre", Kind)
    page = queries.people(search, presence, kind or "", page_number())
    return render_template(
        "admin/people.html",
        search=search,
        presence=presence,
        kind=kind,
        numbers=queries.people_numbers(search, kind or ""),
        everybody=queries.people_numbers()[None],
        page=page,
        accounts=queries.accounts_of([person.id for person in page.items]),
        presences=PRESENCES,
        kinds=KINDS,
        waiting=waiting(current_user.role),
    )


@bp.route("/nouvelle", methods=["GET", "POST"])
@staff_only
def add() -> ResponseReturnValue:
    """Add somebody and, with an address, invite them in the same step; perhaps into the group that the address names."""
    group = _group()
    form = _form(group)
    if form.validate_on_submit():
        try:
            with transaction():
                person_id = people_actions.add(
                    _newcomer(form, group), actor_id=current_user.account_id, now=clock.now()
                )
        except actions.EmailTaken:
            form.email.errors = [_("Un compte existe déjà à cette adresse.")]
        else:
            return _added(form, group, person_id)
    return render_template("admin/add_person.html", form=form, group=group), 422 if form.errors else 200


def _group() -> Group | None:
    """The group into which somebody is brought; none where the address names none."""
    group_id = request.args.get("groupe", 0, type=row_number)
    if not group_id:
        return None
    found = group_and_membership(group_id, current_user.person_id) or abort(404)
    return found[0]


def _form(group: Group | None) -> NewPersonForm:
    role, kind = (Role.GUEST, Kind.GUEST) if group else (Role.MEMBER, Kind.TEAM)
    return NewPersonForm(roles_to_give(current_user.role), role=role, kind=kind)


def _newcomer(form: NewPersonForm, group: Group | None) -> Newcomer:
    return Newcomer(
        form.person,
        phone=form.phone.data or "",
        structure=form.structure.data or "",
        commune=form.commune.data or "",
        email=form.address,
        role=form.chosen_role,
        group_id=group.id if group else None,
    )


def _added(form: NewPersonForm, group: Group | None, person_id: int) -> ResponseReturnValue:
    if form.address:
        flash(_("C’est fait. L’invitation part à %(email)s.", email=form.address))
    else:
        flash(_("C’est fait."))
    if group:
        return redirect(url_for("groups.people", group_id=group.id), code=303)
    return redirect(url_for("directory.profile", person_id=person_id), code=303)
