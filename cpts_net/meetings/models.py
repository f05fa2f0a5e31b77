"""Date polls, and the meetings that come out of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.models import Person
from cpts_net.groups.models import Group
from cpts_net.meetings import rules
from cpts_net.spans import Span
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base


class Answer(StrEnum):
    """What a member says to a date."""

    YES = "yes"
    IF_NEED_BE = "if_need_be"
    NO = "no"


class Poll(Base):
    """A lead asks which of some dates suit the members of a group."""

    __tablename__ = "poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    agenda: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    video_url: Mapped[str] = mapped_column(String(300), default="")
    deadline: Mapped[datetime]  # Answers are taken until then.
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]  # When a date was fixed, or the poll given up.

    group: Mapped[Group] = relationship(lazy="raise")
    options: Mapped[list["PollOption"]] = relationship(
        lazy="raise", order_by="PollOption.starts_at", cascade="all, delete-orphan"
    )

    @property
    def as_seen(self) -> str:
        """What somebody who puts it right has to have seen; dates loaded."""
        spans = [Span(option.starts_at, option.ends_at) for option in self.options]
        return rules.poll_as_seen(self.title, self.place, self.video_url, self.deadline, spans)


class PollOption(Base):
    """One date of a poll."""

    __tablename__ = "poll_option"
    __table_args__ = (
        UniqueConstraint("poll_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="times_in_order"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    answers: Mapped[list["PollAnswer"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class PollAnswer(Base):
    """What one member says to one date."""

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("option_id", "person_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    option_id: Mapped[int] = mapped_column(ForeignKey("poll_option.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    answer: Mapped[str] = mapped_column(String(10))
    answered_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class Meeting(Base):
    """A date that is fixed. Its id is for ever: mails and feeds know it by it."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="times_in_order"),
        Index(None, "starts_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int | None] = mapped_column(ForeignKey("poll.id", ondelete="SET NULL"), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    agenda: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    video_url: Mapped[str] = mapped_column(String(300), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    # Rises when calendars must take the entry for a newer one though it reads
    # alike: what is withdrawn from one person has a higher SEQUENCE (RFC 5546 3.2.5).
    edition: Mapped[int] = mapped_column(default=0)

    meeting_groups: Mapped[list["MeetingGroup"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    invitations: Mapped[list["Invitation"]] = relationship(lazy="raise", cascade="all, delete-orphan")

    @property
    def as_seen(self) -> str:
        """What somebody who answers has to have seen."""
        return rules.as_seen(self.starts_at, self.ends_at, self.place, self.video_url)


class MeetingGroup(Base):
    """That a group holds a meeting; one may be held by several, or by none."""

    __tablename__ = "meeting_group"
    __table_args__ = (UniqueConstraint("meeting_id", "group_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)  # In the order in which they were named.
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"), index=True)


class Invitation(Base):
    """Somebody who is asked to a meeting, and what they said."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    # Asked themselves, not as one of a group: leaving a group ends nothing then.
    is_personal: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str | None] = mapped_column(String(10))  # None until they answer.
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")
