"""Duty lines, the slots that their patterns open, and the seats that members take."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.models import Person
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base


class SlotState(StrEnum):
    """Whether a slot is to be filled."""

    OPEN = "open"
    CLOSED = "closed"  # Nobody, on purpose; its message says what to do instead.
    CANCELLED = "cancelled"


class Origin(StrEnum):
    """How a member came to hold a seat."""

    PICKED = "picked"
    ASSIGNED = "assigned"
    HANDED_OVER = "handed_over"


class DutyLine(Base):
    """Something that somebody must always answer for."""

    __tablename__ = "duty_line"
    __table_args__ = (
        CheckConstraint("0 < seats_min AND seats_min <= seats_max", name="seats_in_order"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # As ``phones`` keeps it; the holder's own when empty.
    seats_min: Mapped[int] = mapped_column(default=1)
    seats_max: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)  # Order on the board.

    patterns: Mapped[list["DutyPattern"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    eligibilities: Mapped[list["Eligibility"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class Eligibility(Base):
    """A profession that may serve a line, perhaps only with one specialty."""

    __tablename__ = "eligibility"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"), index=True)
    profession_code: Mapped[str] = mapped_column(ForeignKey("profession.code"))
    specialty_code: Mapped[str | None] = mapped_column(ForeignKey("specialty.code"))


class DutyPattern(Base):
    """When a line is open, in local time; slots are made from it some weeks ahead."""

    __tablename__ = "duty_pattern"
    __table_args__ = (CheckConstraint("slot_minutes > 0", name="slots_last"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"), index=True)
    weekdays: Mapped[str] = mapped_column(String(7))  # "0".."6", Monday first: "01234" is Monday to Friday.
    holidays: Mapped[str] = mapped_column(String(10))  # A HolidayRule.
    opens_at: Mapped[time]
    closes_at: Mapped[time]  # Not after opens_at: on the next day.
    slot_minutes: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # Inclusive.


class DutySlot(Base):
    """One stretch of duty on a line."""

    __tablename__ = "duty_slot"
    __table_args__ = (
        UniqueConstraint("line_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="times_in_order"),
        Index(None, "ends_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=SlotState.OPEN)
    message: Mapped[str] = mapped_column(String(200), default="")

    line: Mapped[DutyLine] = relationship(lazy="raise")
    seats: Mapped[list["DutySeat"]] = relationship(
        back_populates="slot", lazy="raise", order_by="DutySeat.number", cascade="all, delete-orphan"
    )


class DutySeat(Base):
    """A member's place in a slot. Its id is for ever: calendars know the duty by it."""

    __tablename__ = "duty_seat"
    __table_args__ = (
        # Two who take the last seat at once both ask for this number; one gets it.
        UniqueConstraint("slot_id", "number"),
        UniqueConstraint("slot_id", "person_id"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("duty_slot.id", ondelete="CASCADE"))
    number: Mapped[int]  # From 1 up to the line's seats_max.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    origin: Mapped[str] = mapped_column(String(12))
    taken_at: Mapped[datetime]

    slot: Mapped[DutySlot] = relationship(back_populates="seats", lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")
