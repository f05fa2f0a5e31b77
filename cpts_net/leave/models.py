"""Absences and those who stand in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.models import Person
from cpts_net.leave.rules import as_seen
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base


class Absence(Base):
    """Days on which a member sees no patients; why is written nowhere."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        Index(None, "person_id", "first_day"),
        Index(None, "last_day"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    first_day: Mapped[date]
    last_day: Mapped[date]  # Inclusive: members say "until Friday".
    from_noon: Mapped[bool] = mapped_column(default=False)  # The first day counts from noon only.
    until_noon: Mapped[bool] = mapped_column(default=False)  # The last day counts until noon only.
    note: Mapped[str] = mapped_column(String(200), default="")  # Everyone sees it.
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    declared_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise")
    relays: Mapped[list["Relay"]] = relationship(
        back_populates="absence", lazy="raise", order_by="Relay.rank", cascade="all, delete-orphan"
    )

    @property
    def as_seen(self) -> str:
        """What a page shows of it, for a form to say what it was about; the relays are loaded."""
        return as_seen(self, self.note, [relay.person_id for relay in self.relays])


class Relay(Base):
    """Somebody who stands in during an absence; the lowest rank is asked first."""

    __tablename__ = "relay"
    __table_args__ = (
        UniqueConstraint("absence_id", "rank"),
        UniqueConstraint("absence_id", "person_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id", ondelete="CASCADE"))
    rank: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)

    absence: Mapped[Absence] = relationship(back_populates="relays", lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
