"""Pages of polls: proposing dates, answering, fixing one."""

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.groups.policy import Standing
from cpts_net.groups.visible import led_group_or_404
from cpts_net.meetings import policy, poll_actions, queries, rules
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.conflicts import conflicts
from cpts_net.meetings.forms import PollForm, answers_in
from cpts_net.meetings.live_pages import POLL
from cpts_net.meetings.visible import current_actor, led_poll_or_404, poll_or_404
from cpts_net.pictures.news import sections_answer
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.access import members_only
from cpts_net.web.row_numbers import row_number


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


@bp.get("/reunions/sondages/<int:poll_id>")
@members_only
def poll(poll_id: int) -> ResponseReturnValue:
    """The dates, what everybody says to them, and which suits best."""
    return _page(poll_id)


def _page(poll_id: int, typed: Mapping[int, str] | None = None, refusal: str = "") -> ResponseReturnValue:
    """The page; after a refusal with what was typed."""
    with snapshot():
        shown, standing = poll_or_404(poll_id)
        dates = queries.asked_dates(poll_id, current_user.person_id)
        picture = POLL.picture(poll_id, clock.now())
        page = render_template(
            "meetings/poll.html",
            poll=shown,
            standing=standing,
            policy=policy,
            picture=picture,
            dates=dates,
            answers={date.id: date.answer for date in dates} if typed is None else typed,
            conflicts=_conflicts_at(poll_id, dates, standing),
            refusal=refusal,
            answer_address=url_for("meetings.answer_poll", poll_id=poll_id, _anchor="mes-reponses"),
            is_open=shown.closed_at is None and clock.now() < shown.deadline,
            now=clock.now(),
        )
    return page, 422 if refusal else 200


def _conflicts_at(poll_id: int, dates: Sequence[rules.AskedDate], standing: Standing) -> Mapping[int, object]:
    if not standing.is_member:
        return {}
    return conflicts(current_user.person_id, poll_id, {date.id: date.span for date in dates})


@bp.get("/reunions/sondages/<int:poll_id>/sections")
@members_only
def poll_sections(poll_id: int) -> ResponseReturnValue:
    """What the push process would send, for a page that cannot hold a socket."""
    with snapshot():
        poll_or_404(poll_id)
        picture = POLL.picture(poll_id, clock.now())
    return sections_answer(POLL.address(poll_id), picture)


@bp.post("/reunions/sondages/<int:poll_id>/reponses")
@members_only
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
        with transaction():
            meeting_id = poll_actions.fix_date(led_poll_or_404(poll_id), option_id, by=current_actor(), now=clock.now())
    except rules.OptionUnknown:
        abort(404)
    except rules.PollClosed:
        flash(_("Ce sondage était déjà clos\u202f: rien n’a changé."), "error")
        return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
    except rules.DatePassed:
        flash(_("Cette date est passée\u202f: choisissez-en une autre."), "error")
        return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
    flash(_("La date est fixée. Chaque membre du groupe reçoit une invitation, avec sa réponse au sondage."))
    return redirect(url_for("meetings.meeting", meeting_id=meeting_id), code=303)


@bp.post("/reunions/sondages/<int:poll_id>/abandonner")
@members_only
def give_up_poll(poll_id: int) -> ResponseReturnValue:
    """Close the poll without a date."""
    try:
        with transaction():
            poll_actions.give_up_poll(led_poll_or_404(poll_id), by=current_actor(), now=clock.now())
    except rules.PollClosed:
        flash(_("Ce sondage était déjà clos\u202f: rien n’a changé."), "error")
    else:
        flash(_("Le sondage est clos, sans date."))
    return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
