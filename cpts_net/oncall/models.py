"""Duty lines, the slots that their patterns open, and the seats that members take."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.models import Person
from cpts_net.oncall.gaps import Room, rooms
from cpts_net.oncall.replay import SeatKind
from cpts_net.spans import Span
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base

ORDINARY = 100  # The weight of an ordinary slot, in hundredths.


def _seats_in_order() -> CheckConstraint:
    return CheckConstraint("0 < seats_min AND seats_min <= seats_max AND 0 < weight", name="seats_in_order")


def _where(condition: str) -> dict[str, Any]:
    """That an index holds only some of the rows, as both databases are told."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class SlotState(StrEnum):
    """Whether a slot is to be filled."""

    OPEN = "open"
    CLOSED = "closed"  # Nobody, on purpose; its message says what to do instead.
    CANCELLED = "cancelled"


class DutyLine(Base):
    """Something that somebody must always answer for."""

    __tablename__ = "duty_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # As ``phones`` keeps it; the holder's own when empty.
    out_of_hours: Mapped[str] = mapped_column(String(200), default="")  # Whom to call while it is closed, in words.
    position: Mapped[int] = mapped_column(default=0)  # Order on the board.
    opened_until: Mapped[datetime | None]  # What has no slot before is without one on purpose.

    patterns: Mapped[list["DutyPattern"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DutyPattern.id"
    )
    exceptions: Mapped[list["LineException"]] = relationship(
        lazy="raise", viewonly=True, order_by="LineException.first_day"
    )
    eligibilities: Mapped[list["Eligibility"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class Eligibility(Base):
    """A profession that may serve a line, perhaps only with one specialty."""

    __tablename__ = "eligibility"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"), index=True)
    profession_code: Mapped[str] = mapped_column(ForeignKey("profession.code"))
    specialty_code: Mapped[str | None] = mapped_column(ForeignKey("specialty.code"))


class DutyPattern(Base):
    """A version of when a line is open, in local time; slots are made from it some weeks ahead.

    A change ends one row and begins the next.
    """

    __tablename__ = "duty_pattern"
    __table_args__ = (CheckConstraint("slot_minutes > 0", name="slots_last"), _seats_in_order(), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"), index=True)
    weekdays: Mapped[str] = mapped_column(String(7))  # "0".."6", Monday first: "01234" is Monday to Friday.
    holidays: Mapped[str] = mapped_column(String(10))  # A HolidayRule.
    opens_at: Mapped[time]
    closes_at: Mapped[time]  # Not after opens_at: on the next day.
    slot_minutes: Mapped[int]
    seats_min: Mapped[int] = mapped_column(default=1)  # With fewer it is a gap.
    seats_max: Mapped[int] = mapped_column(default=1)
    weight: Mapped[int] = mapped_column(default=ORDINARY)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # Inclusive.


class LineException(Base):
    """Days, both included, on which a line is closed, or open at other hours; what begins on them, local dates."""

    __tablename__ = "line_exception"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        CheckConstraint("(opens_at IS NULL) = (closes_at IS NULL)", name="both_hours_or_none"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    opens_at: Mapped[time | None]  # Closed without hours.
    closes_at: Mapped[time | None]
    message: Mapped[str] = mapped_column(String(200))  # Everybody reads it.


class DutySlot(Base):
    """One stretch of duty on a line, with what its pattern said when it was made or last followed a change.

    One that ever had a seat is cancelled, never deleted.
    """

    __tablename__ = "duty_slot"
    __table_args__ = (
        Index(None, "line_id", "starts_at", unique=True, **_where("state <> 'cancelled'")),
        CheckConstraint("starts_at < ends_at", name="times_in_order"),
        _seats_in_order(),
        Index(None, "ends_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default=SlotState.OPEN)
    message: Mapped[str] = mapped_column(String(200), default="")
    is_exception: Mapped[bool] = mapped_column(default=False)  # Closed with its line, not by itself.
    seats_min: Mapped[int] = mapped_column(default=1)
    seats_max: Mapped[int] = mapped_column(default=1)
    weight: Mapped[int] = mapped_column(default=ORDINARY)

    line: Mapped[DutyLine] = relationship(lazy="raise")
    seats: Mapped[list["DutySeat"]] = relationship(
        order_by="(DutySeat.number, DutySeat.starts_at)", lazy="raise", viewonly=True
    )

    @property
    def span(self) -> Span:
        """Its instants."""
        return Span(self.starts_at, self.ends_at)

    def rooms(self, now: datetime) -> list[Room]:
        """What may still be taken of it, the first first; its seats are loaded."""
        return rooms(self.span, [(seat.number, seat.span) for seat in self.seats], self.seats_max, now)


class DutySeat(Base):
    """Somebody's place in a slot, or in a part of it. The row and its id are for ever: calendars know the duty by it."""

    __tablename__ = "duty_seat"
    __table_args__ = (
        # Two who take the last seat at once both ask for this number; one gets it.
        Index(None, "slot_id", "number", "starts_at", unique=True, **_where("released_at IS NULL")),
        Index(None, "slot_id", "person_id", "starts_at", unique=True, **_where("released_at IS NULL")),
        Index(None, "slot_id"),
        # Every minute the worker asks which duties are near.
        Index("ix_duty_seat_beginning", "starts_at", **_where("released_at IS NULL")),
        CheckConstraint("starts_at < ends_at", name="times_in_order"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("duty_slot.id", ondelete="RESTRICT"))
    number: Mapped[int]  # From 1 up to the slot's seats_max.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    starts_at: Mapped[datetime]  # The slot's, unless somebody served before.
    ends_at: Mapped[datetime]  # The slot's, unless it was split; its hours were served all the same.
    released_at: Mapped[datetime | None]

    slot: Mapped[DutySlot] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def span(self) -> Span:
        """The instants that it holds."""
        return Span(self.starts_at, self.ends_at)


class SeatChange(Base):
    """What happened to a seat. Rows are only added; the seat is what they make together (``replay``)."""

    __tablename__ = "seat_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("duty_seat.id", ondelete="RESTRICT"), index=True)
    kind: Mapped[SeatKind] = mapped_column(String(12))
    from_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    at: Mapped[datetime]
    effective_at: Mapped[datetime | None]  # When the seat begins, or where it was split.
    until: Mapped[datetime | None]  # Where a seat that begins ends.
    # What it was kept in spite of.
    absence_id: Mapped[int | None] = mapped_column(ForeignKey("absence.id", ondelete="RESTRICT"))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("seat_change.id", ondelete="RESTRICT"), index=True)
    reason_code: Mapped[str] = mapped_column(String(10), default="")  # A Reason, where one was asked for.
    words: Mapped[str] = mapped_column(String(200), default="")  # For those concerned; emptied after thirty days.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
