"""Taking back what tells others, right after it was done: what was so before is kept for half an hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cpts_net.audit.models import WayBack
from cpts_net.outbox import plain_values
from cpts_net.storage.connections import db
from cpts_net.storage.sweeping import sweep

UNDONE_WITHIN = timedelta(minutes=30)


class NoWayBack(Exception):
    """What was done cannot be taken back any more."""


class UndoneBefore(NoWayBack):
    """It was taken back before."""


class TooLate(NoWayBack):
    """It was done more than half an hour ago."""


class ChangedSince(NoWayBack):
    """Somebody, perhaps the same, has changed it again."""


def keep(subject: str, before: Mapping[str, Any], *, seen: str, by: int, now: datetime) -> int:
    """Keep what something was before the account changed it, in the transaction of the change; return its number."""
    way = WayBack(account_id=by, subject=subject, before=plain_values.written(before), seen=seen, at=now)
    db.session.add(way)
    db.session.flush()
    return way.id


def way_back(way_id: int, kind: str, account_id: int) -> WayBack | None:
    """The way back of something that this account did; None where there is none of theirs."""
    way = db.session.get(WayBack, way_id, populate_existing=True)
    return way if way and (way.kind, way.account_id) == (kind, account_id) else None


def take(way: WayBack, as_it_stands: str, now: datetime) -> None:
    """Go it, under the lock of what it leads back: once, in time, and from where it began.

    Raises:
        UndoneBefore, TooLate, ChangedSince: what people are told then.
    """
    db.session.refresh(way, ["undone_at"])
    if way.undone_at is not None:
        raise UndoneBefore
    if way.at + UNDONE_WITHIN < now:
        raise TooLate
    if way.seen != as_it_stands:
        raise ChangedSince
    way.undone_at = now


def forget(now: datetime) -> None:
    """Delete those that nobody can go any more; a page may still say for an hour that it was too late."""
    sweep(WayBack, WayBack.at < now - 2 * UNDONE_WITHIN)
