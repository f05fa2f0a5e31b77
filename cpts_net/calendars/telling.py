"""Who is to be told what of meetings.

A change of a meeting leaves one job, which finds out whom it concerns and
leaves each of them a letter to be written: a job of its own, so that what
fails for one stops nobody else. What a letter says is decided when it is
written: whoever knows the meeting as it stands by then gets none.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale

from cpts_net import clock
from cpts_net.calendars import items, queries
from cpts_net.calendars.items import Item
from cpts_net.calendars.news import Facts, News, news
from cpts_net.calendars.queries import Recipient
from cpts_net.meetings.models import Meeting
from cpts_net.outbox import jobs
from cpts_net.storage.transaction import snapshot, transaction

LETTER = "meeting-letter"
AT_ONCE = 50  # Others write between two batches; a letter that is left twice is written once.


@dataclass(frozen=True)
class Due:
    """What one person is to be told of one meeting; ``told`` is what they last were."""

    meeting_id: int
    seen: str
    group: str
    item: Item
    facts: Facts
    told: Facts | None
    news: News
    recipient: Recipient


def handle(payload: Any) -> None:
    """Leave a letter to everybody whom a change of meetings concerns; the handler of the jobs of this kind.

    The payload names the meetings, and the one member whom the change is
    about, if it is about one.
    """
    now = clock.now()
    meeting_ids = payload.get("meeting_ids") or [payload["meeting_id"]]  # The first version named one.
    with snapshot(), force_locale("fr"):
        letters = list(_letters(due(meeting_ids, payload.get("person_id"), now)))
    for start in range(0, len(letters), AT_ONCE):
        with transaction():
            for letter in letters[start : start + AT_ONCE]:
                jobs.enqueue(LETTER, letter, now)


def _letters(found: Collection[Due]) -> Iterator[dict[str, Any]]:
    """One letter to each person, and one more for every entry that is to leave their calendar."""
    asked: defaultdict[int, list[Due]] = defaultdict(list)
    for each in found:
        if each.news.is_off:
            yield _letter([each])
        else:
            asked[each.recipient.person_id].append(each)
    yield from map(_letter, asked.values())


def _letter(about: list[Due]) -> dict[str, Any]:
    """What the writer needs, and whom a list of mails may name."""
    recipient = about[0].recipient
    return {
        "meeting_ids": [each.meeting_id for each in about],
        "person_id": recipient.person_id,
        "to": recipient.email,
        "subject": about[0].facts.title,
    }


def due(meeting_ids: Collection[int], person_id: int | None, now: datetime) -> list[Due]:
    """What is to be told of the meetings, to one member or to all, soonest meeting first."""
    meetings = [meeting for meeting in map(queries.meeting, meeting_ids) if meeting and meeting.ends_at > now]
    return [
        each
        for meeting in sorted(meetings, key=lambda meeting: (meeting.starts_at, meeting.id))
        for each in _due_of(meeting, person_id)
    ]


def _due_of(meeting: Meeting, person_id: int | None) -> Iterator[Due]:
    item, facts = items.meeting(meeting), queries.facts(meeting)
    known = queries.told(meeting.id, person_id)
    for recipient in queries.recipients(meeting.id, person_id):
        told = known.get(recipient.person_id)
        if what := news(told, facts, is_asked=recipient.invitation_id is not None):
            yield Due(meeting.id, meeting.as_seen, meeting.group.name, item, facts, told, what, recipient)
