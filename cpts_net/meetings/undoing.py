"""Taking back what was done with a meeting or a poll right after it: made, changed, called off, closed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select

from cpts_net.audit import ways_back
from cpts_net.audit.actions import record
from cpts_net.audit.models import WayBack
from cpts_net.groups import actions as groups
from cpts_net.meetings import actions, hosts, notice_kinds, poll_actions, queries, rules
from cpts_net.meetings.drafts import Actor, Audience, Plan, Subject
from cpts_net.meetings.models import Invitation, Meeting, Poll
from cpts_net.notices.unheard import taking_back
from cpts_net.spans import Span
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

MEETING, POLL = "meeting", "poll"
SUBJECT = ("title", "agenda", "place", "video_url")
ANSWER = ("person_id", "is_personal", "answer", "answered_at")


def as_it_is(meeting: Meeting) -> dict[str, Any]:
    """All that a change may alter, as ``plain_values`` has it."""
    columns = (*SUBJECT, "starts_at", "ends_at", "cancelled_at")
    asked = [{name: getattr(each, name) for name in ANSWER} for each in queries.invitations(meeting.id)]
    return {**{name: getattr(meeting, name) for name in columns}, "groups": hosts.group_ids(meeting.id), "asked": asked}


def state_of(meeting: Meeting) -> str:
    """How it stands; what people answer does not count."""
    whose = ",".join(map(str, hosts.group_ids(meeting.id)))
    words = rules.as_seen(meeting.starts_at, meeting.ends_at, f"{meeting.title}\n{meeting.agenda}", whose)
    return f"{words} {meeting.as_seen} {meeting.cancelled_at is not None}"


def keep_made(meeting_id: int, *, by: Actor, now: datetime) -> int:
    """The way back from a meeting that was made, perhaps out of a poll."""
    return _keep(db.session.get_one(Meeting, meeting_id), {}, by, now)


@contextmanager
def changing(meeting: Meeting, *, by: Actor, now: datetime) -> Iterator[list[int]]:
    """Keep the way back from what is done with a meeting within; its number is in the list then."""
    actions.lock(hosts.group_ids(meeting.id))
    db.session.refresh(meeting)
    before, ways = as_it_is(meeting), list[int]()
    yield ways
    db.session.flush()
    ways.append(_keep(meeting, before, by, now))


def _keep(meeting: Meeting, before: Mapping[str, Any], by: Actor, now: datetime) -> int:
    subject = actions.subject_of(meeting.id)
    return ways_back.keep(subject, before, seen=state_of(meeting), by=by.account_id, now=now)


def keep_closed(poll: Poll, *, by: Actor, now: datetime) -> int:
    """The way back from a poll that was closed without a date."""
    seen = f"{poll.closed_at is not None}"
    return ways_back.keep(poll_actions.scope(poll.id), {}, seen=seen, by=by.account_id, now=now)


def undo_closing(poll: Poll, way: WayBack, *, by: Actor, now: datetime) -> None:
    """Open a poll again that was closed without a date; who has heard that it was is told.

    Raises:
        NoWayBack: UndoneBefore, TooLate, ChangedSince.
    """
    revisions.bump(groups.scope(poll.group_id), revisions.MEETINGS, poll_actions.scope(poll.id))
    db.session.refresh(poll, ["closed_at"])
    is_fixed = queries.meeting_of_poll(poll.id) is not None
    ways_back.take(way, f"{poll.closed_at is not None and not is_fixed}", now)
    with taking_back({way.subject}, by=by.account_id, at=way.at):
        poll_actions.take_up_again(poll, by=by, now=now)
    record("poll.undone", actor_id=by.account_id, now=now, subject=way.subject)


def undo(meeting: Meeting, way: WayBack, *, by: Actor, now: datetime) -> None:
    """Take back what was done with a meeting; who has heard of it is told.

    One that was made is called off, and the poll that it came from is open
    again; one that was changed or called off is as it was, with what people had
    answered.

    Raises:
        NoWayBack: UndoneBefore, TooLate, ChangedSince.
        MeetingOver: when it has taken place.
        DatePassed: when it would lie in the past again.
    """
    polls = [poll_actions.scope(meeting.poll_id)] if meeting.poll_id else []
    actions.lock(hosts.group_ids(meeting.id), *polls)
    db.session.refresh(meeting)
    ways_back.take(way, state_of(meeting), now)
    with taking_back({way.subject}, by=by.account_id, at=way.at):
        if not way.was:
            _call_off(meeting, by, now)
        elif meeting.cancelled_at is not None:
            _call_again(meeting, by, now)
        else:
            _change_back(meeting, way.was, by, now)
    record("meeting.undone", actor_id=by.account_id, now=now, subject=way.subject)


def _call_off(meeting: Meeting, by: Actor, now: datetime) -> None:
    actions.cancel_meeting(meeting, by=by, now=now)
    if meeting.poll_id:
        db.session.get_one(Poll, meeting.poll_id).closed_at = None
        meeting.poll_id = None


def _call_again(meeting: Meeting, by: Actor, now: datetime) -> None:
    rules.check_is_ahead(meeting.ends_at, None, now)
    meeting.cancelled_at = None
    actions.tell(notice_kinds.INVITED, meeting, queries.asked_ids(meeting.id), by.account_id, now)


def _change_back(meeting: Meeting, was: Mapping[str, Any], by: Actor, now: datetime) -> None:
    is_elsewhen = (meeting.starts_at, meeting.ends_at) != (was["starts_at"], was["ends_at"])
    plan = Plan(Subject(*(was[name] for name in SUBJECT)), Span(was["starts_at"], was["ends_at"]))
    personal = tuple(each["person_id"] for each in was["asked"] if each["is_personal"])
    actions.change_meeting(meeting, plan, Audience(tuple(was["groups"]), personal), by=by, now=now)
    db.session.flush()
    known = {each["person_id"]: each for each in was["asked"]}
    asked = select(Invitation).where(Invitation.meeting_id == meeting.id)
    for invitation in db.session.scalars(asked.execution_options(populate_existing=True)):
        before = known.get(invitation.person_id)
        # What somebody says to a meeting that stays where it is, they say of it.
        if before and (is_elsewhen or invitation.answer is None):
            invitation.answer, invitation.answered_at = before["answer"], before["answered_at"]
