"""The bytes of a feed, kept in memory until something in it changes.

Every minute some calendar asks, and almost never has anything changed: one
query tells, and then the bytes are there.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

from flask import current_app

from cpts_net import clock
from cpts_net.calendars import actions, contents, ical, ledger, rules
from cpts_net.calendars.ical import CRLF, Stamp
from cpts_net.calendars.items import EntryKind, Item
from cpts_net.calendars.ledger import Worded
from cpts_net.calendars.queries import Subscription
from cpts_net.calendars.timezones import RuleUnknown, vtimezone
from cpts_net.settings import current_settings
from cpts_net.storage import revisions
from cpts_net.storage.revisions import CONTINUITY, MEETINGS
from cpts_net.storage.transaction import snapshot, transaction

LARGEST_FEED = 1024 * 1024  # Google loses entries of a larger one.
OVERHEAD = 250  # At most, of an entry's stamp; and of the calendar's head, twenty times that.
SHELF_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Published:
    """What a feed serves, and since when."""

    body: bytes
    etag: str
    changed_at: datetime


class Shelf:
    """The feeds served last, up to a number of bytes, for all threads of the process."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._size = 0
        self._kept: OrderedDict[int, tuple[Any, Published]] = OrderedDict()
        self._lock = Lock()

    def get(self, feed_id: int, version: object) -> Published | None:
        """What the feed served when its version was this one."""
        with self._lock:
            kept = self._kept.get(feed_id)
            if kept is None or kept[0] != version:
                return None
            self._kept.move_to_end(feed_id)
            return kept[1]

    def put(self, feed_id: int, version: object, published: Published) -> None:
        """Keep what the feed serves; drop what was not asked for the longest."""
        with self._lock:
            if old := self._kept.pop(feed_id, None):
                self._size -= len(old[1].body)
            self._kept[feed_id] = (version, published)
            self._size += len(published.body)
            while self._size > self._capacity:
                _feed, (_version, dropped) = self._kept.popitem(last=False)
                self._size -= len(dropped.body)


def published(feed: Subscription) -> Published:
    """What the feed serves now."""
    shelf: Shelf = current_app.extensions.setdefault("feed_shelf", Shelf(SHELF_BYTES))
    today = clock.today()
    version = _version(feed, today)
    if kept := shelf.get(feed.id, version):
        return kept
    made = _made(feed, today)
    shelf.put(feed.id, version, made)
    return made


def _version(feed: Subscription, today: date) -> tuple[object, ...]:
    return (today, feed.name, feed.member_id, feed.is_busy, feed.switches, feed.continuity, feed.meetings)


def _made(feed: Subscription, today: date) -> Published:
    """The bytes; written down only when an entry changed, came or went."""
    with snapshot():
        entries = _entries(feed, today)
        stamps = ledger.stamps(entries)
    if stamps is not None and feed.changed_at is not None:
        body = _body(feed, entries, stamps)
        if _hash(body) == feed.content_hash:
            return Published(body, feed.content_hash, feed.changed_at)
    return _written_down(feed, today, entries)


def _written_down(feed: Subscription, today: date, entries: list[Worded]) -> Published:
    """The bytes, with new stamps for the entries that changed."""
    now = clock.now()
    with transaction():
        # Entries are worded before, since others cannot write meanwhile.
        if (feed.continuity, feed.meetings) != (revisions.number(CONTINUITY), revisions.number(MEETINGS)):
            entries = _entries(feed, today)
        body = _body(feed, entries, ledger.stamp(entries, now=now))
        changed_at = actions.note_content(feed.id, _hash(body), now=now)
    return Published(body, _hash(body), changed_at)


def _entries(feed: Subscription, today: date) -> list[Worded]:
    span = rules.window(today, clock.zone())
    return _fitting([ledger.worded(item) for item in contents.entries(feed, span, today)])


def _fitting(entries: list[Worded]) -> list[Worded]:
    """As many entries as a calendar takes, the nearest in time; still in order."""
    room = LARGEST_FEED - 20 * OVERHEAD
    if sum(len(entry.content.encode()) + OVERHEAD for entry in entries) <= room:
        return entries
    now, kept = clock.now(), []
    for entry in sorted(entries, key=lambda entry: abs(entry.item.span.start - now)):
        room -= len(entry.content.encode()) + OVERHEAD
        if room < 0:
            break
        kept.append(entry)
    return sorted(kept, key=lambda entry: (entry.item.span, entry.item.uid))


def _body(feed: Subscription, entries: Iterable[Worded], stamps: dict[str, Stamp]) -> bytes:
    events = (
        ical.event(entry.content, entry.item, _stamp_in(feed, entry.item, stamps[entry.item.uid])) for entry in entries
    )
    return ical.calendar(feed.name, (_zone(), *events))


def _stamp_in(feed: Subscription, item: Item, stamp: Stamp) -> Stamp:
    """The stamp of an entry in this feed: a turn of its switch changes every duty in it."""
    if item.kind != EntryKind.DUTY or feed.switched_at is None:
        return stamp
    return Stamp(stamp.sequence + feed.switches, max(stamp.modified_at, feed.switched_at))


def _zone() -> str:
    """A feed without entries needs some component; readers refuse it otherwise."""
    try:
        lines = vtimezone(current_settings().timezone)
    except RuleUnknown:
        lines = vtimezone("Etc/UTC")
    return CRLF.join(lines) + CRLF


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
