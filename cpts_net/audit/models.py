"""The trail: who did what, and when. Rows are added, never changed. And the ways back from what was just done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cpts_net.outbox import plain_values
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base


class AuditEntry(Base):
    """One thing that somebody did."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    # Kept when the account goes: what was done stays done.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    action: Mapped[str] = mapped_column(String(60))  # "leave.declared"
    subject: Mapped[str] = mapped_column(String(80), default="")  # "absence:12"
    detail: Mapped[str] = mapped_column(String(500), default="")  # Never a secret, never a patient.
    address: Mapped[str] = mapped_column(String(45), default="")


class WayBack(Base):
    """What something was before somebody changed it, for the short while in which they may take that back.

    ``before`` is empty for what did not exist; ``seen`` is how it stood after,
    so that what others did meanwhile is never lost.
    """

    __tablename__ = "way_back"
    __table_args__ = (NEVER_REUSE_IDS,)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(String(60))  # As the trail names it: "absence:12".
    before: Mapped[Any] = mapped_column(JSON, default=dict)  # As ``plain_values`` writes it.
    seen: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(index=True)
    undone_at: Mapped[datetime | None]

    @property
    def kind(self) -> str:
        """What sort of thing it leads back: « absence »."""
        return self.subject.partition(":")[0]

    @property
    def subject_id(self) -> int:
        """The number of that thing."""
        return int(self.subject.partition(":")[2])

    @property
    def was(self) -> Mapping[str, Any]:
        """How it was before."""
        return plain_values.read(self.before)
