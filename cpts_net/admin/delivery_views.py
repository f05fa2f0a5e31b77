"""What did not get through: mails that were given up, and another try."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts.policy import MANAGERS
from cpts_net.admin.failures import failures
from cpts_net.audit.actions import record
from cpts_net.notices import actions, queries
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import roles
from cpts_net.web.paging import page_number

bp = Blueprint("deliveries", __name__, url_prefix="/administration/envois")
managers_only = roles(*MANAGERS)


@bp.get("/")
@managers_only
def failed() -> ResponseReturnValue:
    """Mails that were given up within the last month, the last first; never what they said."""
    page = queries.failed(page_number())
    return render_template("admin/failed_mails.html", page=page, failures=failures(page.items))


@bp.post("/<int:delivery_id>/renvoyer")
@managers_only
def send_again(delivery_id: int) -> ResponseReturnValue:
    """Have one sent after all; a link that was forgotten is made anew."""
    now = clock.now()
    with transaction():
        delivery = queries.failed_delivery(delivery_id)
        if delivery is None:
            abort(404)
        is_on_its_way = actions.send_again(delivery, now=now)
        record("mail.sent_again", actor_id=current_user.account_id, now=now, subject=f"delivery:{delivery_id}")
    if is_on_its_way:
        flash(_("Le message repart."))
    else:
        flash(_("De ce message, rien n’est gardé\u202f: il ne peut plus partir."), "error")
    return redirect(url_for("deliveries.failed"), code=303)
