"""The administration: who has an account, and what was done."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts import queries as account_queries
from cpts_net.accounts.models import Account
from cpts_net.accounts.policy import MANAGERS, may_manage, roles_to_give
from cpts_net.accounts.wording import ROLE_NAMES
from cpts_net.admin import actions, cli, listing, queries, references, wording
from cpts_net.admin.filters import asked, searched
from cpts_net.admin.forms import InviteForm, RoleForm
from cpts_net.admin.queries import Standing
from cpts_net.admin.settings_in_force import in_force
from cpts_net.admin.trail import Matter, by_day
from cpts_net.admin.trail import trail as entries
from cpts_net.admin.waiting import waiting
from cpts_net.directory import queries as directory
from cpts_net.directory.fields import asks_to_search
from cpts_net.groups.rules import LastLeadLeaves
from cpts_net.roles import Role
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import roles
from cpts_net.web.paging import ListPages, page_number
from cpts_net.web.row_numbers import row_number

bp = Blueprint("admin", __name__, url_prefix="/administration", cli_group="accounts")
bp.cli = cli.accounts
managers_only = roles(*MANAGERS)


@bp.get("/")
@managers_only
def accounts() -> ResponseReturnValue:
    """List the accounts, all or those of a state and a role; what waits above them."""
    search, standing, role = searched(), asked("etat", Standing), asked("role", Role)
    now, page = clock.now(), page_number()
    everybody = queries.account_numbers(now)
    numbers = queries.account_numbers(now, search, role) if search or role else everybody
    is_cut = bool(search or standing or role)
    found = queries.accounts(search, standing, role, page, now) if is_cut else []
    return render_template(
        "admin/accounts.html",
        search=search,
        standing=standing,
        role=role,
        numbers=numbers,
        everybody=everybody[None],
        lines=listing.draw(found, current_user.role) if is_cut else listing.accounts(current_user.role, page),
        page=ListPages(page=page, per_page=queries.PER_PAGE, error_out=False, items=range(numbers[standing])),
        standings=wording.STANDINGS,
        role_names=ROLE_NAMES,
        waiting=waiting(current_user.role, everybody),
    )


@bp.route("/inviter", methods=["GET", "POST"])
@managers_only
def invite() -> ResponseReturnValue:
    """Choose somebody of the directory, or nobody in particular, and mail an invitation."""
    form = _invite_form()
    if asks_to_search() or not form.validate_on_submit():
        return _invite_page(form)
    person = _invited(form)
    try:
        with transaction():
            account = actions.create_account(person, actor_id=current_user.account_id, now=clock.now())
            actions.invite(account, actor_id=current_user.account_id, now=clock.now())
    except actions.EmailTaken:
        form.email.errors = [_("Un compte existe déjà à cette adresse.")]
        return _invite_page(form)
    except actions.PersonHasAccount:
        form.person_id.errors = [_("Ce professionnel a déjà un compte.")]
        return _invite_page(form)
    flash(_("L’invitation part à %(email)s.", email=person.email))
    return redirect(url_for("admin.accounts"), code=303)


def _invite_page(form: InviteForm) -> ResponseReturnValue:
    return render_template("admin/invite.html", form=form), 422 if form.errors else 200


@bp.get("/comptes/<int:account_id>/")
@managers_only
def account(account_id: int) -> ResponseReturnValue:
    """One account: its role, its state, and what can be done about it."""
    shown = _account(account_id)
    return _account_page(shown, _role_form(shown))


def _account_page(shown: Account, form: RoleForm) -> ResponseReturnValue:
    sessions = account_queries.sessions_of(shown.id, clock.now())
    return render_template(
        "admin/account.html",
        account=shown,
        sessions=sessions,
        form=form,
        is_mine=_is_mine(shown),
        role_names=ROLE_NAMES,
    ), 422 if form.errors else 200


@bp.post("/comptes/<int:account_id>/role")
@managers_only
def change_role(account_id: int) -> ResponseReturnValue:
    """Give another role."""
    shown = _others_account(account_id)
    form = _role_form(shown)
    if not form.validate_on_submit():
        return _account_page(shown, form)
    return _change(account_id, actions.change_role, _("Rôle changé."), Role(form.role.data))


@bp.post("/comptes/<int:account_id>/invitation")
@managers_only
def invite_again(account_id: int) -> ResponseReturnValue:
    """Mail another invitation."""
    return _change(account_id, actions.invite, _("Une nouvelle invitation part par e-mail."))


@bp.post("/comptes/<int:account_id>/suspension")
@managers_only
def suspend(account_id: int) -> ResponseReturnValue:
    """Close an account."""
    return _change(account_id, actions.suspend, _("Compte suspendu\u202f; ses appareils sont déconnectés."))


@bp.post("/comptes/<int:account_id>/reactivation")
@managers_only
def reactivate(account_id: int) -> ResponseReturnValue:
    """Open a suspended account again."""
    return _change(account_id, actions.reactivate, _("Compte réactivé."))


@bp.post("/comptes/<int:account_id>/deconnexion")
@managers_only
def end_sessions(account_id: int) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    return _change(account_id, actions.end_sessions, _("Tous ses appareils sont déconnectés."))


@bp.get("/journal")
@managers_only
def trail() -> ResponseReturnValue:
    """Who did what, the last first; all of it, or what is about a matter or somebody."""
    search, matter = searched(), asked("objet", Matter)
    page = entries(page_number(), search, matter)
    names = references.names(page.items)
    return render_template(
        "admin/trail.html",
        search=search,
        matter=matter,
        page=page,
        in_all=page.total or entries(1).total,
        days=by_day(page.items),
        names=names,
        wording=wording,
    )


@bp.get("/reglages")
@roles(Role.ADMINISTRATOR)
def settings() -> ResponseReturnValue:
    """The settings in force, with what they mean."""
    return render_template("admin/settings.html", sections=in_force(current_settings()))


def _invite_form() -> InviteForm:
    """The form; an address may name the member whom it begins with."""
    chosen = request.args.get("membre", 0, type=row_number)
    if chosen and directory.person(chosen) is None:
        abort(404)
    return InviteForm(roles_to_give(current_user.role), person_id=chosen)


def _invited(form: InviteForm) -> actions.NewAccount:
    person = directory.person(form.person_id.data) if form.person_id.data else None
    return actions.NewAccount(
        email=form.email.data or "",
        display_name=form.display_name.data or (person.display_name if person else ""),
        role=Role(form.role.data),
        person_id=person.id if person else None,
    )


def _account(account_id: int) -> Account:
    """The account, which does not exist for those who may not manage it."""
    found = account_queries.account(account_id)
    if found is None or not may_manage(current_user.role, Role(found.role)):
        abort(404)
    return found


def _others_account(account_id: int) -> Account:
    """As ``_account``; nobody suspends or promotes themselves."""
    found = _account(account_id)
    if _is_mine(found):
        abort(404)
    return found


def _is_mine(account: Account) -> bool:
    return bool(account.id == current_user.account_id)


def _role_form(account: Account) -> RoleForm:
    return RoleForm(roles_to_give(current_user.role), role=account.role)


def _change(account_id: int, act: Callable[..., None], done: str, *arguments: Role) -> ResponseReturnValue:
    try:
        with transaction():
            act(_others_account(account_id), *arguments, actor_id=current_user.account_id, now=clock.now())
    except actions.LastAdministrator:
        flash(_("C’est le dernier compte d’administration\u202f: nommez d’abord quelqu’un d’autre."), "error")
    except LastLeadLeaves:
        flash(_("Cette personne est seule à animer un groupe\u202f: confiez-le d’abord à quelqu’un d’autre."), "error")
    else:
        flash(done)
    return redirect(url_for("admin.account", account_id=account_id), code=303)
