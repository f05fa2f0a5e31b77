"""The trail: who did what, and when. Rows are added, never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cpts_net.storage.orm import Base


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
