"""Reading the ledger: what it says of some entries, and what it has come to say since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from cpts_net.calendars import floors
from cpts_net.calendars.floors import Floor
from cpts_net.calendars.ical import Stamp
from cpts_net.calendars.models import LedgerEntry
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

AT_ONCE = 500  # Databases bound the parameters of a query.


@dataclass(frozen=True)
class Row:
    """What the ledger says of one entry."""

    content_hash: str
    facts_hash: str
    content: str
    stamp: Stamp


@dataclass(frozen=True)
class Extract:
    """What the ledger said of some entries of one view, by UID, as its number was this one."""

    number: int
    floor: Floor
    rows: Mapping[str, Row]

    def is_that_of(self, before: "Extract") -> bool:
        """Whether nothing was written down in between."""
        return (self.number, self.floor) == (before.number, before.floor)


_COLUMNS = select(
    LedgerEntry.uid,
    LedgerEntry.content_hash,
    LedgerEntry.facts_hash,
    LedgerEntry.content,
    LedgerEntry.sequence,
    LedgerEntry.modified_at,
)


def extract(view: str, uids: Sequence[str], before: Extract | None = None) -> Extract:
    """What the ledger says of these entries, of one state of the base.

    Of those that are in ``before`` only what was written since is read. Rows that are deleted
    raise the floor, and then everything is read again.
    """
    number, floor = revisions.number(revisions.LEDGER), floors.floor()
    rows: dict[str, Row] = {}
    if before and before.floor == floor:
        rows = {uid: before.rows[uid] for uid in uids if uid in before.rows}
        if number != before.number:
            since = _COLUMNS.where(LedgerEntry.written_in > before.number)
            rows |= {uid: row for uid, row in _rows(view, since).items() if uid in rows}
    return Extract(number, floor, rows | read(view, [uid for uid in uids if uid not in rows]))


def read(view: str, uids: Sequence[str]) -> dict[str, Row]:
    """What the ledger says of these entries; those that it does not know are left out."""
    found: dict[str, Row] = {}
    for start in range(0, len(uids), AT_ONCE):
        found |= _rows(view, _COLUMNS.where(LedgerEntry.uid.in_(uids[start : start + AT_ONCE])))
    return found


def _rows(view: str, query: Select[*tuple[Any, ...]]) -> dict[str, Row]:
    rows = db.session.connection().execute(query.where(LedgerEntry.view == view))
    return {
        uid: Row(content_hash, facts_hash, content, Stamp(sequence, modified_at))
        for uid, content_hash, facts_hash, content, sequence, modified_at in rows
    }
