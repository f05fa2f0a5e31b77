"""What the entries of the trail refer to, read a kind at a time: "group:7", "slot:12 person:3"."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.calendars.models import Feed
from cpts_net.directory.models import Person
from cpts_net.directory.presence import survivors
from cpts_net.groups.models import Group
from cpts_net.meetings.models import Meeting, Poll
from cpts_net.oncall.models import DutyLine, DutySlot
from cpts_net.oncall.wording import when
from cpts_net.storage.connections import db

REFERENCE = re.compile(r"\b([a-z]+):(\d+)\b")
# What the detail holds of these is a name, a title or a message, and stands as somebody wrote it.
WRITTEN_BY_PEOPLE = {
    "meeting.planned",
    "poll.opened",
    "poll.changed",
    "group.created",
    "group.changed",
    "oncall.closed",
    "oncall.line_created",
    "oncall.line_changed",
}
# None: what belongs to a private group, which does not exist for those outside.
Names = Mapping[tuple[str, int], str | None]


def _of_group(group: Group) -> str | None:
    return None if group.is_private else group.name


def _of_poll(poll: Poll) -> str | None:
    return None if poll.group.is_private else poll.title


def _of_slot(slot: DutySlot) -> str:
    return f"{slot.line.name}, {when(slot.starts_at, slot.ends_at)}"


# How each kind is called, and what has to be loaded with it.
KINDS: dict[str, tuple[type[Any], Callable[[Any], str | None], tuple[Any, ...]]] = {
    "account": (Account, lambda account: account.display_name, ()),
    "person": (Person, lambda person: person.display_name, ()),
    "group": (Group, _of_group, ()),
    "meeting": (Meeting, lambda meeting: meeting.title, ()),
    "poll": (Poll, _of_poll, (joinedload(Poll.group),)),
    "line": (DutyLine, lambda line: line.name, ()),
    "slot": (DutySlot, _of_slot, (joinedload(DutySlot.line),)),
    "feed": (Feed, lambda feed: feed.name, ()),
}


def names(entries: Iterable[AuditEntry]) -> Names:
    """How everybody who acted and everything is called that the entries refer to and that is still there; one query for each kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.actor_id:
            wanted["account"].add(entry.actor_id)
        for kind, number in referred(entry):
            wanted[kind].add(number)
    alive = survivors(wanted["person"]) if wanted["person"] else {}
    wanted["person"] |= set(alive.values())
    found = {
        (kind, row.id): named(row)
        for kind, (model, named, with_it) in KINDS.items()
        if wanted[kind]
        for row in db.session.scalars(select(model).where(model.id.in_(wanted[kind])).options(*with_it))
    }
    # Whoever turned out to be somebody else is called as that one is now.
    return {**found, **{("person", each): found.get(("person", now)) for each, now in alive.items()}}


def referred(entry: AuditEntry) -> tuple[tuple[str, int], ...]:
    """What an entry refers to, each once, in the order of its words."""
    return _referred(f"{entry.subject} {'' if entry.action in WRITTEN_BY_PEOPLE else entry.detail}")


@lru_cache(maxsize=256)
def _referred(said: str) -> tuple[tuple[str, int], ...]:
    """Of an entry asked three times for each page that shows it."""
    found = REFERENCE.findall(said)
    return tuple(dict.fromkeys((kind, int(number)) for kind, number in found if kind in KINDS))
