"""The bytes of a feed: drawn of one state of the base, and written down afterwards, if anything changed.

Every minute some calendar asks, and almost never has anything changed: one
query tells, and then the bytes are there.
"""

import hashlib
import logging
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from threading import BoundedSemaphore

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.calendars import actions, contents, ical, ledger, rules
from cpts_net.calendars.ical import CRLF, Stamp
from cpts_net.calendars.items import EntryKind, Item
from cpts_net.calendars.ledger import Amendment, Worded
from cpts_net.calendars.models import FeedKind
from cpts_net.calendars.queries import Subscription
from cpts_net.calendars.shelf import Shelf
from cpts_net.calendars.timezones import RuleUnknown, vtimezone
from cpts_net.settings import current_settings
from cpts_net.storage import revisions
from cpts_net.storage.revisions import CONTINUITY, MEETINGS
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.storage.turns import MOMENT

log = logging.getLogger(__name__)

LARGEST_FEED = 1024 * 1024  # Google loses entries of a larger one.
OVERHEAD = 250  # At most, of an entry's stamp; and of the calendar's head, twenty times that.
SHELF_BYTES = 64 * 1024 * 1024
# So many are drawn at the same time: more would take longer together than one after the
# other, and take the interpreter from whoever holds the write lock meanwhile.
_DRAWING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Published:
    """What a feed serves, and since when; ``version`` is what it was made of, None when it may not be kept."""

    body: bytes
    etag: str
    changed_at: datetime
    version: Hashable | None = None


@dataclass(frozen=True)
class _Events:
    """The entries of a feed as it serves them; what several people subscribe to is drawn once for all of them."""

    body: bytes
    version: Hashable | None


@dataclass(frozen=True)
class _Drawn:
    """The entries as one state of the base has them: ``amendments`` are what the ledger does not know yet."""

    feed: Subscription
    entries: list[Worded]
    stamps: dict[str, Stamp]
    amendments: list[Amendment]


def published(feed: Subscription) -> Published:
    """What the feed serves now."""
    shelf: Shelf[Published] = current_app.extensions.setdefault("feed_shelf", Shelf(SHELF_BYTES))
    today = clock.today()
    version = (feed.name, feed.member_id, feed.is_busy, feed.switches, _version(feed, today))
    return shelf.get_or_make(feed.id, version, lambda: _made(feed, today))


def _version(feed: Subscription, today: date) -> Hashable:
    return (today, feed.continuity, feed.meetings)


def _made(feed: Subscription, today: date) -> Published:
    """The bytes; where they cannot be written down, as they would be: nobody has to write to read."""
    events = _events(feed, today)
    body = ical.calendar(feed.name, (_zone(), events.body.decode()))
    version = events.version and (feed.name, feed.member_id, feed.is_busy, feed.switches, events.version)
    changed_at = feed.changed_at
    if changed_at is None or _hash(body) != feed.content_hash:
        try:
            with transaction(patience=MOMENT):
                changed_at = actions.note_content(feed.id, _hash(body), now=clock.now())
        except SQLAlchemyError as error:
            log.warning("could not write down a feed: %s", type(error).__name__)
            changed_at, version = clock.now(), None
    return Published(body, _hash(body), changed_at, version)


def _events(feed: Subscription, today: date) -> _Events:
    if feed.kind == FeedKind.MINE:
        return _written_down(_drawn(feed, today), today)
    shelf: Shelf[_Events] = current_app.extensions.setdefault("event_shelf", Shelf(SHELF_BYTES // 4))
    subject = (feed.kind, feed.line_id, feed.switches, feed.switched_at)
    return shelf.get_or_make(subject, _version(feed, today), lambda: _written_down(_drawn(feed, today), today))


def _drawn(feed: Subscription, today: date) -> _Drawn:
    with _DRAWING, snapshot():
        feed = feed._replace(continuity=revisions.number(CONTINUITY), meetings=revisions.number(MEETINGS))
        entries = _entries(feed, today)
        stamps, amendments = ledger.compared(entries, now=clock.now())
    return _Drawn(feed, entries, stamps, amendments)


def _written_down(drawn: _Drawn, today: date) -> _Events:
    """The entries, once their stamps are written down; nothing is drawn while others cannot write."""
    stamps, version = dict(drawn.stamps), _version(drawn.feed, today)
    try:
        for some in ledger.in_parts(drawn.amendments):
            with transaction(patience=MOMENT):
                stamps |= ledger.write(some)
    except SQLAlchemyError as error:
        log.warning("could not write down the entries of a feed: %s", type(error).__name__)
        version = None
    with _DRAWING:
        text = "".join(
            ical.event(entry.content, entry.item, _stamp_in(drawn.feed, entry.item, stamps[entry.item.uid]))
            for entry in drawn.entries
        )
    return _Events(text.encode(), version)


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
