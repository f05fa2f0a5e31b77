"""Another address to sign in with: asked for under « Mon compte », confirmed or refused by links that arrive by mail."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from cpts_net import clock
from cpts_net.accounts import browser, queries, signing_in
from cpts_net.accounts.forms import OwnAddressForm
from cpts_net.accounts.identity import Visitor
from cpts_net.accounts.models import AccountLink, Purpose
from cpts_net.accounts.rules import AddressTaken, LinkIsDead, SignInRefused
from cpts_net.web.access import guests_too, public

bp = Blueprint("address", __name__)


@bp.route("/mon-compte/adresse", methods=["GET", "POST"])
@guests_too
def ask() -> ResponseReturnValue:
    """Ask for another address; a link goes there, and the answer is the same whoever has it."""
    form = OwnAddressForm(current_user.email)
    if form.validate_on_submit():
        address = form.email.data or ""
        try:
            signing_in.ask_for_address(current_user, form.current_password.data or "", address, browser.visitor())
        except SignInRefused:
            form.current_password.errors = [_("Ce n’est pas votre mot de passe.")]
        else:
            flash(_("Un lien part à %(email)s. Votre adresse change quand vous l’aurez ouvert.", email=address))
            return redirect(url_for("own.account"), code=303)
    return render_template("accounts/ask_address.html", form=form), 422 if form.errors else 200


@bp.route("/mon-compte/adresse/<token>", methods=["GET", "POST"])
@guests_too
def confirm(token: str) -> ResponseReturnValue:
    """Sign in with the new address from now on; a link that is somebody else’s does not exist."""
    link = queries.link(token, Purpose.ADDRESS)
    if link and link.account_id != current_user.account_id:
        return _dead(None)
    if link is None or not link.is_alive(clock.now()):
        return _dead(link)
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template("accounts/confirm_address.html", form=form, link=link)
    try:
        keys = signing_in.confirm_address(current_user, token, browser.visitor())
    except (AddressTaken, LinkIsDead) as refusal:
        return _refused(refusal, link)
    browser.enter(keys)
    flash(_("C’est fait\u202f: votre adresse est changée. Vos autres appareils sont déconnectés."))
    return redirect(url_for("own.account"), code=303)


@bp.route("/adresse/<token>", methods=["GET", "POST"])
@public
def confirm_by_link(token: str) -> ResponseReturnValue:
    """The same for somebody who cannot sign in; they choose a password next."""
    return _followed(
        token, Purpose.ADDRESS_BY_STAFF, "accounts/confirm_address.html", signing_in.confirm_address_by_link
    )


@bp.route("/adresse/refus/<token>", methods=["GET", "POST"])
@public
def keep(token: str) -> ResponseReturnValue:
    """Keep one’s address, or have it back, and choose another password next."""
    return _followed(token, Purpose.OBJECTION, "accounts/object_to_address.html", signing_in.object_to_address)


def _followed(token: str, purpose: Purpose, question: str, act: Callable[[str, Visitor], str]) -> ResponseReturnValue:
    """Ask behind a link whether it is meant, then do it and go on to choosing a password."""
    link = queries.link(token, purpose)
    if link is None or not link.is_alive(clock.now()):
        return _dead(link)
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template(question, form=form, link=link)
    try:
        return _to_password(act(token, browser.visitor()))
    except (AddressTaken, LinkIsDead) as refusal:
        return _refused(refusal, link)


def _to_password(link: str) -> ResponseReturnValue:
    """On to choosing a password, behind a link that was made for it."""
    return redirect(url_for("passwords.reset", token=link.rpartition("/")[2]), code=303)


def _refused(refusal: Exception, link: AccountLink) -> ResponseReturnValue:
    if isinstance(refusal, AddressTaken):
        return render_template("accounts/address_taken.html", link=link), 409
    return _dead(link)


def _dead(link: AccountLink | None) -> ResponseReturnValue:
    is_late = bool(link and link.used_at is None and link.expires_at <= clock.now())
    return render_template("accounts/dead_address_link.html", link=link, is_late=is_late), 410 if link else 404
