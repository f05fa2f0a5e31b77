"""Answering from the link in an invitation mail, without signing in.

Whoever holds the link sees what the mail said and nothing more. Looking at it
changes nothing, since mail scanners open every link.
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.accounts.answering import answering, gone
from cpts_net.meetings import actions, queries, rules
from cpts_net.meetings.answer_links import AnswerLink, read_token
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.models import Answer, Invitation, Meeting
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import public


@bp.get("/reunions/reponse/<token>")
@public
def answer_by_link(token: str) -> ResponseReturnValue:
    """The meeting, and a button that records the answer; all three when it has changed since the mail, or names none."""
    link, invitation, meeting = _read(token)
    is_ahead = meeting.cancelled_at is None and clock.now() < meeting.ends_at
    return render_template(
        "meetings/answer.html",
        token=token,
        answer=link.answer,
        invitation=invitation,
        answering=answering(invitation.person_id),
        meeting=meeting,
        is_ahead=is_ahead,
        has_changed=link.seen != meeting.as_seen,
        Answer=Answer,
    )


@bp.post("/reunions/reponse/<token>")
@public
def record_answer_by_link(token: str) -> ResponseReturnValue:
    """Record the answer that was pressed, or the one that the link stands for."""
    try:
        with transaction():
            link, invitation, meeting = _read(token)
            answer = request.form.get("answer", link.answer)
            if answer not in set(Answer):
                abort(404)
            seen = request.form.get("seen", link.seen)
            actions.answer_meeting(meeting, invitation.person_id, Answer(answer), seen=seen, now=clock.now())
    except (rules.MeetingCancelled, rules.MeetingOver):
        flash(_("Cette réunion est annulée ou passée\u202f: rien n’a changé."), "error")
    except rules.MeetingChanged:
        flash(_("Cette réunion vient de changer\u202f: relisez-la, puis répondez. Rien n’a été enregistré."), "error")
    else:
        flash(_("Merci, votre réponse est enregistrée."))
    return redirect(url_for("meetings.answer_by_link", token=token), code=303)


def _read(token: str) -> tuple[AnswerLink, Invitation, Meeting]:
    link = read_token(token) or abort(404)
    found = queries.invited_by_link(link.invitation_id) or _asked_now(link)
    invitation, meeting = found or gone(_("Vous n’êtes plus sur la liste de cette réunion\u202f: rien n’a changé."))
    answering(invitation.person_id)
    return link, invitation, meeting


def _asked_now(link: AnswerLink) -> tuple[Invitation, Meeting] | None:
    """By which invitation its person is asked, once that of the link is no more."""
    person_id = answering(link.person_id).person_id if link.person_id else 0
    own = queries.invitation(link.meeting_id, person_id)
    return queries.invited_by_link(own.id) if own else None
