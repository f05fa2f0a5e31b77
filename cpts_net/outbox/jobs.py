"""Work to be done after a change, recorded in the same transaction as the change."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from cpts_net.storage.connections import db
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base

Handler = Callable[[Any], None]
Handlers = Mapping[str, Handler]

LAST_ATTEMPT = 8
ABANDONED_AFTER = timedelta(minutes=5)
KEPT_FOR = timedelta(days=30)


class Job(Base):
    """One thing to do: its kind names the handler, its payload is JSON."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "run_at"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[Any] = mapped_column(JSON)
    run_at: Mapped[datetime | None]  # None: done, or given up.
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]


def enqueue(kind: str, payload: Any, at: datetime) -> None:
    """Have ``payload`` handled soon after ``at``, if the transaction commits."""
    db.session.add(Job(kind=kind, payload=payload, run_at=at))


def claim(now: datetime) -> tuple[int, str, Any] | None:
    """Take the next job that is due, as (id, kind, payload); None when there is none.

    The claim pushes the job's time on: should this process die, another takes
    the job up five minutes later. Several workers never get the same one.
    """
    due = select(Job.id).where(Job.run_at <= now).order_by(Job.run_at, Job.id).limit(1)
    if db.session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    row = db.session.execute(
        update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(run_at=now + ABANDONED_AFTER, attempts=Job.attempts + 1)
        .returning(Job.id, Job.kind, Job.payload)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return (row.id, row.kind, row.payload) if row else None


def finish(job_id: int, now: datetime) -> None:
    """Record that the job is done, and forget its payload: a mail may hold a sign-in link."""
    db.session.execute(
        update(Job).where(Job.id == job_id).values(run_at=None, payload={}, last_error="", finished_at=now)
    )


def postpone(job_id: int, error: str, now: datetime) -> None:
    """Try again after a growing delay; give up after the last attempt, keeping payload and error."""
    attempts = db.session.scalar(select(Job.attempts).where(Job.id == job_id)) or 0
    when: dict[str, datetime | None] = {"run_at": now + timedelta(seconds=15 * 2**attempts)}
    if attempts >= LAST_ATTEMPT:
        when = {"run_at": None, "finished_at": now}
    db.session.execute(update(Job).where(Job.id == job_id).values(last_error=error[:500], **when))


def forget(now: datetime) -> None:
    """Delete the jobs that were done, or given up, a month ago."""
    db.session.execute(delete(Job).where(Job.finished_at < now - KEPT_FOR))
