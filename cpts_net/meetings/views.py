"""Pages of meetings: mine, one of them, planning, moving and cancelling."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock, i18n
from cpts_net.directory.fields import asks_to_search
from cpts_net.groups.queries import acquaintances_among, groups_to_convene
from cpts_net.groups.visible import led_group_or_404
from cpts_net.meetings import (
    actions,
    answer_views,
    policy,
    poll_link_views,
    poll_views,
    queries,
    rules,
    undo_views,
    undoing,
)
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.drafts import Audience, Plan
from cpts_net.meetings.drawing import asked, asked_among
from cpts_net.meetings.forms import ConvenedForm, MeetingForm
from cpts_net.meetings.listing import own_meetings
from cpts_net.meetings.models import Answer, Meeting
from cpts_net.meetings.undo_views import undoable
from cpts_net.meetings.visible import SeenMeeting, current_actor, meeting_or_404, own_meeting_or_404
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import guests_too, members_only
from cpts_net.web.paging import ListPages, page_number
from cpts_net.web.row_numbers import row_number

__all__ = ["answer_views", "bp", "poll_link_views", "poll_views", "undo_views"]


@bp.get("/reunions/")
@guests_too
def overview() -> ResponseReturnValue:
    """My meetings, and the polls that await my answer."""
    person_id, now = current_user.person_id, clock.now()
    page = page_number()
    own = own_meetings(person_id, page, now)
    past = ListPages(page=page, per_page=queries.MEETINGS_ON_A_PAGE, error_out=False, items=range(own.past_total))
    return render_template(
        "meetings/overview.html", ahead=own.ahead, past=past, past_html=own.past, may_convene=_may_convene()
    )


def _may_convene() -> bool:
    return current_user.is_staff or bool(groups_to_convene(current_user.person_id, is_staff=False))


@bp.get("/reunions/<int:meeting_id>")
@guests_too
def meeting(meeting_id: int) -> ResponseReturnValue:
    """When, where, what for, and who comes."""
    seen = meeting_or_404(meeting_id)
    shown, standing = seen.meeting, seen.standing
    found = asked(meeting_id, clock.now())
    strangers = _strangers({*found.answers})
    is_ahead = shown.cancelled_at is None and clock.now() < shown.ends_at
    return render_template(
        "meetings/meeting.html",
        meeting=shown,
        hosts=[host for host in seen.hosts if host.is_told],
        number=len(found.answers),
        mine=found.answers.get(standing.person_id),
        asked=asked_among(meeting_id, strangers) if strangers else found.html,
        may_answer=is_ahead and policy.may_answer(standing),
        may_edit=is_ahead and policy.may_edit(standing),
        is_ahead=is_ahead,
        Answer=Answer,
    )


def _strangers(person_ids: set[int]) -> set[int]:
    """Those whose card the reader cannot open: a guest reads those of their groups."""
    if not current_user.is_guest:
        return set()
    return person_ids - acquaintances_among(current_user.person_id, person_ids)


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
                meeting_id, way_id = _make(Audience((group_id,)), form.plan)
        except rules.DatePassed:
            form.day.errors = [_("Cette date est passée.")]
        else:
            undoable(_("La réunion est fixée. Chaque membre du groupe reçoit une invitation."), way_id)
            return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)
    return render_template("meetings/plan.html", form=form, group=group), 422 if form.errors else 200


@bp.route("/reunions/nouvelle", methods=["GET", "POST"])
@members_only
def convene() -> ResponseReturnValue:
    """Fix a meeting of several groups, or of people of none."""
    form = ConvenedForm(_choosable_or_404(), {"groups": request.args.getlist("groupe", row_number)})
    if asks_to_search():
        return render_template("meetings/convene.html", form=form)
    if form.validate_on_submit():
        try:
            with transaction():
                meeting_id, way_id = _make(form.audience, form.plan)
        except rules.DatePassed:
            form.day.errors = [_("Cette date est passée.")]
        else:
            undoable(_("La réunion est fixée. Chaque personne invitée reçoit une invitation."), way_id)
            return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)
    return render_template("meetings/convene.html", form=form), 422 if form.errors else 200


def _make(audience: Audience, plan: Plan) -> tuple[int, int]:
    """Make the meeting; its number, and that of the way back."""
    by, now = current_actor(), clock.now()
    meeting_id = actions.make_meeting(audience, plan, by=by, now=now)
    return meeting_id, undoing.keep_made(meeting_id, by=by, now=now)


def _choosable_or_404() -> Mapping[int, str]:
    """The groups that the reader may call to a meeting; 404 for whoever calls none."""
    found = groups_to_convene(current_user.person_id, is_staff=current_user.is_staff)
    if not (found or current_user.is_staff):
        abort(404)
    return found


@bp.route("/reunions/<int:meeting_id>/modifier", methods=["GET", "POST"])
@members_only
def edit(meeting_id: int) -> ResponseReturnValue:
    """Move a meeting, say anew what it is, and who is asked."""
    shown = own_meeting_or_404(meeting_id)
    form = _known_form(shown)
    if form.validate_on_submit() and not asks_to_search():
        try:
            is_news, way_id = _change(meeting_id, form)
        except rules.DatePassed:
            form.day.errors = [_("Cette date est passée.")]
        except rules.MeetingChanged:
            shown = own_meeting_or_404(meeting_id)
            form.day.errors = [_changed_meanwhile(shown.meeting)]
        except (rules.MeetingCancelled, rules.MeetingOver):
            return _no_longer_ahead(meeting_id)
        else:
            undoable(_told() if is_news else _("La réunion est modifiée. Personne n’en reçoit de mail."), way_id)
            return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)
    is_wrong = bool(form.errors) and not asks_to_search()
    return render_template("meetings/edit.html", form=form, meeting=shown.meeting, kept_groups=_kept(shown)), (
        422 if is_wrong else 200
    )


def _known_form(shown: SeenMeeting) -> ConvenedForm:
    choosable = groups_to_convene(current_user.person_id, is_staff=current_user.is_staff)
    personal = [each.person_id for each in queries.invitations(shown.meeting.id) if each.is_personal]
    known = {"groups": [host.id for host in shown.hosts if host.id in choosable], "people": personal}
    kept = [host.id for host in shown.hosts if host.id not in choosable]
    return ConvenedForm(choosable, {**_known(shown.meeting), **known}, kept=kept)


def _kept(shown: SeenMeeting) -> list[str]:
    """The groups that hold the meeting and that the reader may know of, but does not decide on."""
    choosable = groups_to_convene(current_user.person_id, is_staff=current_user.is_staff)
    return [host.name for host in shown.hosts if host.is_told and host.id not in choosable]


def _change(meeting_id: int, form: ConvenedForm) -> tuple[bool, int]:
    """Write down what was typed; whether people are told, and the number of the way back."""
    by, now, seen = current_actor(), clock.now(), request.form.get("seen")
    with transaction():
        shown = own_meeting_or_404(meeting_id).meeting
        audience = None if form.is_audience_left_out else form.audience
        with undoing.changing(shown, by=by, now=now) as ways:
            is_news = actions.change_meeting(shown, form.plan, audience, by=by, now=now, seen=seen)
    return is_news, ways[0]


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
        by, now, seen = current_actor(), clock.now(), request.form.get("seen")
        with transaction():
            meeting = own_meeting_or_404(meeting_id).meeting
            with undoing.changing(meeting, by=by, now=now) as ways:
                actions.cancel_meeting(meeting, by=by, now=now, seen=seen)
    except (rules.MeetingCancelled, rules.MeetingOver):
        return _no_longer_ahead(meeting_id)
    except rules.MeetingChanged:
        flash(
            _("Cette réunion vient de changer\u202f: relisez-la, puis dites si elle est annulée. Rien n’a été fait."),
            "error",
        )
    else:
        undoable(_("La réunion est annulée. Chaque personne invitée est prévenue."), ways[0])
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)


@bp.post("/reunions/<int:meeting_id>/reponse")
@guests_too
def answer(meeting_id: int) -> ResponseReturnValue:
    """Say whether I come."""
    said = request.form.get("answer", "")
    try:
        with transaction():
            shown = meeting_or_404(meeting_id)
            if said not in set(Answer) or not policy.may_answer(shown.standing):
                abort(404)
            seen = request.form.get("seen")
            actions.answer_meeting(shown.meeting, current_user.person_id, Answer(said), seen=seen, now=clock.now())
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
