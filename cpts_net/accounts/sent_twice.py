"""The impatient thumb: a form that is sent twice is done once, and answered twice alike.

The very copy of a page's form, sent again within two minutes, is not looked at
again. The same words from a page that was opened anew are; only if the form
is refused, because it is done already, the former answer is given.
"""

import hashlib
import hmac
import json
import logging
import secrets
import time

from flask import Response, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.accounts import sent_forms
from cpts_net.accounts.models import SentForm
from cpts_net.accounts.sent_forms import AlreadySent, Sheet
from cpts_net.settings import current_settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import begin_with, transaction
from cpts_net.web import access, forgery

log = logging.getLogger(__name__)

FLASHES = "_flashes"  # Where Flask keeps what the next page will say.
FORM_REFUSED = 422
REFUSALS = {303, 400, 403, 404, 409, 410, FORM_REFUSED}  # The first with words in red.
LONGEST_ADDRESS = 2000
PATIENCE_SECONDS = 1.0  # What was done is done; how it was answered is not worth a longer wait.
LOOKS, PAUSE_SECONDS = 60, 0.05  # At an answer that another thread is about to give.


def watch() -> None:
    """Have what the present request sends claimed in the first transaction that it opens."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "POST" or request.headers.get("HX-Request") or access.is_public(view):
        return
    g.sheet = sheet = _sheet()
    begin_with(lambda: _claim(sheet))


def _claim(sheet: Sheet) -> None:
    sent_forms.claim(sheet, clock.now())
    g.has_claimed = True


def _sheet() -> Sheet:
    typed = sorted((name, str(value)) for name, value in request.form.items(multi=True) if name != forgery.TOKEN)
    content = _fingerprint([request.full_path, typed])
    # What carries no token of its own is no copy of any form that was shown.
    copy = request.form.get(forgery.TOKEN) or secrets.token_hex(16)
    return Sheet(current_user.session_id, _fingerprint([content, copy]), content)


def _fingerprint(said: object) -> str:
    """What nobody can guess back; there may be a password in it."""
    return hmac.new(current_settings().secret_key.encode(), json.dumps(said).encode(), hashlib.sha256).hexdigest()


def wait_for_answer(_error: AlreadySent) -> ResponseReturnValue:
    """The answer that the first of two gets, as soon as it has one."""
    sheet = g.pop("sheet")
    for _look in range(LOOKS):
        db.session.rollback()
        last = sent_forms.last_sent(sheet.session_id, clock.now())
        if last is None or last.sheet != sheet.sheet or last.location:
            break
        time.sleep(PAUSE_SECONDS)
    if last and last.location:
        return _same_answer(last)
    flash(_("C’est déjà enregistré."))
    return redirect(url_for("home.start"), code=303)


def answer(response: Response) -> Response:
    """Keep the answer to a form that was done; give the former one to a form that was done already."""
    sheet = g.pop("sheet", None)
    if sheet is None:
        return response
    try:
        return _done(sheet, response) if _is_done(response) else _not_done(sheet, response)
    except SQLAlchemyError as error:
        log.warning("could not keep how a form was answered: %s", type(error).__name__)
        return response


def _is_done(response: Response) -> bool:
    refusals = [words for category, words in session.get(FLASHES, []) if category == "error"]
    return response.status_code in {302, 303} and not refusals


def _done(sheet: Sheet, response: Response) -> Response:
    if g.get("has_claimed") and len(response.location or "") <= LONGEST_ADDRESS:
        words = [(category, str(said)) for category, said in session.get(FLASHES, [])]
        with transaction(PATIENCE_SECONDS):
            sent_forms.note_answer(sheet, response.location or "/", words)
    return response


def _not_done(sheet: Sheet, response: Response) -> Response:
    if response.status_code not in REFUSALS:
        return response
    db.session.rollback()
    last = sent_forms.last_sent(sheet.session_id, clock.now())
    if last is None:
        return response
    if last.sheet == sheet.sheet and g.get("has_claimed"):
        with transaction(PATIENCE_SECONDS):
            sent_forms.release(sheet)
        return response
    is_refused_again = last.sheet == sheet.sheet or _is_done_already(last, sheet, response)
    return current_app.make_response(_same_answer(last)) if is_refused_again and last.location else response


def _is_done_already(last: SentForm, sheet: Sheet, response: Response) -> bool:
    """Whether the words of a form are refused because they were done just before, and can be done once."""
    return last.content == sheet.content and not last.is_repeated and response.status_code == FORM_REFUSED


def _same_answer(last: SentForm) -> ResponseReturnValue:
    session.pop(FLASHES, None)  # A refusal among them.
    for category, words in last.words:
        flash(words, category)
    return redirect(last.location or "/", code=303)
