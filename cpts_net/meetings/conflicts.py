"""What else a member has at the dates of a poll: duties, leave, other meetings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cpts_net.continuity import resolver
from cpts_net.leave.queries import times_away
from cpts_net.meetings import queries
from cpts_net.spans import Span


class ConflictKind(StrEnum):
    """What stands in the way."""

    DUTY = "duty"
    AWAY = "away"
    MEETING = "meeting"


@dataclass(frozen=True)
class Conflict:
    """Something that a member has at the same time; an absence has no name, being nobody's business."""

    kind: ConflictKind
    name: str
    span: Span


def conflicts(person_id: int, poll_id: int, dates: Mapping[int, Span]) -> dict[int, list[Conflict]]:
    """What the person has at each of the dates of a poll, by the id of the date; in time order.

    The meeting that came out of the poll stands in nobody's way.
    """
    if not dates:
        return {}
    hull = Span(min(span.start for span in dates.values()), max(span.end for span in dates.values()))
    taken = sorted(_everything(person_id, poll_id, hull), key=lambda conflict: conflict.span)
    return {date: [each for each in taken if each.span.overlaps(span)] for date, span in dates.items()}


def _everything(person_id: int, poll_id: int, span: Span) -> Iterator[Conflict]:
    for line, duty in resolver.duty_times(person_id, span):
        yield Conflict(ConflictKind.DUTY, line, duty)
    for away in times_away(span, [person_id]):
        yield Conflict(ConflictKind.AWAY, "", away.span)
    for title, meeting in queries.meeting_times(person_id, span, but_of_poll=poll_id):
        yield Conflict(ConflictKind.MEETING, title, meeting)
