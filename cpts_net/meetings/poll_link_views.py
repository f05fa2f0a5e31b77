"""Answering a poll from the link in its mail, without signing in.

Whoever holds the link sees what the mail said, and what this person answered:
nothing of what others did, nor of what else the person has at these dates.
Looking at it changes nothing, since mail scanners open every link.
"""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.accounts.answering import answering, gone
from cpts_net.meetings import poll_actions, poll_queries, queries, rules
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.forms import answers_in
from cpts_net.meetings.models import Poll
from cpts_net.meetings.poll_links import PollLink, read_token
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import public


@bp.get("/sondages/reponse/<token>")
@public
def answer_poll_by_link(token: str) -> ResponseReturnValue:
    """The dates, and buttons that say which of them suit."""
    return _page(token)


@bp.post("/sondages/reponse/<token>")
@public
def record_poll_answer_by_link(token: str) -> ResponseReturnValue:
    """Record all that the holder of the link says to the dates."""
    link, _poll = _read(token)
    typed = answers_in(request.form, {date.id for date in queries.asked_dates(*link)})
    if not typed:
        return _page(token, typed, _("Répondez à au moins une date."))
    try:
        with transaction():
            link, poll = _read(token)
            poll_actions.answer_poll(poll, link.person_id, typed, now=clock.now())
    except (rules.PollOver, rules.OptionUnknown):
        flash(_("Trop tard\u202f: ce sondage ne prend plus ces réponses. Rien n’a été enregistré."), "error")
    else:
        flash(_("Merci, vos réponses sont enregistrées."))
    return redirect(url_for("meetings.answer_poll_by_link", token=token), code=303)


def _page(token: str, typed: Mapping[int, str] | None = None, refusal: str = "") -> ResponseReturnValue:
    """The page; after a refusal with what was typed."""
    link, poll = _read(token)
    dates = queries.asked_dates(*link)
    page = render_template(
        "meetings/answer_poll.html",
        poll=poll,
        dates=dates,
        answers={date.id: date.answer for date in dates} if typed is None else typed,
        conflicts={},
        refusal=refusal,
        answer_address=url_for("meetings.record_poll_answer_by_link", token=token),
        answering=answering(link.person_id),
        fixed=queries.meeting_of_poll(poll.id),
        is_open=poll.closed_at is None and clock.now() < poll.deadline,
    )
    return page, 422 if refusal else 200


def _read(token: str) -> tuple[PollLink, Poll]:
    link = read_token(token) or abort(404)
    link = link._replace(person_id=answering(link.person_id).person_id)
    poll = poll_queries.poll_asked_of(*link)
    # Not even the title: it is the group's, in which they are no more.
    return link, poll or gone(_("On ne vous demande plus de date\u202f: vous ne faites plus partie de ce groupe."))
