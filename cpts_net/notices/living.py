"""Whether a worker lives: it says so itself, in the database, since it may run on a machine of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from cpts_net.notices.models import WorkerSign
from cpts_net.storage.connections import db

SIGN_EVERY = timedelta(seconds=30)
# A mail server that takes its time keeps a worker silent for a minute and a half: several waits of twenty seconds.
SILENT_AFTER = timedelta(minutes=3)
THE_ROW = 1


class Life(StrEnum):
    """What is known of the workers."""

    NEVER_SEEN = "never seen"
    LIVES = "lives"
    ENDED = "ended"  # The last one was told to.
    SILENT = "silent"  # It died, or cannot reach the database.


@dataclass(frozen=True)
class Living:
    """What is known of the workers, and when one was last seen."""

    life: Life
    seen_at: datetime | None = None


def sign(now: datetime, *, ends: bool = False) -> None:
    """Write down that a worker lives, or that it ``ends``; one that goes on says so again."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    columns = {"seen_at": now, "has_ended": ends}
    adding = dialect.insert(WorkerSign).values(id=THE_ROW, **columns)
    db.session.execute(adding.on_conflict_do_update(index_elements=[WorkerSign.id], set_=columns))


def living(now: datetime) -> Living:
    """Whether anybody sends what is written down."""
    found = db.session.execute(select(WorkerSign.seen_at, WorkerSign.has_ended)).one_or_none()
    if found is None:
        return Living(Life.NEVER_SEEN)
    if found.has_ended:
        return Living(Life.ENDED, found.seen_at)
    return Living(Life.SILENT if now - found.seen_at > SILENT_AFTER else Life.LIVES, found.seen_at)
