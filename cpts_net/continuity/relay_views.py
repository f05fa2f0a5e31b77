"""Answering as a relay, by the link of the mail or signed in.

Whoever holds the link sees what the mail said and nothing more. Looking at it
changes nothing, since mail scanners open every link.
"""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.accounts.answering import answering
from cpts_net.continuity import declaring
from cpts_net.continuity.forms import RelayAnswerForm
from cpts_net.leave import queries
from cpts_net.leave.actions import can_answer
from cpts_net.leave.answer_links import read_token
from cpts_net.leave.models import Relay
from cpts_net.leave.rules import AbsenceChanged, Answer, AnsweredBefore, AnswerTooLate, absence_span
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
    (relay, person_id), form = _read(token), RelayAnswerForm()
    said = request.form.get("answer", "")
    if said not in set(Answer):
        abort(404)
    if not form.validate():
        return _page(token, form), 422
    by: dict[str, Any] = {"person_id": person_id, "actor_id": answering(person_id).id}
    try:
        with transaction():
            seen = request.form.get("seen")
            declaring.answer(relay.id, Answer(said), form.word.data or "", **by, now=clock.now(), seen=seen)
    except (AnswerTooLate, AnsweredBefore, AbsenceChanged) as refused:
        flash(_refusal(refused), "error")
    else:
        flash(_("Merci, votre réponse est enregistrée."))
    return redirect(url_for("relays.show", token=token), code=303)


def _refusal(refused: Exception) -> str:
    if isinstance(refused, AbsenceChanged):
        return str(_("Les jours ont changé entre-temps\u202f: voici les nouveaux. Répondez encore une fois."))
    if isinstance(refused, AnsweredBefore):
        return str(_("Quelqu’un de votre structure a déjà répondu\u202f: sa réponse compte, et rien n’a changé."))
    return str(_("Cette absence est passée, annulée, ou l’on ne vous demande plus rien\u202f: rien n’a changé."))


def _page(token: str, form: RelayAnswerForm) -> str:
    relay, person_id = _read(token)
    return render_template(
        "continuity/relay_answer.html",
        relay=relay,
        absence=relay.absence,
        answering=answering(person_id),
        token=token,
        form=form,
        away=away,
        seen=declaring.days_seen(relay.absence),
        is_open=can_answer(relay, person_id, clock.now()),
        outcome=_outcome(relay),
        is_answered=relay.is_answered_by_another(person_id),
    )


def _outcome(relay: Relay) -> str:
    """What became of what was asked."""
    name = relay.absence.person.display_name
    if relay.absence.cancelled_at is not None:
        return str(_("%(name)s a annulé cette absence\u202f: il n’y a plus rien à répondre.", name=name))
    if absence_span(relay.absence, clock.zone()).end <= clock.now():
        return str(_("Cette absence est passée\u202f: il n’y a plus rien à répondre."))
    return str(
        _("%(name)s ne compte plus sur vous pour cette absence\u202f: il n’y a plus rien à répondre.", name=name)
    )


def _read(token: str) -> tuple[Relay, int]:
    """Which relay is asked, and who holds the link."""
    link = read_token(token) or abort(404)
    person_id = answering(link.person_id).person_id
    return queries.relay_asked(link.relay_id, person_id) or abort(404), person_id
