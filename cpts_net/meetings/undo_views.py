"""Taking back what one has just done to a meeting or a poll."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.audit.models import WayBack
from cpts_net.audit.ways_back import NoWayBack, way_back
from cpts_net.audit.wording import no_way_back
from cpts_net.meetings import rules, undoing
from cpts_net.meetings.blueprint import bp
from cpts_net.meetings.visible import current_actor, led_poll_or_404, own_meeting_or_404
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only
from cpts_net.web.second_thoughts import flash_undoable


def undoable(words: str, way_id: int) -> None:
    """Say what was done to a meeting, with the button that takes it back."""
    flash_undoable(words, url_for("meetings.undo", meeting_way_id=way_id))


@bp.post("/reunions/retour/<int:meeting_way_id>")
@members_only
def undo(meeting_way_id: int) -> ResponseReturnValue:
    """A meeting is as it was; one that was made is called off."""
    way = _way_or_404(meeting_way_id, undoing.MEETING)
    meeting = own_meeting_or_404(way.subject_id).meeting
    poll_id = None if way.was else meeting.poll_id
    try:
        with transaction():
            undoing.undo(own_meeting_or_404(way.subject_id).meeting, way, by=current_actor(), now=clock.now())
    except NoWayBack as refused:
        flash(no_way_back(refused), "error")
    except (rules.MeetingOver, rules.DatePassed):
        flash(_("Cette date est passée\u202f: rien n’a été défait."), "error")
    else:
        flash(_("C’est comme avant. Qui en avait été prévenu l’est aussi du retour en arrière."))
        if poll_id:
            return redirect(url_for("meetings.poll", poll_id=poll_id), code=303)
    return redirect(url_for("meetings.meeting", meeting_id=way.subject_id), code=303)


@bp.post("/reunions/sondages/retour/<int:poll_way_id>")
@members_only
def undo_closing(poll_way_id: int) -> ResponseReturnValue:
    """A poll that was closed without a date takes answers again."""
    way = _way_or_404(poll_way_id, undoing.POLL)
    try:
        with transaction():
            undoing.undo_closing(led_poll_or_404(way.subject_id), way, by=current_actor(), now=clock.now())
    except NoWayBack as refused:
        flash(no_way_back(refused), "error")
    else:
        flash(_("Le sondage est rouvert."))
    return redirect(url_for("meetings.poll", poll_id=way.subject_id), code=303)


def _way_or_404(way_id: int, kind: str) -> WayBack:
    return way_back(way_id, kind, current_user.account_id) or abort(404)
