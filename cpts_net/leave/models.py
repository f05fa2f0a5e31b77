"""Absences and those who stand in."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.models import Person, Structure
from cpts_net.leave.rules import Answer, Asks, as_seen
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base


class Absence(Base):
    """Days on which a member sees no patients; why is written nowhere."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("weekdays <> '' OR last_day IS NOT NULL", name="only_weekly_without_end"),
        CheckConstraint(
            "(weekdays = '' AND first_day < last_day) OR from_time IS NULL OR until_time IS NULL OR from_time < until_time",
            name="times_in_order",
        ),
        Index(None, "person_id", "first_day"),
        Index(None, "last_day"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    first_day: Mapped[date]
    last_day: Mapped[date | None]  # Inclusive: members say "until Friday". Weekly days off may go on for ever.
    weekdays: Mapped[str] = mapped_column(String(7), default="", server_default="")  # "0".."6": off week by week.
    from_time: Mapped[time | None]  # Local; the first day counts from then on only.
    until_time: Mapped[time | None]  # Local; the last day counts until then only.
    note: Mapped[str] = mapped_column(String(200), default="")  # Everyone sees it.
    asks: Mapped[str] = mapped_column(String(10), default=Asks.IN_ORDER, server_default=Asks.IN_ORDER)
    declared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    declared_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    # Which closing of a structure made it; none once the person gave it other days, or the closing was taken back.
    closing_id: Mapped[int | None] = mapped_column(ForeignKey("structure_closing.id", ondelete="SET NULL"), index=True)

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="raise")
    every_relay: Mapped[list["Relay"]] = relationship(
        back_populates="absence", lazy="raise", order_by="Relay.rank, Relay.id"
    )

    exceptions: Mapped[list["AbsenceException"]] = relationship(lazy="raise", order_by="AbsenceException.day")

    @classmethod
    def reaches(cls, day: date | SQLColumnExpression[date]) -> ColumnElement[bool]:
        """Whether it ends on a day or later, or never."""
        return or_(cls.last_day.is_(None), cls.last_day >= day)

    @property
    def excepted(self) -> frozenset[date]:
        """The days that are none of its weekly days off; they are loaded."""
        return frozenset(each.day for each in self.exceptions)

    @property
    def relays(self) -> list["Relay"]:
        """Those who are named now, in order; they are loaded."""
        return [relay for relay in self.every_relay if relay.withdrawn_at is None]

    @property
    def relay_ids(self) -> list[int]:
        """The people among them, in order."""
        return [relay.person_id for relay in self.relays if relay.person_id]

    def relay_of(self, person_id: int, asked: Mapping[int, Collection[int]]) -> "Relay | None":
        """The row that asks somebody and was not declined: themselves, else among those ``asked`` at a structure."""
        if person_id == self.person_id:
            return None
        standing = [relay for relay in self.relays if not relay.is_declined]
        own = [relay for relay in standing if relay.person_id == person_id]
        theirs = [relay for relay in standing if person_id in asked.get(relay.structure_id or 0, ())]
        return next(iter([*own, *theirs]), None)

    @property
    def as_seen(self) -> str:
        """What a page shows of it, for a form to say what it was about; the relays are loaded."""
        named = (
            f"{relay.person_id} {relay.structure_id} {relay.line_id} {relay.outsider_name} {relay.outsider_phone}"
            for relay in self.relays
        )
        return as_seen(self, self.note, [*named, self.asks])


class AbsenceException(Base):
    """A day on which somebody is there, although it is one of their weekly days off."""

    __tablename__ = "absence_exception"

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class Relay(Base):
    """Whoever stands in during an absence: a person, a structure, a line, or somebody from outside; the lowest rank first.

    A row is for ever: named again it is asked again, taken back it is
    withdrawn. Nobody was asked where ``asked_at`` is empty. The rank is an
    order and no key: two that change places would break it on the way.
    """

    __tablename__ = "relay"
    __table_args__ = (
        UniqueConstraint("absence_id", "person_id"),
        UniqueConstraint("absence_id", "line_id"),
        UniqueConstraint("absence_id", "outsider_phone"),
        UniqueConstraint("absence_id", "structure_id"),
        CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN structure_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN line_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN outsider_phone IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_target",
        ),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id", ondelete="CASCADE"))
    rank: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structure.id", ondelete="RESTRICT"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"), index=True)
    outsider_name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    outsider_phone: Mapped[str | None] = mapped_column(String(20))  # As ``phones`` keeps it.
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    # Who of a structure spoke first; their answer is the structure’s.
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    answer: Mapped[str] = mapped_column(String(10), default="", server_default="")
    word: Mapped[str] = mapped_column(
        String(200), default="", server_default=""
    )  # For the absent person and the staff.
    withdrawn_at: Mapped[datetime | None]

    absence: Mapped[Absence] = relationship(back_populates="every_relay", lazy="raise")
    person: Mapped[Person | None] = relationship(foreign_keys=person_id, lazy="raise")
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id, lazy="raise")
    structure: Mapped[Structure | None] = relationship(lazy="raise")

    @property
    def is_hidden(self) -> bool:
        """As of a person: whoever is none has no page to lead to."""
        return self.person is None or self.person.is_hidden

    @property
    def is_declined(self) -> bool:
        """Whether they said that they cannot."""
        return self.answer == Answer.DECLINED

    def is_answered_by_another(self, person_id: int) -> bool:
        """Whether somebody else has spoken for the structure, so that their answer counts."""
        return self.answered_by_id not in {None, person_id}

    @property
    def name(self) -> str:
        """What they are called; of a line, nothing."""
        if self.person:
            return self.person.display_name
        return self.structure.name if self.structure else self.outsider_name
