"""Numbers that rise with every change of a scope, and tell every process of it.

A scope is what somebody changes: ``continuity``, ``directory``, ``meetings``, ``group:7``,
``poll:12``, ``sessions``. A reader names the scopes of what it shows; a writer bumps those of what it
writes, and knows of no reader. The database is the bus: the number changes in the
same transaction as the data, so neither exists without the other.

No row is ever swept: without it a number would begin again at 1, and a page that
somebody kept open for months would take an older state for a newer one. Groups and
polls are never deleted, so a row is left for each of them, some thirty bytes.
"""

from collections.abc import Iterable

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from cpts_net.storage.connections import db
from cpts_net.storage.numbers import CHANNEL
from cpts_net.storage.orm import Base
from cpts_net.storage.transaction import announce, end_with

GROUPS = "groups"  # Which groups there are, their names, who leads them and who may know of them.
MEETINGS = "meetings"
DIRECTORY = "directory"
CONTINUITY = "continuity"
FEEDS = "feeds"  # Which feeds there are, their addresses and how they are set.
LEDGER = "ledger"  # What calendar entries were last written down.
SESSIONS = "sessions"
NOTICES = "notices"  # What people are told, and what of it they have seen: one for all of them.
# The kinds of scopes in the order in which their rows are locked: two writers who lock
# several at once in one order never wait for each other in a circle.
ORDER = (GROUPS, "group", MEETINGS, "poll", DIRECTORY, CONTINUITY, FEEDS, LEDGER, SESSIONS, NOTICES)


class Revision(Base):
    """How often a scope has changed."""

    __tablename__ = "revision"

    scope: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


# Written out once, as every reader asks it.
_NUMBERS = select(Revision.scope, Revision.number).where(Revision.scope.in_(bindparam("scopes", expanding=True)))


# Written out once, as every writer says them.
_ONE_MORE = text(
    "INSERT INTO revision (scope, number) VALUES (:scope, 1)"
    " ON CONFLICT (scope) DO UPDATE SET number = revision.number + 1"
)
_TELL = text("SELECT pg_notify(:channel, :scope)")


def bump(*scopes: str) -> None:
    """Count one more change of each of the scopes, in the transaction of that change.

    Call it first, and once for all scopes that the transaction concerns: their rows stay
    locked until the commit, so two writers of one scope take turns, and the second decides on
    what the first one left.
    """
    connection = db.session.connection()
    is_postgresql = connection.dialect.name == "postgresql"
    for scope in sorted(set(scopes), key=_place):
        connection.execute(_ONE_MORE, {"scope": scope})
        if is_postgresql:
            connection.execute(_TELL, {"channel": CHANNEL, "scope": scope})
    announce()


def bump_last(scope: str) -> None:
    """Count one more change of the scope at the end of this transaction, after all that it bumps itself.

    Whoever tells people does so in the midst of what it writes, and cannot know what will be bumped after.
    """
    end_with(scope, lambda: bump(scope))


def _place(scope: str) -> tuple[int, int]:
    kind, _, number = scope.partition(":")
    return ORDER.index(kind), int(number or 0)


def number(scope: str) -> int:
    """How often ``scope`` has changed, in the state that this reads; 0 for one that never did."""
    return numbers_of([scope])[scope]


def numbers_of(scopes: Iterable[str]) -> dict[str, int]:
    """How often each of the scopes has changed, in the state that this reads; 0 for one that never did."""
    wanted = dict.fromkeys(scopes, 0)
    rows = db.session.connection().execute(_NUMBERS, {"scopes": sorted(wanted)})
    return wanted | {row.scope: row.number for row in rows}
