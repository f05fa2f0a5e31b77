"""Working groups, the people in them and what they write to each other."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.models import Person
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base


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
    """A member's place in a group."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("group_id", "person_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    is_lead: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class Post(Base):
    """A message in a group's thread."""

    __tablename__ = "post"
    __table_args__ = (Index(None, "group_id", "created_at"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]

    author: Mapped[Person | None] = relationship(lazy="raise")
