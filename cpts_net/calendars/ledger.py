"""The ledger: since when, and for how many changes, each calendar entry reads as it does.

Calendars take a change over only when SEQUENCE and LAST-MODIFIED rise with it.
Nothing tells the ledger of changes; whoever renders an entry compares.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, bindparam, select, text

from cpts_net import clock
from cpts_net.calendars import floors
from cpts_net.calendars.floors import Floor
from cpts_net.calendars.ical import Stamp, content
from cpts_net.calendars.items import Item
from cpts_net.calendars.models import LedgerEntry
from cpts_net.storage.connections import db
from cpts_net.storage.orm import UTCDateTime

A_SECOND = timedelta(seconds=1)
AT_ONCE = 500  # Databases bound the parameters of a query.
A_PART = 100  # Written in one transaction: a few milliseconds.
# Of two who see the same change at once, the second finds it written down; of
# two who see one change after the other, the later one stays.
_WRITE = text(
    "INSERT INTO ledger_entry (uid, view, content_hash, sequence, modified_at, ends_at)"
    " VALUES (:uid, :view, :content_hash, :first, :modified_at, :ends_at)"
    " ON CONFLICT (uid, view) DO UPDATE SET"
    " content_hash = excluded.content_hash,"
    " sequence = 1 + CASE WHEN ledger_entry.sequence < :beneath THEN :beneath ELSE ledger_entry.sequence END,"
    " modified_at = excluded.modified_at,"
    " ends_at = excluded.ends_at"
    " WHERE ledger_entry.content_hash = :before"
).bindparams(
    bindparam("uid", type_=String),
    bindparam("view", type_=String),
    bindparam("content_hash", type_=String),
    bindparam("before", type_=String),
    bindparam("first", type_=Integer),
    bindparam("beneath", type_=Integer),
    bindparam("modified_at", type_=UTCDateTime),
    bindparam("ends_at", type_=UTCDateTime),
)


@dataclass(frozen=True)
class Worded:
    """An entry and its text, with what the ledger keeps of both."""

    item: Item
    content: str
    content_hash: str


def worded(item: Item) -> Worded:
    """The entry with its text; a duty that changes hands is a change even if it reads alike."""
    lines = content(item)
    # Nothing is added for the first edition: what was stamped before there were any keeps its stamp.
    seen = f"{item.whose}\n{lines}" + (f"{item.edition}" if item.edition else "")
    return Worded(item, lines, hashlib.sha256(seen.encode()).hexdigest())


@dataclass(frozen=True)
class Amendment:
    """An entry that does not read as the ledger has it, and the stamp that it will have.

    ``before`` is the hash that the ledger has, empty when it does not know the entry.
    """

    entry: Worded
    before: str
    stamp: Stamp


def stamps(entries: Iterable[Worded]) -> dict[str, Stamp] | None:
    """The stamp of each entry by its UID; None when one of them has changed since it was stamped.

    The entries are of one view.
    """
    known, amendments = compared(entries, now=clock.now())
    return None if amendments else known


def stamp(entries: Iterable[Worded], *, now: datetime) -> dict[str, Stamp]:
    """Write down what has changed; return the stamp of each entry by its UID.

    The entries are of one view.
    """
    known, amendments = compared(entries, now=now)
    return {**known, **write(amendments)}


def compared(entries: Iterable[Worded], *, now: datetime) -> tuple[dict[str, Stamp], list[Amendment]]:
    """The stamp of each entry by its UID, as it will be once the amendments are written down; and those.

    The entries are of one view.
    """
    wanted = list(entries)
    known, floor = _known(wanted), floors.floor()
    amendments = [
        _amendment(entry, known.get(entry.item.uid), floor, now) for entry in wanted if _is_amended(entry, known)
    ]
    stamped = {uid: floor.beneath_stamp(Stamp(row.sequence, row.modified_at)) for uid, row in known.items()}
    return {**stamped, **{each.entry.item.uid: each.stamp for each in amendments}}, amendments


def in_parts(amendments: Sequence[Amendment]) -> Iterator[Sequence[Amendment]]:
    """The amendments, as many at a time as may be written without holding others up."""
    for start in range(0, len(amendments), A_PART):
        yield amendments[start : start + A_PART]


def write(amendments: Sequence[Amendment]) -> dict[str, Stamp]:
    """Write the amendments down; return each stamp by its UID, which is another's if they were written meanwhile."""
    if not amendments:
        return {}
    floor = floors.floor()
    rows = [
        {
            "uid": each.entry.item.uid,
            "view": each.entry.item.view,
            "content_hash": each.entry.content_hash,
            "before": each.before,
            "first": floor.first,
            "beneath": floor.beneath,
            "modified_at": each.stamp.modified_at,
            "ends_at": each.entry.item.span.end,
        }
        for each in sorted(
            amendments, key=lambda each: each.entry.item.uid
        )  # One order, so that none wait for each other.
    ]
    db.session.execute(_WRITE, rows)
    written = _known([each.entry for each in amendments])
    return {each.entry.item.uid: _stamp_of(each, written[each.entry.item.uid], floor) for each in amendments}


def _stamp_of(amendment: Amendment, row: "_Known", floor: Floor) -> Stamp:
    """The stamp that the ledger has for the text; one of its own where the ledger has another text by now."""
    if row.content_hash != amendment.entry.content_hash:
        return amendment.stamp
    return floor.beneath_stamp(Stamp(row.sequence, row.modified_at))


def _amendment(entry: Worded, before: "_Known | None", floor: Floor, now: datetime) -> Amendment:
    if before is None:
        return Amendment(entry, "", Stamp(floor.first, now))
    # Calendars know seconds: a second change within one is a second later.
    at = max(now, before.modified_at + A_SECOND)
    return Amendment(entry, before.content_hash, Stamp(max(before.sequence, floor.beneath) + 1, at))


@dataclass(frozen=True)
class _Known:
    content_hash: str
    sequence: int
    modified_at: datetime


def _is_amended(entry: Worded, known: Mapping[str, _Known]) -> bool:
    row = known.get(entry.item.uid)
    return row is None or row.content_hash != entry.content_hash


def _known(entries: list[Worded]) -> dict[str, _Known]:
    columns = (LedgerEntry.uid, LedgerEntry.content_hash, LedgerEntry.sequence, LedgerEntry.modified_at)
    found = {}
    for start in range(0, len(entries), AT_ONCE):
        chosen = entries[start : start + AT_ONCE]
        uids, view = [entry.item.uid for entry in chosen], chosen[0].item.view
        rows = db.session.execute(select(*columns).where(LedgerEntry.view == view, LedgerEntry.uid.in_(uids)))
        found.update({uid: _Known(kept, sequence, at) for uid, kept, sequence, at in rows})
    return found
