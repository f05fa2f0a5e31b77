"""The meetings and polls that one reader sees, for cards and for the search."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from cpts_net.groups.queries import visible_to
from cpts_net.meetings.hosts import seen_by
from cpts_net.meetings.models import Invitation, Meeting, Poll
from cpts_net.meetings.queries import DATE, still_shown
from cpts_net.storage.connections import db

AHEAD_ON_A_CARD = 5
SOUGHT_SINCE = timedelta(days=366)


def meetings_shared(person_id: int, reader_id: int, now: datetime, *, is_staff: bool) -> Sequence[Any]:
    """The next meetings to which somebody is asked and which the reader sees: ``DATE``; bounded."""
    asked = select(Invitation.meeting_id).where(Invitation.person_id == person_id)
    query = select(*DATE).where(Meeting.id.in_(asked), Meeting.ends_at > now, Meeting.cancelled_at.is_(None))
    if not is_staff:
        query = query.where(seen_by(reader_id))
    return db.session.execute(query.order_by(Meeting.starts_at, Meeting.id).limit(AHEAD_ON_A_CARD)).all()


def meetings_seen(reader_id: int, now: datetime, *, is_staff: bool) -> Sequence[Any]:
    """The meetings of the last year and ahead that the reader sees, those to come first: ``DATE``."""
    query = select(*DATE).where(Meeting.ends_at > now - SOUGHT_SINCE, still_shown(now))
    if not is_staff:
        query = query.where(seen_by(reader_id))
    rows = db.session.execute(query.order_by(Meeting.starts_at, Meeting.id)).all()
    return [*(row for row in rows if row.ends_at > now), *(row for row in reversed(rows) if row.ends_at <= now)]


def polls_seen(reader_id: int) -> Sequence[Any]:
    """The polls without a date fixed of the groups of which the reader may know, newest first: id and title."""
    query = select(Poll.id, Poll.title).join(Poll.group).where(Poll.closed_at.is_(None), visible_to(reader_id))
    return db.session.execute(query.order_by(Poll.created_at.desc(), Poll.id.desc())).all()
