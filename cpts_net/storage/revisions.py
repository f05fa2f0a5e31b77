"""Numbers that rise with every change of a scope, and tell every process of it.

A scope is what a page shows: ``continuity``, ``directory``, ``meetings``, ``group:7``,
``poll:12``, ``sessions``. The database is the bus: the number changes in the
same transaction as the data, so neither exists without the other.

No row is ever swept: without it a number would begin again at 1, and a page that
somebody kept open for months would take an older state for a newer one. Groups and
polls are never deleted, so a row is left for each of them, some thirty bytes.
"""

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base

CONTINUITY = "continuity"
DIRECTORY = "directory"
MEETINGS = "meetings"
SESSIONS = "sessions"
CHANNEL = "revision"


class Revision(Base):
    """How often a scope has changed."""

    __tablename__ = "revision"

    scope: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


# Written out once, and asked below the session, which has nothing to add: every page asks it.
_OF_SCOPE = select(Revision.number).where(Revision.scope == bindparam("scope"))


def bump(scope: str) -> None:
    """Count one more change of ``scope``, in the transaction of that change.

    Call it first: the row stays locked until the commit, so two writers of one
    scope take turns, and the second decides on what the first one left.
    """
    db.session.execute(
        text(
            "INSERT INTO revision (scope, number) VALUES (:scope, 1)"
            " ON CONFLICT (scope) DO UPDATE SET number = revision.number + 1"
        ),
        {"scope": scope},
    )
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_notify(:channel, :scope)"), {"channel": CHANNEL, "scope": scope})


def number(scope: str) -> int:
    """How often ``scope`` has changed; 0 for one that never did."""
    return db.session.connection().scalar(_OF_SCOPE, {"scope": scope}) or 0


def numbers() -> dict[str, int]:
    """The number of every scope that ever changed."""
    rows = db.session.execute(select(Revision.scope, Revision.number))
    return {row.scope: row.number for row in rows}
