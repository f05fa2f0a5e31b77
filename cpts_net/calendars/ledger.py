"""The ledger: since when, and for how many changes, each calendar entry reads as it does.

Calendars take a change over only when SEQUENCE and LAST-MODIFIED rise with it.
Nothing tells the ledger of changes; whoever renders an entry compares.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, select, text

from cpts_net.calendars.ical import Stamp, content
from cpts_net.calendars.items import Item
from cpts_net.calendars.models import LedgerEntry
from cpts_net.storage.connections import db
from cpts_net.storage.orm import UTCDateTime

A_SECOND = timedelta(seconds=1)
AT_ONCE = 500  # Databases bound the parameters of a query.
# Of two who see the same change at once, the second finds it written down.
_WRITE = text(
    "INSERT INTO ledger_entry (uid, view, content_hash, sequence, modified_at)"
    " VALUES (:uid, :view, :content_hash, 0, :modified_at)"
    " ON CONFLICT (uid, view) DO UPDATE SET"
    " content_hash = excluded.content_hash,"
    " sequence = ledger_entry.sequence + 1,"
    " modified_at = excluded.modified_at"
    " WHERE ledger_entry.content_hash <> excluded.content_hash"
).bindparams(
    bindparam("uid", type_=String),
    bindparam("view", type_=String),
    bindparam("content_hash", type_=String),
    bindparam("modified_at", type_=UTCDateTime),
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
    return Worded(item, lines, hashlib.sha256(f"{item.whose}\n{lines}".encode()).hexdigest())


def stamps(entries: Iterable[Worded]) -> dict[str, Stamp] | None:
    """The stamp of each entry by its UID; None when one of them has changed since it was stamped.

    The entries are of one view.
    """
    wanted = list(entries)
    known = _known(wanted)
    if any(_is_news(entry, known) for entry in wanted):
        return None
    return {uid: Stamp(row.sequence, row.modified_at) for uid, row in known.items()}


def stamp(entries: Iterable[Worded], *, now: datetime) -> dict[str, Stamp]:
    """Write down what has changed; return the stamp of each entry by its UID.

    The entries are of one view.
    """
    wanted = list(entries)
    known = _known(wanted)
    news = [
        {
            "uid": entry.item.uid,
            "view": entry.item.view,
            "content_hash": entry.content_hash,
            # Calendars know seconds: a second change within one is a second later.
            "modified_at": max(now, known[entry.item.uid].modified_at + A_SECOND) if entry.item.uid in known else now,
        }
        for entry in sorted(wanted, key=lambda entry: entry.item.uid)  # One order, so that none wait for each other.
        if _is_news(entry, known)
    ]
    if news:
        db.session.execute(_WRITE, news)
    return {uid: Stamp(row.sequence, row.modified_at) for uid, row in _known(wanted).items()}


@dataclass(frozen=True)
class _Known:
    content_hash: str
    sequence: int
    modified_at: datetime


def _is_news(entry: Worded, known: Mapping[str, _Known]) -> bool:
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
