"""Working groups, the people in them and what they write to each other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.models import Person
from cpts_net.groups.rules import MembershipRole
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base

ONE_STAY = "ix_membership_one_stay"
HAS_NOT_LEFT = text("left_at IS NULL")


class Group(Base):
    """A working group: some members, a purpose, two who lead it."""

    __tablename__ = "working_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    is_private: Mapped[bool] = mapped_column(default=False)  # Does not exist for those outside.
    created_at: Mapped[datetime]

    memberships: Mapped[list["Membership"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class Membership(Base):
    """One stay of somebody in a group: leaving ends it, joining again begins another.

    Read through ``queries.live`` alone: those who left are no ghosts.
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index(
            ONE_STAY,
            "group_id",
            "person_id",
            unique=True,
            sqlite_where=HAS_NOT_LEFT,
            postgresql_where=HAS_NOT_LEFT,
        ),
        CheckConstraint("joined_at <= left_at", name="times_in_order"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), index=True)
    role: Mapped[str] = mapped_column(String(10), default=MembershipRole.MEMBER)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def is_lead(self) -> bool:
        """Whether they lead the group."""
        return self.role == MembershipRole.LEAD

    @property
    def is_guest(self) -> bool:
        """Whether they are there as a guest."""
        return self.role == MembershipRole.GUEST


class Post(Base):
    """A message in a group's thread."""

    __tablename__ = "post"
    __table_args__ = (Index(None, "group_id", "created_at"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    author: Mapped[Person | None] = relationship(lazy="raise")
