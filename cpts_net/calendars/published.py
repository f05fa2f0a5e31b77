"""The bytes of a feed, and since when they are these.

Every minute some calendar asks, and almost never has anything changed: then
nothing is asked of the base.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.calendars import actions, contents, ical, queries, served_entries
from cpts_net.calendars.ical import CRLF
from cpts_net.calendars.queries import Subscription
from cpts_net.calendars.served_entries import Entries
from cpts_net.calendars.timezones import RuleUnknown, vtimezone
from cpts_net.pictures.kept import Made, kept
from cpts_net.settings import current_settings
from cpts_net.storage import revisions
from cpts_net.storage.transaction import transaction
from cpts_net.storage.turns import MOMENT

log = logging.getLogger(__name__)

AN_ADDRESS = 1024  # Bytes, of what is kept of a feed beside what it serves.
OF_ANY_FEED = (revisions.FEEDS, revisions.SESSIONS, *contents.OF_ONES_OWN)


@dataclass(frozen=True)
class Published:
    """What a feed serves, since when, and until when it may be kept, if nothing changes."""

    name: str
    entries: Entries
    body: bytes
    etag: str
    changed_at: datetime
    valid_until: datetime

    def is_still(self, name: str, entries: Entries, now: datetime) -> bool:
        """Whether a feed of this name would serve the same."""
        return self.name == name and self.entries is entries and now < self.valid_until


@dataclass(frozen=True)
class ServedFeed:
    """A feed that is open, and what it serves."""

    subscription: Subscription
    published: Published


def feed(feed_id: int, now: datetime) -> ServedFeed | None:
    """The feed and what it serves, in one look while nothing changed; None when its address ended."""
    return kept().get((ServedFeed, feed_id), OF_ANY_FEED, now, lambda old: _feed(feed_id, old, now))


def _feed(feed_id: int, old: ServedFeed | None, now: datetime) -> Made[ServedFeed | None]:
    subscription = queries.subscription(feed_id)
    if subscription is None or not subscription.is_open:
        return Made(None, AN_ADDRESS)
    entries = served_entries.entries(contents.subject(subscription), now)
    if old and old.published.is_still(subscription.name, entries, now):
        published = old.published
    else:
        published = _published(subscription, entries, now, is_first=old is None)
    return Made(ServedFeed(subscription, published), AN_ADDRESS + len(published.body), published.valid_until)


def _published(feed: Subscription, entries: Entries, now: datetime, *, is_first: bool) -> Published:
    """The bytes; where they cannot be written down, as they would be: nobody has to write to read."""
    body = ical.calendar(feed.name, [_zone(), *entries.texts.values()])
    etag = hashlib.sha256(body).hexdigest()
    changed_at = _since_when(feed.id, etag, is_first=is_first)
    until = served_entries.midnight() if entries.is_written_down and changed_at else now
    return Published(feed.name, entries, body, etag, changed_at or now, until)


def _since_when(feed_id: int, content_hash: str, *, is_first: bool) -> datetime | None:
    """When the feed began to serve this; None when it cannot be written down.

    What a process serves first is mostly what was served before it started: then nothing is written.
    """
    if is_first and (changed_at := queries.served_since(feed_id, content_hash)):
        return changed_at
    try:
        with transaction(patience=MOMENT):
            return actions.note_content(feed_id, content_hash, now=clock.now())
    except SQLAlchemyError as error:
        log.warning("could not write down a feed: %s", type(error).__name__)
        return None


def _zone() -> str:
    """A feed without entries needs some component; readers refuse it otherwise."""
    try:
        lines = vtimezone(current_settings().timezone)
    except RuleUnknown:
        lines = vtimezone("Etc/UTC")
    return CRLF.join(lines) + CRLF
