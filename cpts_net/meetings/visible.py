"""The poll or the meeting that a page is about, as far as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort
from flask_login import current_user

from cpts_net.groups import visible
from cpts_net.groups.policy import Standing, may_lead
from cpts_net.meetings import hosts, policy, queries
from cpts_net.meetings.drafts import Actor
from cpts_net.meetings.hosts import Host
from cpts_net.meetings.models import Meeting, Poll
from cpts_net.meetings.policy import MeetingStanding


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


@dataclass(frozen=True)
class SeenMeeting:
    """A meeting as its reader sees it: whose it is, and where they stand."""

    meeting: Meeting
    hosts: Sequence[Host]
    standing: MeetingStanding


def meeting_or_404(meeting_id: int) -> SeenMeeting:
    """The meeting; 404 when it does not exist for the reader."""
    meeting = queries.meeting(meeting_id)
    if meeting is None:
        abort(404)
    held_by = hosts.hosts([meeting_id], current_user.person_id)[meeting_id]
    standing = hosts.standing(meeting, held_by, current_user.person_id, is_staff=current_user.is_staff)
    if not policy.may_see(standing):
        abort(404)
    return SeenMeeting(meeting, held_by, standing)


def own_meeting_or_404(meeting_id: int) -> SeenMeeting:
    """The same, for what only those who look after the meeting do."""
    seen = meeting_or_404(meeting_id)
    if not policy.may_edit(seen.standing):
        abort(404)
    return seen


def current_actor() -> Actor:
    """Whoever makes the request."""
    return Actor(current_user.account_id, current_user.person_id)
