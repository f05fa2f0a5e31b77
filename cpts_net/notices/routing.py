"""By which channels a notice goes to each of its people, and when: as they chose, or as its room declares it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import make_msgid
from typing import Any

from cpts_net import clock
from cpts_net.notices import choice_queries
from cpts_net.notices.kinds import Kind
from cpts_net.notices.models import Channel
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL, Due, Hours, due
from cpts_net.settings import current_settings


@dataclass(frozen=True)
class Way:
    """How some people hear of one kind by one channel."""

    kind: Kind
    channel: Channel
    chosen: Mapping[int, When]
    hours: Mapping[int, Hours]

    def due(self, person_id: int, now: datetime, begins_at: datetime | None, *, is_own_act: bool) -> Due | None:
        """When one of them hears of what happens now; None for never."""
        when = self.kind.heard(self.channel, self.chosen.get(person_id))
        waits = not (self.kind.is_security or is_own_act)
        own = self.hours.get(person_id, USUAL)
        return due(when, own, now, clock.zone(), begins_at=begins_at, waits=waits)


def way(kind: Kind, channel: Channel, person_ids: Collection[int]) -> Way:
    """How the people hear of a kind, in two queries however many they are."""
    return Way(kind, channel, choice_queries.chosen(kind.name, channel, person_ids), choice_queries.hours(person_ids))


def deliveries(
    way: Way, rows: Collection[tuple[int, int]], now: datetime, begins_at: datetime | None, actor: int | None
) -> Iterator[dict[str, Any]]:
    """The rows of the queue for some notices, given as (id, person); none for whoever wants none."""
    found: dict[tuple[When | None, Hours | None, bool], Due | None] = {}
    for notice_id, person_id in rows:
        # Most people hear of it alike, and finding an hour takes a while: others wait to write.
        alike = (way.chosen.get(person_id), way.hours.get(person_id), person_id == actor)
        if alike not in found:
            found[alike] = way.due(person_id, now, begins_at, is_own_act=person_id == actor)
        if found_due := found[alike]:
            columns = {"notice_id": notice_id, "begins_at": begins_at, **placed(person_id, way.channel, found_due)}
            yield {"kind": way.kind.name, "written_at": now, **columns}


def placed(person_id: int, channel: Channel, due: Due) -> dict[str, Any]:
    """The columns that say when it goes and in which message; those of one digest name the same one."""
    host = current_settings().host
    if due.in_digest:
        message_id = f"<digest.{channel}.{person_id}.{due.at:%Y%m%dT%H%M%S}@{host}>"
    else:
        message_id = make_msgid(domain=host)
    return {"channel": channel, "due_at": due.at, "in_digest": due.in_digest, "message_id": message_id}
