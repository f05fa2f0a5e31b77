"""Answering as a relay, by the link of the mail or signed in.

Whoever holds the link sees what the mail said and nothing more. Looking at it
changes nothing, since mail scanners open every link.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.continuity import declaring
from cpts_net.continuity.forms import RelayAnswerForm
from cpts_net.leave import queries
from cpts_net.leave.actions import can_answer
from cpts_net.leave.answer_links import read_token
from cpts_net.leave.models import Relay
from cpts_net.leave.rules import Answer, AnswerTooLate
from cpts_net.leave.wording import away
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import public

bp = Blueprint("relays", __name__, url_prefix="/absences/relais")


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Who asks, for which days, and what was answered so far."""
    return _page(token, RelayAnswerForm())


@bp.post("/<token>")
@public
def record_answer(token: str) -> ResponseReturnValue:
    """Record what was pressed."""
    relay, form = _read(token), RelayAnswerForm()
    said = request.form.get("answer", "")
    if said not in set(Answer):
        abort(404)
    if not form.validate():
        return _page(token, form), 422
    by = current_user.account_id if current_user.is_authenticated else None
    try:
        with transaction():
            declaring.answer(relay.id, Answer(said), form.word.data or "", actor_id=by, now=clock.now())
    except AnswerTooLate:
        flash(
            _("Cette absence est passée, annulée, ou l’on ne vous demande plus rien\u202f: rien n’a changé."), "error"
        )
    else:
        flash(_("Merci, votre réponse est enregistrée."))
    return redirect(url_for("relays.show", token=token), code=303)


def _page(token: str, form: RelayAnswerForm) -> str:
    relay = _read(token)
    return render_template(
        "continuity/relay_answer.html",
        relay=relay,
        absence=relay.absence,
        token=token,
        form=form,
        away=away,
        is_open=can_answer(relay, clock.now()),
    )


def _read(token: str) -> Relay:
    relay_id = read_token(token)
    relay = queries.relay(relay_id) if relay_id else None
    return relay or abort(404)
