"""The way in and the way out."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests

from cpts_net import clock
from cpts_net.accounts import actions, browser, identity, queries, sent_twice, signing_in
from cpts_net.accounts.answering import NothingAsked
from cpts_net.accounts.forms import SignInForm
from cpts_net.accounts.passwords import TooManyWait
from cpts_net.accounts.rules import SignInRefused, TooManyAttempts, own_path
from cpts_net.accounts.sent_forms import AlreadySent
from cpts_net.storage.transaction import transaction
from cpts_net.web import errors, unsent
from cpts_net.web.access import SignedOut, guests_too, public

BUSY_SECONDS = 5

bp = Blueprint("accounts", __name__)
bp.before_app_request(browser.note_seen)
bp.before_app_request(sent_twice.watch)
bp.after_app_request(sent_twice.answer)
bp.app_errorhandler(AlreadySent)(sent_twice.wait_for_answer)


@bp.app_errorhandler(TooManyAttempts)
def too_many(refusal: TooManyAttempts) -> ResponseReturnValue:
    """Wait: the page of 429, with the seconds to wait."""
    return errors.too_many(TooManyRequests(retry_after=refusal.seconds))


@bp.app_errorhandler(TooManyWait)
def busy(_refusal: TooManyWait) -> ResponseReturnValue:
    """Wait for a moment: so many sign in at once that nobody else would be answered."""
    return errors.page("errors/busy.html", 503, {"Retry-After": str(BUSY_SECONDS)})


@bp.app_errorhandler(SignedOut)
def signed_out(_error: SignedOut) -> ResponseReturnValue:
    """The way in, which keeps what was sent until the person is inside."""
    form = SignInForm(formdata=None, unsent=unsent.pack(unsent.received()))
    return _sign_in_page(form), 401


@bp.app_errorhandler(NothingAsked)
def nothing_asked(said: NothingAsked) -> ResponseReturnValue:
    """What became of what a link of a mail asked."""
    return render_template("accounts/nothing_asked.html", words=said.description), 410


@bp.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Show the form; with the right password, open the door to where the person was going."""
    form = SignInForm(next=request.args.get("next"))
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(own_path(form.next.data), code=303)
    if form.validate_on_submit():
        try:
            keys = signing_in.sign_in(form.email.data or "", form.password.data or "", browser.visitor())
        except SignInRefused:
            form.password.errors = [_("L’adresse ou le mot de passe ne convient pas.")]
        else:
            browser.enter(keys)
            _say_what_is_refused()
            return _inside(form)
    return _sign_in_page(form), 422 if form.errors else 200


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form, unsent=unsent.unpack(form.unsent.data))


def _say_what_is_refused() -> None:
    """Tell whoever comes in that no mail reaches them: only here can they read it."""
    if queries.is_mail_refused(current_user.account_id):
        flash(
            _(
                "Nos e-mails à %(email)s sont refusés\u202f: vous ne recevez plus rien. Changez d’adresse dans «\u202fMon compte\u202f».",
                email=current_user.email,
            ),
            "error",
        )


def _inside(form: SignInForm) -> ResponseReturnValue:
    """Where the person was going; or what they had sent, which now goes out."""
    if kept := unsent.unpack(form.unsent.data):
        at_once = kept.is_sent_by(current_user.account_id)
        return render_template("accounts/send_again.html", unsent=kept, at_once=at_once)
    return redirect(own_path(form.next.data), code=303)


@bp.post("/deconnexion")
@guests_too
def sign_out() -> ResponseReturnValue:
    """End the session, and have the browser forget what it kept."""
    with transaction():
        identity.end_session(current_user.session_id)
        actions.tell(current_user.account_id, "account.signed_out", browser.visitor(), now=clock.now())
    browser.leave()
    response = make_response(redirect(url_for("accounts.sign_in"), code=303))
    # Not "cookies": the session's goes with the session, and who signs out of a browser is still known to it.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
