"""What somebody is to be told of meetings, found out as the mail is written.

Whoever knows a meeting as it stands by then gets no mail: what a change of
meetings notes is whom it concerns, not what they read.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from cpts_net.calendars import items, queries
from cpts_net.calendars.items import Item
from cpts_net.calendars.news import Facts, News, news
from cpts_net.calendars.queries import Recipient
from cpts_net.meetings.models import Meeting


@dataclass(frozen=True)
class Due:
    """What one person is to be told of one meeting; ``told`` is what they last were."""

    meeting_id: int
    seen: str
    item: Item
    facts: Facts
    told: Facts | None
    news: News
    recipient: Recipient


def due(meeting_ids: Collection[int], person_id: int | None, now: datetime) -> list[Due]:
    """What is to be told of the meetings, to one member or to all, soonest meeting first."""
    meetings = [meeting for meeting in map(queries.meeting, meeting_ids) if meeting and meeting.ends_at > now]
    return [
        each
        for meeting in sorted(meetings, key=lambda meeting: (meeting.starts_at, meeting.id))
        for each in _due_of(meeting, person_id)
    ]


def _due_of(meeting: Meeting, person_id: int | None) -> Iterator[Due]:
    facts = queries.facts(meeting)
    known = queries.told(meeting.id, person_id)
    for recipient in queries.recipients(meeting.id, person_id):
        told = known.get(recipient.person_id)
        if what := news(told, facts, is_asked=recipient.invitation_id is not None):
            (item,) = items.meetings([meeting], recipient.person_id)
            yield Due(meeting.id, meeting.as_seen, item, facts, told, what, recipient)
