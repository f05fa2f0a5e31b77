"""« Mon compte »: who I am, my password, the browsers in which I am signed in."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts import actions, browser, identity, queries, signing_in
from cpts_net.accounts.forms import ChangePasswordForm
from cpts_net.accounts.rules import SignInRefused
from cpts_net.accounts.user_agents import named
from cpts_net.accounts.wording import ROLE_NAMES
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import guests_too

bp = Blueprint("own", __name__, url_prefix="/mon-compte")


@bp.get("/")
@guests_too
def account() -> ResponseReturnValue:
    """Show my account."""
    return _page(_form())


@bp.post("/mot-de-passe")
@guests_too
def change_password() -> ResponseReturnValue:
    """Change my password; every other browser is signed out."""
    form = _form()
    if form.validate_on_submit():
        try:
            keys = signing_in.change_password(
                current_user, form.current_password.data or "", form.password.data or "", browser.visitor()
            )
        except SignInRefused:
            form.current_password.errors = [_("Ce n’est pas votre mot de passe actuel.")]
        else:
            browser.enter(keys)
            flash(_("Mot de passe changé. Vos autres appareils sont déconnectés."))
            return redirect(url_for("own.account"), code=303)
    return _page(form), 422


@bp.post("/sessions/<int:session_id>/fin")
@guests_too
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one of my browsers out."""
    with transaction():
        if all(session.id != session_id for session in queries.sessions_of(current_user.account_id, clock.now())):
            abort(404)
        identity.end_session(session_id)
        actions.tell(current_user.account_id, "account.session_ended", browser.visitor(), now=clock.now())
    flash(_("Cet appareil est déconnecté."))
    return redirect(url_for("own.account"), code=303)


@bp.post("/sessions/autres/fin")
@guests_too
def end_other_sessions() -> ResponseReturnValue:
    """Sign all my browsers out but this one."""
    with transaction():
        identity.end_sessions(current_user.account_id, but=current_user.session_id)
        actions.tell(current_user.account_id, "account.session_ended", browser.visitor(), now=clock.now())
    flash(_("Vos autres appareils sont déconnectés."))
    return redirect(url_for("own.account"), code=303)


def _form() -> ChangePasswordForm:
    return ChangePasswordForm(current_user.display_name, current_user.email)


def _page(form: ChangePasswordForm) -> str:
    return render_template(
        "accounts/own.html",
        form=form,
        sessions=queries.sessions_of(current_user.account_id, clock.now()),
        named=named,
        role_names=ROLE_NAMES,
        is_mail_refused=queries.is_mail_refused(current_user.account_id),
    )
