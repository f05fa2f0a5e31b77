"""What was told to whom, and what is on its way to somebody."""

from collections.abc import Mapping
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.outbox import plain_values
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base

UNSEEN = text("seen_at IS NULL")
WAITING = text("state = 'waiting'")


class Channel(StrEnum):
    """By what somebody is reached."""

    MAIL = "mail"
    PUSH = "push"  # Their devices ring.


class State(StrEnum):
    """What became of a delivery."""

    WAITING = "waiting"
    SENT = "sent"
    VOID = "void"  # Its matter no longer concerned the person when it was to be sent.
    FAILED = "failed"


class Notice(Base):
    """Something that happened, or is about to, as one person is told of it.

    It holds no words of its own but those that everybody may read: what it says
    is read when it is shown or sent, with the rights that its reader then has.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "subject", "occasion"),
        Index(None, "person_id", "at"),
        Index("ix_notice_unseen", "person_id", sqlite_where=UNSEEN, postgresql_where=UNSEEN),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60))  # What it is about, as the trail names it: "seat:12".
    # What tells it from another one of the same: the instant announced; a deed is an occasion of its own.
    occasion: Mapped[str] = mapped_column(String(40))
    # How the subject was before, and after: ids, instants and public words, as ``plain_values`` writes them.
    before: Mapped[Any] = mapped_column(JSON, default=dict)
    after: Mapped[Any] = mapped_column(JSON, default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    seen_at: Mapped[datetime | None]

    @property
    def subject_id(self) -> int:
        """The number in the name of its subject."""
        return int(self.subject.partition(":")[2] or 0)

    @property
    def was(self) -> Mapping[str, Any]:
        """How the subject was before."""
        return plain_values.read(self.before)

    @property
    def became(self) -> Mapping[str, Any]:
        """How the subject was after."""
        return plain_values.read(self.after)


class Delivery(Base):
    """One message that is to reach one person, once.

    With a notice nothing of its text is kept: it is drawn when it is sent, and
    goes where the person is then written to. Without one it goes to an address,
    and its ``letter`` is forgotten as soon as it is sent or given up: it may
    hold a link by which somebody signs in.

    An attempt is counted before it is made and once more when its outcome is
    known: what lies between the two are attempts that took their worker along.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("(notice_id IS NULL) = (address <> '')", name="to_one"),
        Index("ix_delivery_waiting", "due_at", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index(None, "state", "finished_at"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254), default="")
    kind: Mapped[str] = mapped_column(String(40))
    letter: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    channel: Mapped[str] = mapped_column(String(10), default=Channel.MAIL)
    # Made once: should it go out twice, programs show it once. Those of one digest share it.
    message_id: Mapped[str] = mapped_column(String(255), index=True)
    in_digest: Mapped[bool] = mapped_column(default=False)
    begins_at: Mapped[datetime | None]  # What is told begins then: its time is found anew when somebody chooses anew.
    written_at: Mapped[datetime]
    due_at: Mapped[datetime]  # When it is tried next, or was tried last.
    state: Mapped[str] = mapped_column(String(10), default=State.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    outcomes: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]

    notice: Mapped[Notice | None] = relationship(lazy="raise")


class WorkerSign(Base):
    """When a worker last said that it lives: one row, however many they are."""

    __tablename__ = "worker_sign"

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
    has_ended: Mapped[bool] = mapped_column(default=False)


class Preference(Base):
    """How often somebody wants to hear of a kind by a channel, where that is not as its room declares it."""

    __tablename__ = "preference"
    __table_args__ = (Index(None, "kind", "channel"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    when: Mapped[str] = mapped_column(String(10))


class NoticeSettings(Base):
    """When somebody is left alone and when their digests go, where that is not as usual; local times."""

    __tablename__ = "notice_settings"
    __table_args__ = (
        CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_from_and_until"),
        CheckConstraint("quiet_from <> quiet_until", name="quiet_for_a_while"),
        CheckConstraint("digest_weekday BETWEEN 0 AND 6", name="digest_on_a_weekday"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    digest_at: Mapped[time]
    digest_weekday: Mapped[int]  # 0 for Monday.
