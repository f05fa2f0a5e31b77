"""Writing the trail."""

from datetime import datetime, timedelta

from cpts_net.audit.models import AuditEntry
from cpts_net.storage.connections import db
from cpts_net.storage.sweeping import sweep

# CNIL: six to twelve months for what serves security only.
KEPT_FOR = timedelta(days=365)


def record(
    action: str, *, actor_id: int | None, now: datetime, subject: str = "", detail: str = "", address: str = ""
) -> None:
    """Add one entry, in the transaction of what it tells of."""
    db.session.add(
        AuditEntry(at=now, actor_id=actor_id, action=action, subject=subject, detail=detail[:500], address=address)
    )


def forget(now: datetime) -> None:
    """Delete the entries that are older than a year: the one way in which any goes."""
    sweep(AuditEntry, AuditEntry.at < now - KEPT_FOR)
