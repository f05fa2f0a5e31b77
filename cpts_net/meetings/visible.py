"""The poll or the meeting that a page is about, as far as its reader may see it."""

from flask import abort
from flask_login import current_user

from cpts_net.groups import visible
from cpts_net.groups.policy import Standing, may_lead
from cpts_net.meetings import queries
from cpts_net.meetings.drafts import Actor
from cpts_net.meetings.models import Meeting, Poll


def poll_or_404(poll_id: int) -> tuple[Poll, Standing]:
    """The poll and where the reader stands in its group; 404 when it does not exist for them."""
    found = queries.poll_and_membership(poll_id, current_user.person_id)
    if found is None:
        abort(404)
    return found[0], visible.standing_of(found[1])


def led_poll_or_404(poll_id: int) -> Poll:
    """The same, for what only those who look after the group do."""
    poll, standing = poll_or_404(poll_id)
    if not may_lead(standing):
        abort(404)
    return poll


def meeting_or_404(meeting_id: int) -> tuple[Meeting, Standing]:
    """The meeting and where the reader stands in its group; 404 when it does not exist for them."""
    found = queries.meeting_and_membership(meeting_id, current_user.person_id)
    if found is None:
        abort(404)
    return found[0], visible.standing_of(found[1])


def led_meeting_or_404(meeting_id: int) -> Meeting:
    """The same, for what only those who look after the group do."""
    meeting, standing = meeting_or_404(meeting_id)
    if not may_lead(standing):
        abort(404)
    return meeting


def current_actor() -> Actor:
    """Whoever makes the request."""
    return Actor(current_user.account_id, current_user.person_id)
