"""Pages of polls: proposing dates, answering, fixing one."""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.groups.visible import led_group_or_404
from cpts_net.meetings import policy, poll_actions, queries, rules, undoing
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.drawing import drawn_poll, is_open, refused_poll
from cpts_net.meetings.forms import USUAL_DURATION, PollForm, PutRightForm, answers_in
from cpts_net.meetings.live_pages import POLL
from cpts_net.meetings.models import Poll
from cpts_net.meetings.undo_views import undoable
from cpts_net.meetings.visible import current_actor, led_poll_or_404, poll_or_404
from cpts_net.pictures.for_many import for_reader
from cpts_net.pictures.news import sections_answer
from cpts_net.spans import Span
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.access import guests_too, members_only
from cpts_net.web.row_numbers import row_number
from cpts_net.web.second_thoughts import flash_undoable


@bp.route("/groupes/<int:group_id>/sondages/nouveau", methods=["GET", "POST"])
@members_only
def propose(group_id: int) -> ResponseReturnValue:
    """Ask the group which of some dates suit."""
    group = led_group_or_404(group_id)[0]
    form = PollForm()
    if form.validate_on_submit():
        with transaction():
            led_group_or_404(group_id)
            poll_id = poll_actions.propose_dates(
                group_id, form.subject, form.spans, form.deadline, by=current_actor(), now=clock.now()
            )
        flash(_("Les dates sont proposées au groupe. Dites vous-même lesquelles vous conviennent."))
        return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
    return render_template("meetings/propose.html", form=form, group=group), 422 if form.errors else 200


@bp.route("/reunions/sondages/<int:poll_id>/modifier", methods=["GET", "POST"])
@members_only
def change_poll(poll_id: int) -> ResponseReturnValue:
    """Put a poll right that went out, or open again one that was given up."""
    shown = _undecided_or_404(poll_id)
    form = _known_form(shown)
    if form.validate_on_submit():
        try:
            _change(poll_id, form)
        except rules.PollClosed:
            flash(_("La date de ce sondage vient d’être fixée\u202f: rien n’a changé."), "error")
        except rules.PollChanged:
            shown = _undecided_or_404(poll_id)
            form.title.errors = [
                _("Quelqu’un a corrigé ce sondage entre-temps. Enregistrez pour remplacer ce qu’il dit.")
            ]
            return render_template("meetings/change_poll.html", form=form, poll=shown), 422
        else:
            flash(_("Le sondage est corrigé. Qui avait répondu en est prévenu."))
        return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
    return render_template("meetings/change_poll.html", form=form, poll=shown), 422 if form.errors else 200


def _undecided_or_404(poll_id: int) -> Poll:
    """A poll without a meeting yet, its dates loaded, for those who look after its group."""
    led_poll_or_404(poll_id)
    shown = queries.poll_for_everybody(poll_id)
    if shown is None or queries.meeting_of_poll(poll_id):
        abort(404)
    return shown


def _known_form(shown: Poll) -> PutRightForm:
    spans = [Span(option.starts_at, option.ends_at) for option in shown.options]
    local = [span.start.astimezone(clock.zone()) for span in spans]
    last_day = shown.deadline.astimezone(clock.zone()).date()
    data = {
        **{name: getattr(shown, name) for name in ("title", "agenda", "place", "video_url")},
        "minutes": round((spans[0].end - spans[0].start).total_seconds() / 60) if spans else USUAL_DURATION,
        "dates": [{"day": start.date(), "at": start.time()} for start in local],
        "last_day": last_day,
    }
    return PutRightForm(data, spans, last_day)


def _change(poll_id: int, form: PutRightForm) -> None:
    with transaction():
        poll_actions.change_poll(
            led_poll_or_404(poll_id),
            form.subject,
            form.spans,
            form.deadline,
            by=current_actor(),
            now=clock.now(),
            seen=request.form.get("seen"),
        )


@bp.get("/reunions/sondages/<int:poll_id>")
@guests_too
def poll(poll_id: int) -> ResponseReturnValue:
    """The dates, what everybody says to them, and which suits best."""
    return _page(poll_id)


def _page(poll_id: int, typed: Mapping[int, str] | None = None, refusal: str = "") -> ResponseReturnValue:
    """The page; after a refusal with what was typed."""
    now = clock.now()
    with snapshot():
        shown, standing = poll_or_404(poll_id)
        drawn = (
            drawn_poll(shown, standing, now) if typed is None else refused_poll(shown, standing, now, typed, refusal)
        )
        page = render_template(
            "meetings/poll.html",
            poll=shown,
            standing=standing,
            may_change=policy.may_lead(standing) and not (shown.closed_at and queries.meeting_of_poll(poll_id)),
            picture=drawn.picture,
            html=for_reader(drawn.html),
            is_open=is_open(shown, now),
            now=now,
        )
    return page, 422 if refusal else 200


@bp.get("/reunions/sondages/<int:poll_id>/sections")
@guests_too
def poll_sections(poll_id: int) -> ResponseReturnValue:
    """What the push process would send, for a page that cannot hold a socket."""
    with snapshot():
        poll_or_404(poll_id)
        picture = POLL.picture(poll_id, clock.now())
    return sections_answer(POLL.address(poll_id), picture)


@bp.post("/reunions/sondages/<int:poll_id>/reponses")
@guests_too
def answer_poll(poll_id: int) -> ResponseReturnValue:
    """Record all that the reader says to the dates."""
    _shown, standing = poll_or_404(poll_id)
    if not policy.may_answer_poll(standing):
        abort(404)
    typed = answers_in(request.form, {date.id for date in queries.asked_dates(poll_id, current_user.person_id)})
    if not typed:
        return _page(poll_id, typed, _("Répondez à au moins une date."))
    try:
        with transaction():
            found, standing = poll_or_404(poll_id)
            if not policy.may_answer_poll(standing):
                abort(404)
            poll_actions.answer_poll(found, current_user.person_id, typed, now=clock.now())
    except rules.PollOver:
        return _page(
            poll_id, typed, _("Trop tard\u202f: ce sondage ne prend plus de réponses. Rien n’a été enregistré.")
        )
    flash(_("Vos réponses sont enregistrées. Vous pouvez les changer jusqu’à la clôture."))
    return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)


@bp.post("/reunions/sondages/<int:poll_id>/retenir")
@members_only
def fix_date(poll_id: int) -> ResponseReturnValue:
    """Make a meeting of one of the dates."""
    option_id = request.form.get("date", 0, row_number)
    try:
        by, now = current_actor(), clock.now()
        with transaction():
            meeting_id = poll_actions.fix_date(led_poll_or_404(poll_id), option_id, by=by, now=now)
            way_id = undoing.keep_made(meeting_id, by=by, now=now)
    except rules.OptionUnknown:
        abort(404)
    except rules.PollClosed:
        flash(_("Ce sondage était déjà clos\u202f: rien n’a changé."), "error")
        return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
    except rules.DatePassed:
        flash(_("Cette date est passée\u202f: choisissez-en une autre."), "error")
        return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
    undoable(_("La date est fixée. Chaque membre du groupe reçoit une invitation, avec sa réponse au sondage."), way_id)
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)


@bp.post("/reunions/sondages/<int:poll_id>/abandonner")
@members_only
def give_up_poll(poll_id: int) -> ResponseReturnValue:
    """Close the poll without a date."""
    try:
        by, now = current_actor(), clock.now()
        with transaction():
            given_up = led_poll_or_404(poll_id)
            poll_actions.give_up_poll(given_up, by=by, now=now)
            way_id = undoing.keep_closed(given_up, by=by, now=now)
    except rules.PollClosed:
        flash(_("Ce sondage était déjà clos\u202f: rien n’a changé."), "error")
    else:
        address = url_for("meetings.undo_closing", poll_way_id=way_id)
        flash_undoable(_("Le sondage est clos, sans date."), address)
    return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
