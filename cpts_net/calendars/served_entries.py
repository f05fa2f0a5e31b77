"""The entries of a feed as text: drawn of one state of the base, written down afterwards, if anything changed.

After a change only the entries whose facts differ are written anew; the
others are what they were.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import BoundedSemaphore

from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.calendars import contents, ical, ledger, rules
from cpts_net.calendars.contents import Contents, Subject
from cpts_net.calendars.ical import Stamp
from cpts_net.calendars.items import EntryKind, Item
from cpts_net.calendars.ledger import Amendment, Worded
from cpts_net.calendars.ledger_rows import Extract, extract
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.storage.turns import MOMENT

log = logging.getLogger(__name__)

LARGEST_FEED = 1024 * 1024  # Google loses entries of a larger one.
OVERHEAD = 250  # At most, of an entry's stamp; and of the calendar's head, twenty times that.
TIMES_KEPT = 3  # An entry as values, as its text, and in what the ledger said of it.
# So many are drawn at the same time: more would take longer together than one after the
# other, and take the interpreter from whoever holds the write lock meanwhile.
_DRAWING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Entries:
    """What is shown as it was last drawn, with what the ledger said of it; the start of the next drawing.

    What several people subscribe to is drawn once for all of them.
    """

    shown: Contents
    worded: list[Worded]
    texts: dict[str, str]
    known: Extract
    is_written_down: bool

    @property
    def size(self) -> int:
        """The bytes that it takes, about."""
        return TIMES_KEPT * sum(map(len, self.texts.values()))

    @cached_property
    def by_key(self) -> dict[str, Worded]:
        """What is served, by what the ledger knows it by."""
        return {each.item.key: each for each in self.worded}

    def are_still(self, shown: Contents, known: Extract) -> bool:
        """Whether the same is shown, and the ledger has come to say nothing else."""
        is_whole = self.is_written_down and len(self.worded) == len(shown.entries)
        # What is the same is the same object: that is told at once.
        return is_whole and known.is_that_of(self.known) and shown.entries == self.shown.entries


@dataclass(frozen=True)
class _Drawn:
    """The entries as one state of the base has them: ``amendments`` are what the ledger does not know yet."""

    subject: Subject
    shown: Contents
    worded: list[Worded]
    known: Extract
    amendments: list[Amendment]


def entries(subject: Subject, now: datetime) -> Entries:
    """What is served of a subject now; drawn once for all who subscribe to it."""
    return kept().get((Entries, subject), subject.scopes, now, lambda old: _entries(subject, old))


def _entries(subject: Subject, old: Entries | None) -> Made[Entries]:
    drawn = _drawn(subject, old)
    if old and drawn.worded is old.worded:
        return Made(old, old.size, midnight())
    stamps, is_written_down = _written_down(drawn)
    with _DRAWING:
        texts = {each.item.key: _text(each, drawn, stamps, old) for each in drawn.worded}
    entries = Entries(drawn.shown, drawn.worded, texts, drawn.known, is_written_down)
    return Made(entries, entries.size, midnight() if is_written_down else clock.now())


def _drawn(subject: Subject, old: Entries | None) -> _Drawn:
    with _DRAWING, snapshot():
        now, today = clock.now(), clock.today()
        span = rules.window(today, clock.zone())
        shown = contents.contents(subject, span, today, old.shown if old else None)
        known = extract(subject.view, ledger.keys(shown.entries), old.known if old else None)
        if old and old.are_still(shown, known):
            return _Drawn(subject, shown, old.worded, known, [])
        worded = _fitting([_worded(item, known, old) for item in shown.entries])
        return _Drawn(subject, shown, worded, known, ledger.amendments(worded, known, now=now))


def _worded(item: Item, known: Extract, old: Entries | None) -> Worded:
    before = old.by_key.get(item.key) if old else None
    return (
        before
        if before and (before.item is item or before.item == item)
        else ledger.worded(item, known.rows.get(item.key))
    )


def _written_down(drawn: _Drawn) -> tuple[dict[str, Stamp], bool]:
    """The stamps of what changed, and whether the ledger has them; nothing is drawn while others cannot write."""
    stamps = {each.entry.item.key: each.stamp for each in drawn.amendments}
    try:
        for some in ledger.in_parts(drawn.amendments):
            with transaction(patience=MOMENT):
                stamps |= ledger.write(some)
    except SQLAlchemyError as error:
        log.warning("could not write down the entries of a feed: %s", type(error).__name__)
        return stamps, False
    return stamps, True


def _text(entry: Worded, drawn: _Drawn, changed: Mapping[str, Stamp], old: Entries | None) -> str:
    """The entry as it is served: what it was, where neither it nor what the ledger says of it is another object."""
    key, rows = entry.item.key, drawn.known.rows
    if key in changed:
        stamp = changed[key]
    elif old and old.known.rows.get(key) is rows[key] and old.by_key.get(key) is entry:
        return old.texts[key]
    else:
        stamp = drawn.known.floor.beneath_stamp(rows[key].stamp)
    return ical.event(entry.content, ical.stamped(_stamp_in(drawn.subject, entry.item, stamp), entry.item.occupies))


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


def midnight() -> datetime:
    """The end of the local day: what a feed reaches moves on."""
    return days_span(clock.today(), clock.today(), clock.zone()).end
