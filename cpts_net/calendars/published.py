"""The bytes of a feed: of entries as one state of the base has them, written down afterwards, if anything changed.

Every minute some calendar asks, and almost never has anything changed: then
nothing is asked of the base. After a change only the entries whose facts
differ are written anew; the others are joined as they were.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from threading import BoundedSemaphore

from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.calendars import actions, contents, ical, ledger, queries, rules
from cpts_net.calendars.contents import Subject
from cpts_net.calendars.ical import CRLF, Stamp
from cpts_net.calendars.items import EntryKind, Item
from cpts_net.calendars.ledger import Amendment, Worded
from cpts_net.calendars.ledger_rows import Extract, extract
from cpts_net.calendars.queries import Subscription
from cpts_net.calendars.timezones import RuleUnknown, vtimezone
from cpts_net.pictures.kept import Made, kept
from cpts_net.settings import current_settings
from cpts_net.spans import days_span
from cpts_net.storage import revisions
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.storage.turns import MOMENT

log = logging.getLogger(__name__)

LARGEST_FEED = 1024 * 1024  # Google loses entries of a larger one.
OVERHEAD = 250  # At most, of an entry's stamp; and of the calendar's head, twenty times that.
TIMES_KEPT = 3  # An entry as values, as its text, and in what the ledger said of it.
AN_ADDRESS = 1024  # Bytes, of what is kept of a feed beside what it serves.
OF_ANY_FEED = (revisions.FEEDS, revisions.SESSIONS, *contents.OF_ONES_OWN)
# So many are drawn at the same time: more would take longer together than one after the
# other, and take the interpreter from whoever holds the write lock meanwhile.
_DRAWING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Published:
    """What a feed serves, and since when."""

    body: bytes
    etag: str
    changed_at: datetime


@dataclass(frozen=True)
class ServedFeed:
    """A feed that is open, and what it serves."""

    subscription: Subscription
    published: Published


@dataclass(frozen=True)
class _Lasting:
    """What is served until an instant, unless something changes."""

    published: Published
    valid_until: datetime


@dataclass(frozen=True)
class _Entries:
    """What is shown as it was last drawn, with what the ledger said of it; the start of the next drawing.

    What several people subscribe to is drawn once for all of them.
    """

    worded: dict[str, Worded]
    texts: dict[str, tuple[Stamp, str]]
    known: Extract
    is_written_down: bool = True


@dataclass(frozen=True)
class _Drawn:
    """The entries as one state of the base has them: ``amendments`` are what the ledger does not know yet."""

    worded: list[Worded]
    known: Extract
    amendments: list[Amendment]


def feed(feed_id: int, now: datetime) -> ServedFeed | None:
    """The feed and what it serves, in one look while nothing changed; None when its address ended."""
    return kept().get((ServedFeed, feed_id), OF_ANY_FEED, now, lambda _old: _feed(feed_id, now))


def _feed(feed_id: int, now: datetime) -> Made[ServedFeed | None]:
    subscription = queries.subscription(feed_id)
    if subscription is None or not subscription.is_open:
        return Made(None, AN_ADDRESS)
    subject = contents.subject(subscription)
    key = (Published, feed_id, subscription.name, subject)
    made = kept().get(key, subject.scopes, now, lambda _old: _published(subscription, subject, now))
    return Made(ServedFeed(subscription, made.published), AN_ADDRESS, made.valid_until)


def _published(feed: Subscription, subject: Subject, now: datetime) -> Made[_Lasting]:
    """The bytes; where they cannot be written down, as they would be: nobody has to write to read."""
    entries: _Entries = kept().get((_Entries, subject), subject.scopes, now, lambda old: _entries(subject, old))
    body = ical.calendar(feed.name, [_zone(), *(text for _stamp, text in entries.texts.values())])
    etag = hashlib.sha256(body).hexdigest()
    changed_at = _since_when(feed.id, etag)
    is_good = entries.is_written_down and changed_at is not None
    lasting = _Lasting(Published(body, etag, changed_at or now), _midnight() if is_good else now)
    return Made(lasting, len(body), lasting.valid_until)


def _since_when(feed_id: int, content_hash: str) -> datetime | None:
    """When the feed began to serve this; None when it cannot be written down."""
    if (changed_at := queries.served_since(feed_id, content_hash)) is not None:
        return changed_at
    try:
        with transaction(patience=MOMENT):
            return actions.note_content(feed_id, content_hash, now=clock.now())
    except SQLAlchemyError as error:
        log.warning("could not write down a feed: %s", type(error).__name__)
        return None


def _entries(subject: Subject, old: _Entries | None) -> Made[_Entries]:
    drawn = _drawn(subject, old)
    stamps, is_written_down = _written_down(drawn)
    with _DRAWING:
        texts = {
            each.item.uid: _text(each, _stamp_in(subject, each.item, _stamp_of(each, drawn, stamps)), old)
            for each in drawn.worded
        }
    entries = _Entries({each.item.uid: each for each in drawn.worded}, texts, drawn.known, is_written_down)
    size = TIMES_KEPT * sum(len(text) for _stamp, text in texts.values())
    return Made(entries, size, _midnight() if is_written_down else clock.now())


def _drawn(subject: Subject, old: _Entries | None) -> _Drawn:
    with _DRAWING, snapshot():
        now, today = clock.now(), clock.today()
        items = contents.entries(subject, rules.window(today, clock.zone()), today)
        known = extract(subject.view, [item.uid for item in items], old.known if old else None)
        worded = _fitting([_worded(item, known, old) for item in items])
        return _Drawn(worded, known, ledger.amendments(worded, known, now=now))


def _worded(item: Item, known: Extract, old: _Entries | None) -> Worded:
    before = old.worded.get(item.uid) if old else None
    return before if before and before.item == item else ledger.worded(item, known.rows.get(item.uid))


def _written_down(drawn: _Drawn) -> tuple[dict[str, Stamp], bool]:
    """The stamps of what changed, and whether the ledger has them; nothing is drawn while others cannot write."""
    stamps = {each.entry.item.uid: each.stamp for each in drawn.amendments}
    try:
        for some in ledger.in_parts(drawn.amendments):
            with transaction(patience=MOMENT):
                stamps |= ledger.write(some)
    except SQLAlchemyError as error:
        log.warning("could not write down the entries of a feed: %s", type(error).__name__)
        return stamps, False
    return stamps, True


def _stamp_of(entry: Worded, drawn: _Drawn, changed: dict[str, Stamp]) -> Stamp:
    uid = entry.item.uid
    return changed[uid] if uid in changed else drawn.known.floor.beneath_stamp(drawn.known.rows[uid].stamp)


def _text(entry: Worded, stamp: Stamp, old: _Entries | None) -> tuple[Stamp, str]:
    """The entry as it is served; what it was where nothing of it is other."""
    uid = entry.item.uid
    if old and old.worded.get(uid) is entry and old.texts[uid][0] == stamp:
        return old.texts[uid]
    return stamp, ical.event(entry.content, ical.stamped(stamp, entry.item.occupies))


def _fitting(entries: list[Worded]) -> list[Worded]:
    """As many entries as a calendar takes, the nearest in time; still in order."""
    room = LARGEST_FEED - 20 * OVERHEAD
    if sum(len(entry.content.encode()) + OVERHEAD for entry in entries) <= room:
        return entries
    now, fitting = clock.now(), []
    for entry in sorted(entries, key=lambda entry: abs(entry.item.span.start - now)):
        room -= len(entry.content.encode()) + OVERHEAD
        if room < 0:
            break
        fitting.append(entry)
    return sorted(fitting, key=lambda entry: (entry.item.span, entry.item.uid))


def _stamp_in(subject: Subject, item: Item, stamp: Stamp) -> Stamp:
    """The stamp of an entry in this feed: a turn of its switch changes every duty in it."""
    if item.kind != EntryKind.DUTY or subject.switched_at is None:
        return stamp
    return Stamp(stamp.sequence + subject.switches, max(stamp.modified_at, subject.switched_at))


def _midnight() -> datetime:
    """The end of the local day: what a feed reaches moves on."""
    return days_span(clock.today(), clock.today(), clock.zone()).end


def _zone() -> str:
    """A feed without entries needs some component; readers refuse it otherwise."""
    try:
        lines = vtimezone(current_settings().timezone)
    except RuleUnknown:
        lines = vtimezone("Etc/UTC")
    return CRLF.join(lines) + CRLF
