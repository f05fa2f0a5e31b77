"""Writing the trail."""

from datetime import datetime

from cpts_net.audit.models import AuditEntry
from cpts_net.extensions import db


def record(
    action: str, *, actor_id: int | None, now: datetime, subject: str = "", detail: str = "", address: str = ""
) -> None:
    """Add one entry, in the transaction of what it tells of."""
    db.session.add(
        AuditEntry(at=now, actor_id=actor_id, action=action, subject=subject, detail=detail[:500], address=address)
    )
