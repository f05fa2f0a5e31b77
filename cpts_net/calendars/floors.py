"""What SEQUENCE may never lie below: calendars ignore an entry whose SEQUENCE fell.

It would fall when a backup is restored that is older than what calendars
hold, or when the ledger forgot an entry that comes back. A floor that rises
with time is above both: no entry changes once a minute for years.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, delete, insert, inspect, select

from cpts_net.calendars.ical import Stamp
from cpts_net.calendars.models import LedgerEntry, LedgerFloor
from cpts_net.calendars.rules import DAYS_AHEAD, DAYS_BACK
from cpts_net.storage.connections import db

A_MINUTE = 60
AT_ONCE = 1000  # Deleted in one transaction.
SINCE = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Floor:
    """Beneath every SEQUENCE, beneath that of an entry that is new, and since when the former."""

    beneath: int = 0
    first: int = 0
    raised_at: datetime | None = None

    def beneath_stamp(self, stamp: Stamp) -> Stamp:
        """The stamp, lifted where it lies below."""
        if self.raised_at is None or stamp.sequence >= self.beneath:
            return stamp
        return Stamp(self.beneath, max(stamp.modified_at, self.raised_at))


def floor() -> Floor:
    """The floor as it stands."""
    row = db.session.execute(select(LedgerFloor.beneath, LedgerFloor.first, LedgerFloor.raised_at)).one_or_none()
    return Floor(row.beneath, row.first, row.raised_at) if row else Floor()


def height(now: datetime) -> int:
    """How high a floor is that is laid now: minutes since 2020, for SEQUENCE is 32 bits."""
    return int((now - SINCE).total_seconds() // A_MINUTE)


def lay(floor: Floor) -> None:
    """Make this the floor; it never falls."""
    db.session.merge(LedgerFloor(id=1, beneath=floor.beneath, first=floor.first, raised_at=floor.raised_at))


def raise_beneath_all(now: datetime) -> None:
    """Lift every SEQUENCE above what calendars may hold; for a base that was restored."""
    lay(Floor(height(now), height(now), now))


def raise_in(database: Path, now: datetime) -> None:
    """Do so in the SQLite file of an installation that does not run; nothing where it is older than the floor."""
    engine = create_engine(f"sqlite:///{database}")
    try:
        with engine.begin() as connection:
            if inspect(connection).has_table(LedgerFloor.__tablename__):
                connection.execute(delete(LedgerFloor))
                values = {"id": 1, "beneath": height(now), "first": height(now), "raised_at": now}
                connection.execute(insert(LedgerFloor).values(values))
    finally:
        engine.dispose()


def forget_what_is_over(now: datetime) -> None:
    """Delete from the ledger what no calendar's window holds any more; an entry that comes back begins above it."""
    since = now - timedelta(days=DAYS_BACK + 1)
    is_over = LedgerEntry.ends_at < since
    # Those of the first version do not say when they end.
    is_old = LedgerEntry.ends_at.is_(None) & (LedgerEntry.modified_at < since - timedelta(days=2 * DAYS_AHEAD))
    some = select(LedgerEntry.uid).where(is_over | is_old).limit(AT_ONCE)
    gone = db.session.scalars(
        delete(LedgerEntry)
        .where(LedgerEntry.uid.in_(some), is_over | is_old)
        .returning(LedgerEntry.uid)
        .execution_options(synchronize_session=False)
    )
    if gone.all():
        lay(replace(floor(), first=height(now)))
