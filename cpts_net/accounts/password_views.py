"""Links that arrive by mail, and the passwords that are chosen behind them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.accounts import browser, queries, signing_in
from cpts_net.accounts.forms import NewPasswordForm, ResetForm, about, advice
from cpts_net.accounts.models import AccountLink, Purpose
from cpts_net.accounts.rules import ADVISED_LENGTH, LONGEST_PASSWORD, Flaw, LinkIsDead, password_flaw
from cpts_net.settings import current_settings
from cpts_net.web.access import public

bp = Blueprint("passwords", __name__)


@bp.route("/mot-de-passe/oubli", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Send a link; the answer is the same whether the address is known or not."""
    form = ResetForm()
    if form.validate_on_submit():
        signing_in.request_reset(form.email.data or "", browser.visitor())
        return redirect(url_for("passwords.sent"), code=303)
    return render_template("accounts/forgotten.html", form=form), 422 if form.errors else 200


@bp.get("/mot-de-passe/envoye")
@public
def sent() -> ResponseReturnValue:
    """Say to look into the mailbox."""
    return render_template("accounts/sent.html")


@bp.post("/mot-de-passe/avis")
@public
def advise() -> ResponseReturnValue:
    """What the rule says of a password while it is being typed; nothing is kept."""
    signing_in.count_advice(browser.visitor())
    password = request.form.get("password", "")
    flaw = Flaw.LONG if len(password) > LONGEST_PASSWORD else None
    flaw = flaw or password_flaw(password[:ADVISED_LENGTH], about([request.form.get("about", "")[:400]]))
    return render_template("accounts/_advice.html", flaw=flaw, words=advice(flaw, len(password)))


@bp.route("/mot-de-passe/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Choose another password behind a link that lasts an hour."""
    return _choose(token, Purpose.RESET, _("C’est fait\u202f: votre nouveau mot de passe est enregistré."))


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> ResponseReturnValue:
    """Choose the first password behind a link that lasts a week."""
    return _choose(token, Purpose.INVITATION, _("Bienvenue\u202f! Votre compte est ouvert."))


@bp.route("/demonstration/<token>", methods=["GET", "POST"])
@public
def demonstration(token: str) -> ResponseReturnValue:
    """Sign in as somebody of the demonstration community, without a password."""
    if not current_settings().demonstration:
        abort(404)
    link = queries.link(token, Purpose.DEMONSTRATION)
    if link is None or not link.is_alive(clock.now()):
        return _dead(link)
    if request.method == "GET":
        return render_template("accounts/demonstration.html", account=link.account)
    browser.enter(signing_in.demonstrate(token, browser.visitor()))
    return redirect(url_for("home.start"), code=303)


def _choose(token: str, purpose: Purpose, done: str) -> ResponseReturnValue:
    link = queries.link(token, purpose)
    if link is None or not link.is_alive(clock.now()):
        return _dead(link)
    form = NewPasswordForm(link.account.display_name, link.account.email)
    if form.validate_on_submit():
        try:
            keys = signing_in.choose_password(token, purpose, form.password.data or "", browser.visitor())
        except LinkIsDead:
            return _dead(link)
        browser.enter(keys)
        flash(done)
        return redirect(url_for("home.start"), code=303)
    page = render_template("accounts/choose.html", form=form, account=link.account, purpose=purpose)
    return page, 422 if form.errors else 200


def _dead(link: AccountLink | None) -> ResponseReturnValue:
    return render_template("accounts/dead_link.html"), 410 if link else 404
