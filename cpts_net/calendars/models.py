"""Calendar feeds, the ledger that says when an entry last changed, and the invitations sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cpts_net.storage.orm import Base


class FeedKind(StrEnum):
    """What a feed shows."""

    MINE = "mine"
    LINE = "line"
    DUTY = "duty"
    ABSENCES = "absences"


class Feed(Base):
    """An address that a calendar subscribes to.

    The address holds a MAC of the feed's id and generation under the
    installation's secret, so the base keeps nothing that could be stolen;
    raising the generation ends every address given out before.
    """

    __tablename__ = "feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("duty_line.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    generation: Mapped[int] = mapped_column(default=1)
    is_busy: Mapped[bool] = mapped_column(default=False)  # Whether own duties paint the calendar busy.
    # Each change of that switch is a change of every duty in the feed.
    switches: Mapped[int] = mapped_column(default=0)
    switched_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]  # Raised hourly at the most.
    last_reader: Mapped[str] = mapped_column(String(100), default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of what was last served.
    changed_at: Mapped[datetime | None]  # When that last differed from what was served before.


class LedgerEntry(Base):
    """How a calendar entry reads, when it last changed visibly, and how often it did.

    An entry is written again only when its facts change: ``content`` is what
    calendars are given until then, also by another process or after a restart.
    """

    __tablename__ = "ledger_entry"

    uid: Mapped[str] = mapped_column(String(120), primary_key=True)
    # The same entry reads differently for its holder and for the community.
    view: Mapped[str] = mapped_column(String(10), primary_key=True)
    # Of what calendars see: SEQUENCE rises with it.
    content_hash: Mapped[str] = mapped_column(String(64))
    # Of the facts that ``content`` was written of; both empty where an older version wrote.
    facts_hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    content: Mapped[str] = mapped_column(Text, default="", server_default="")
    # The number of the scope ``ledger`` as the row was written: whoever remembers one asks what came since.
    written_in: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    sequence: Mapped[int]
    modified_at: Mapped[datetime]
    ends_at: Mapped[datetime | None] = mapped_column(index=True)  # Of the entry; unknown for the oldest.


class LedgerFloor(Base):
    """What no SEQUENCE may lie below; one row, or none yet."""

    __tablename__ = "ledger_floor"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beneath: Mapped[int]  # Of every entry: raised when the base is younger than what calendars hold.
    first: Mapped[int]  # Of an entry that the ledger does not know: raised when it forgets one.
    raised_at: Mapped[datetime | None]  # When ``beneath`` was.


class UidHost(Base):
    """The host in every UID, one row: what it was at the first start, whatever becomes of ``PUBLIC_URL``.

    In the database because several machines may serve one.
    """

    __tablename__ = "uid_host"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    host: Mapped[str] = mapped_column(String(253))


class SentInvitation(Base):
    """What the last mail about a meeting told a member."""

    __tablename__ = "sent_invitation"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)
    sequence: Mapped[int]  # Of the entry as the mail had it.
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200))
    video_url: Mapped[str] = mapped_column(String(300))
    is_cancelled: Mapped[bool]  # Or no longer for them.
    sent_at: Mapped[datetime]
