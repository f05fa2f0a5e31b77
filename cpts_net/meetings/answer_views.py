"""Answering from the link in an invitation mail, without signing in.

Whoever holds the link sees what the mail said and nothing more. Looking at it
changes nothing, since mail scanners open every link.
"""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.meetings import actions, queries, rules
from cpts_net.meetings.answer_links import read_token
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.models import Answer, Invitation, Meeting
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import public


@bp.get("/reunions/reponse/<token>")
@public
def answer_by_link(token: str) -> ResponseReturnValue:
    """The meeting, and a button that records the answer."""
    answer, invitation, meeting = _read(token)
    is_ahead = meeting.cancelled_at is None and clock.now() < meeting.ends_at
    return render_template(
        "meetings/answer.html",
        token=token,
        answer=answer,
        invitation=invitation,
        meeting=meeting,
        is_ahead=is_ahead,
        Answer=Answer,
    )


@bp.post("/reunions/reponse/<token>")
@public
def record_answer_by_link(token: str) -> ResponseReturnValue:
    """Record the answer that the link stands for."""
    try:
        with transaction():
            answer, invitation, meeting = _read(token)
            actions.answer_meeting(meeting, invitation.member_id, answer, now=clock.now())
    except (rules.MeetingCancelled, rules.MeetingOver):
        flash(_("Cette réunion est annulée ou passée\u202f: rien n’a changé."), "error")
    else:
        flash(_("Merci, votre réponse est enregistrée."))
    return redirect(url_for("meetings.answer_by_link", token=token), code=303)


def _read(token: str) -> tuple[Answer, Invitation, Meeting]:
    said = read_token(token)
    found = said and queries.invited_by_link(said[0])
    if not said or not found:
        abort(404)
    return said[1], *found
