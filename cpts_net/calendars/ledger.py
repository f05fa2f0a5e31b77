"""The ledger: how each calendar entry reads, since when, and for how many changes.

Calendars take a change over only when SEQUENCE and LAST-MODIFIED rise with it.
Nothing tells the ledger of changes: whoever shows an entry compares its facts
with those that the ledger knows, and has it written only where they differ.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Integer, String, bindparam, text

from cpts_net import clock
from cpts_net.calendars import floors
from cpts_net.calendars.floors import Floor
from cpts_net.calendars.ical import Stamp, content
from cpts_net.calendars.items import Item
from cpts_net.calendars.ledger_rows import Extract, Row, extract, read
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.orm import UTCDateTime

A_SECOND = timedelta(seconds=1)
A_PART = 100  # Written in one transaction: a few milliseconds.
# Raise it when ``ical.content`` writes otherwise on purpose: every entry is written anew.
EDITION = 1
# Of two who see the same change at once, the second finds it written down; of
# two who see one change after the other, the later one stays. What reads as
# before, of other facts, keeps its stamp.
_WRITE = text(
    "INSERT INTO ledger_entry"
    " (uid, view, content_hash, facts_hash, content, written_in, sequence, modified_at, ends_at)"
    " VALUES"
    " (:uid, :view, :content_hash, :facts_hash, :content,"
    " (SELECT number FROM revision WHERE scope = 'ledger'), :first, :modified_at, :ends_at)"
    " ON CONFLICT (uid, view) DO UPDATE SET"
    " sequence = CASE WHEN ledger_entry.content_hash = excluded.content_hash THEN ledger_entry.sequence"
    " WHEN ledger_entry.sequence < :beneath THEN 1 + :beneath ELSE 1 + ledger_entry.sequence END,"
    " modified_at = CASE WHEN ledger_entry.content_hash = excluded.content_hash THEN ledger_entry.modified_at"
    " ELSE excluded.modified_at END,"
    " content_hash = excluded.content_hash,"
    " facts_hash = excluded.facts_hash,"
    " content = excluded.content,"
    " written_in = excluded.written_in,"
    " ends_at = excluded.ends_at"
    " WHERE ledger_entry.content_hash = :before"
).bindparams(
    *(bindparam(name, type_=String) for name in ("uid", "view", "content_hash", "facts_hash", "content", "before")),
    *(bindparam(name, type_=Integer) for name in ("first", "beneath")),
    *(bindparam(name, type_=UTCDateTime) for name in ("modified_at", "ends_at")),
)


@dataclass(frozen=True)
class Worded:
    """An entry and its text, with what the ledger keeps of both."""

    item: Item
    facts_hash: str
    content: str
    content_hash: str


@dataclass(frozen=True)
class Amendment:
    """An entry that is not as the ledger has it, and the stamp that it will have.

    ``before`` is the hash that the ledger has, empty when it does not know the entry.
    """

    entry: Worded
    before: str
    stamp: Stamp


def worded(item: Item, known: Row | None = None) -> Worded:
    """The entry with its text: that of the ledger where the facts are the same, else written now."""
    facts_hash = _hash(repr(_facts(item)))
    if known and known.facts_hash == facts_hash:
        return Worded(item, facts_hash, known.content, known.content_hash)
    lines = content(item)
    # A duty that changes hands is a change even if it reads alike. Nothing is added for the first
    # edition: what was stamped before there were any keeps its stamp.
    seen = f"{item.whose}\n{lines}" + (f"{item.edition}" if item.edition else "")
    return Worded(item, facts_hash, lines, _hash(seen))


def stamps(entries: Iterable[Worded]) -> dict[str, Stamp] | None:
    """The stamp of each entry by its key; None when one of them is not yet in the ledger as it is.

    The entries are of one view.
    """
    wanted = list(entries)
    known = _extract_of(wanted)
    return None if amendments(wanted, known, now=clock.now()) else _stamps(wanted, known)


def stamp(entries: Iterable[Worded], *, now: datetime) -> dict[str, Stamp]:
    """Write down what has changed; return the stamp of each entry by its key.

    The entries are of one view.
    """
    wanted = list(entries)
    known = _extract_of(wanted)
    return {**_stamps(wanted, known), **write(amendments(wanted, known, now=now))}


def amendments(entries: Iterable[Worded], known: Extract, *, now: datetime) -> list[Amendment]:
    """What is to be written down, with the stamps as they will be."""
    found = []
    for entry in entries:
        row = known.rows.get(entry.item.key)
        if row is None or row.facts_hash != entry.facts_hash or row.content_hash != entry.content_hash:
            found.append(_amendment(entry, row, known, now))
    return found


def keys(items: Iterable[Item]) -> list[str]:
    """What the ledger is asked for: each entry, and what others read where somebody reads otherwise."""
    return list(dict.fromkeys(key for item in items for key in (item.key, item.uid)))


def in_parts(amendments: Sequence[Amendment]) -> Iterator[Sequence[Amendment]]:
    """The amendments, as many at a time as may be written without holding others up."""
    for start in range(0, len(amendments), A_PART):
        yield amendments[start : start + A_PART]


def write(amendments: Sequence[Amendment]) -> dict[str, Stamp]:
    """Write the amendments down; return each stamp by its key, which is another's if they were written meanwhile."""
    if not amendments:
        return {}
    revisions.bump(revisions.LEDGER)
    floor = floors.floor()
    rows = [
        {
            "uid": each.entry.item.key,
            "view": each.entry.item.view,
            "content_hash": each.entry.content_hash,
            "facts_hash": each.entry.facts_hash,
            "content": each.entry.content,
            "before": each.before,
            "first": floor.first if each.before else each.stamp.sequence,
            "beneath": floor.beneath,
            "modified_at": each.stamp.modified_at,
            "ends_at": each.entry.item.span.end,
        }
        for each in amendments
    ]
    db.session.execute(_WRITE, rows)
    written = read(amendments[0].entry.item.view, [each.entry.item.key for each in amendments])
    return {each.entry.item.key: _stamp_of(each, written[each.entry.item.key], floor) for each in amendments}


def _stamp_of(amendment: Amendment, row: Row, floor: Floor) -> Stamp:
    """The stamp that the ledger has for the text; one of its own where the ledger has another text by now."""
    return floor.beneath_stamp(row.stamp) if row.content_hash == amendment.entry.content_hash else amendment.stamp


def _amendment(entry: Worded, before: Row | None, known: Extract, now: datetime) -> Amendment:
    floor = known.floor
    if before is None:
        # Whoever is told less from now on had the entry of all until then.
        had = known.rows.get(entry.item.uid)
        return Amendment(entry, "", Stamp(max(floor.first, had.stamp.sequence + 1) if had else floor.first, now))
    if before.content_hash == entry.content_hash:
        return Amendment(entry, before.content_hash, floor.beneath_stamp(before.stamp))
    # Calendars know seconds: a second change within one is a second later.
    at = max(now, before.stamp.modified_at + A_SECOND)
    return Amendment(entry, before.content_hash, Stamp(max(before.stamp.sequence, floor.beneath) + 1, at))


def _extract_of(entries: Sequence[Worded]) -> Extract:
    return extract(entries[0].item.view if entries else "", keys(entry.item for entry in entries))


def _stamps(entries: Iterable[Worded], known: Extract) -> dict[str, Stamp]:
    found = ((entry.item.key, known.rows.get(entry.item.key)) for entry in entries)
    return {uid: known.floor.beneath_stamp(row.stamp) for uid, row in found if row}


def _facts(item: Item) -> tuple[object, ...]:
    """Everything that the text is written of, and what is a change without showing in it; plain values only."""
    return (
        EDITION,
        item.uid,
        item.whose,
        tuple(moment.astimezone(UTC).isoformat() for moment in (item.span.start, item.span.end)),
        tuple(map(date.isoformat, item.days or ())),
        item.summary,
        item.description,
        item.location,
        item.url,
        item.is_cancelled,
        item.edition,
    )


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
