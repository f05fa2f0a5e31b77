"""Another sign-in address for somebody who cannot sign in, asked for by the staff and confirmed where it leads."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts import identity, queries
from cpts_net.accounts.forms import AddressForm
from cpts_net.accounts.models import Account
from cpts_net.accounts.policy import is_no_lower
from cpts_net.admin import actions
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import staff_only

bp = Blueprint("address_of_others", __name__, url_prefix="/administration/comptes/<int:account_id>/adresse")


@bp.route("", methods=["GET", "POST"])
@staff_only
def change(account_id: int) -> ResponseReturnValue:
    """Ask for another address; whoever is signed in somewhere does it themselves."""
    account = _account(account_id)
    is_inside = identity.is_inside(account_id, clock.now())
    form = AddressForm(account.email)
    if form.validate_on_submit() and not is_inside:
        address = form.email.data or ""
        try:
            with transaction():
                actions.ask_for_address(
                    _account(account_id), address, actor_id=current_user.account_id, now=clock.now()
                )
        except actions.EmailTaken:
            form.email.errors = [_("Un compte existe déjà à cette adresse.")]
        except actions.IsInside:
            is_inside = True
        else:
            flash(_("Un lien part à %(email)s\u202f: l’adresse change quand il aura été ouvert.", email=address))
            return redirect(url_for("directory.profile", person_id=account.person_id), code=303)
    page = render_template("admin/change_address.html", form=form, account=account, is_inside=is_inside)
    return page, 422 if form.errors else 200


def _account(account_id: int) -> Account:
    """Somebody else’s account that is open; one of a higher role does not exist."""
    found = queries.account(account_id)
    if found is None or found.suspended_at or found.id == current_user.account_id:
        abort(404)
    return found if is_no_lower(current_user.role, Role(found.role)) else abort(404)
