"""Pages of meetings: mine, one of them, planning, moving and cancelling."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock, i18n
from cpts_net.groups.visible import led_group_or_404
from cpts_net.meetings import actions, answer_views, policy, poll_views, queries, rules
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.forms import MeetingForm
from cpts_net.meetings.listing import own_meetings
from cpts_net.meetings.models import Answer, Meeting
from cpts_net.meetings.visible import current_actor, led_meeting_or_404, meeting_or_404
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only
from cpts_net.web.paging import ListPages, page_number

__all__ = ["answer_views", "bp", "poll_views"]


@bp.get("/reunions/")
@members_only
def overview() -> ResponseReturnValue:
    """My meetings, and the polls that await my answer."""
    person_id, now = current_user.person_id, clock.now()
    if person_id is None:
        return render_template("meetings/overview_of_nobody.html")
    page = page_number()
    own = own_meetings(person_id, page, now)
    past = ListPages(page=page, per_page=queries.MEETINGS_ON_A_PAGE, error_out=False, items=range(own.past_total))
    return render_template("meetings/overview.html", ahead=own.ahead, past=past, past_html=own.past)


@bp.get("/reunions/<int:meeting_id>")
@members_only
def meeting(meeting_id: int) -> ResponseReturnValue:
    """When, where, what for, and who comes."""
    shown, standing = meeting_or_404(meeting_id)
    invitations = queries.invitations(meeting_id)
    mine = next((each for each in invitations if each.person_id == standing.person_id), None)
    is_ahead = shown.cancelled_at is None and clock.now() < shown.ends_at
    return render_template(
        "meetings/meeting.html",
        meeting=shown,
        invitations=invitations,
        mine=mine,
        may_answer=is_ahead and policy.may_answer(standing, is_asked=mine is not None),
        may_lead=is_ahead and policy.may_lead(standing),
        is_ahead=is_ahead,
        Answer=Answer,
    )


@bp.route("/groupes/<int:group_id>/reunions/nouvelle", methods=["GET", "POST"])
@members_only
def plan(group_id: int) -> ResponseReturnValue:
    """Fix a meeting without a poll."""
    group = led_group_or_404(group_id)[0]
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            with transaction():
                led_group_or_404(group_id)
                meeting_id = actions.make_meeting(group_id, form.plan, by=current_actor(), now=clock.now())
        except rules.DatePassed:
            form.day.errors = [_("Cette date est passée.")]
        else:
            flash(_("La réunion est fixée. Chaque membre du groupe reçoit une invitation."))
            return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)
    return render_template("meetings/plan.html", form=form, group=group), 422 if form.errors else 200


@bp.route("/reunions/<int:meeting_id>/modifier", methods=["GET", "POST"])
@members_only
def edit(meeting_id: int) -> ResponseReturnValue:
    """Move a meeting, or say anew what it is."""
    shown = led_meeting_or_404(meeting_id)
    form = MeetingForm(_known(shown))
    if form.validate_on_submit():
        try:
            with transaction():
                meeting = led_meeting_or_404(meeting_id)
                seen = request.form.get("seen")
                is_news = actions.change_meeting(meeting, form.plan, by=current_actor(), now=clock.now(), seen=seen)
        except rules.DatePassed:
            form.day.errors = [_("Cette date est passée.")]
        except rules.MeetingChanged:
            shown = led_meeting_or_404(meeting_id)
            form.day.errors = [_changed_meanwhile(shown)]
        except (rules.MeetingCancelled, rules.MeetingOver):
            return _no_longer_ahead(meeting_id)
        else:
            flash(_told() if is_news else _("La réunion est modifiée. Personne n’en reçoit de mail."))
            return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)
    return render_template("meetings/edit.html", form=form, meeting=shown), 422 if form.errors else 200


def _changed_meanwhile(meeting: Meeting) -> str:
    values = {"day": i18n.day(meeting.starts_at.astimezone(clock.zone()).date()), "hour": i18n.hour(meeting.starts_at)}
    return str(
        _(
            "Quelqu’un a changé cette réunion entre-temps\u202f: %(day)s à %(hour)s. Enregistrez pour la remplacer.",
            **values,
        )
    )


def _told() -> str:
    return str(_("La réunion est modifiée. Chaque personne invitée est prévenue."))


def _known(meeting: Meeting) -> dict[str, Any]:
    start = meeting.starts_at.astimezone(clock.zone())
    return {
        "title": meeting.title,
        "agenda": meeting.agenda,
        "place": meeting.place,
        "video_url": meeting.video_url,
        "minutes": int((meeting.ends_at - meeting.starts_at).total_seconds() // 60),
        "day": start.date(),
        "at": start.time(),
    }


@bp.post("/reunions/<int:meeting_id>/annuler")
@members_only
def cancel(meeting_id: int) -> ResponseReturnValue:
    """Call the meeting off."""
    try:
        with transaction():
            meeting, seen = led_meeting_or_404(meeting_id), request.form.get("seen")
            actions.cancel_meeting(meeting, by=current_actor(), now=clock.now(), seen=seen)
    except (rules.MeetingCancelled, rules.MeetingOver):
        return _no_longer_ahead(meeting_id)
    except rules.MeetingChanged:
        flash(
            _("Cette réunion vient de changer\u202f: relisez-la, puis dites si elle est annulée. Rien n’a été fait."),
            "error",
        )
    else:
        flash(_("La réunion est annulée. Chaque personne invitée est prévenue."))
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)


@bp.post("/reunions/<int:meeting_id>/reponse")
@members_only
def answer(meeting_id: int) -> ResponseReturnValue:
    """Say whether I come."""
    said = request.form.get("answer", "")
    try:
        with transaction():
            shown, standing = meeting_or_404(meeting_id)
            is_asked = standing.person_id is not None and queries.invitation(meeting_id, standing.person_id) is not None
            if said not in set(Answer) or not policy.may_answer(standing, is_asked=is_asked):
                abort(404)
            seen = request.form.get("seen")
            actions.answer_meeting(shown, current_user.person_id, Answer(said), seen=seen, now=clock.now())
    except (rules.MeetingCancelled, rules.MeetingOver):
        return _no_longer_ahead(meeting_id)
    except rules.MeetingChanged:
        flash(_("Cette réunion vient de changer\u202f: relisez-la, puis répondez. Rien n’a été enregistré."), "error")
    else:
        flash(_("Votre réponse est enregistrée."))
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)


def _no_longer_ahead(meeting_id: int) -> ResponseReturnValue:
    flash(_("Cette réunion est annulée ou passée\u202f: rien n’a changé."), "error")
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)
