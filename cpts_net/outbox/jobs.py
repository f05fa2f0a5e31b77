"""Work to be done after a change, recorded in the same transaction as the change."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Index, select, update
from sqlalchemy.orm import Mapped, mapped_column

from cpts_net.outbox import pauses
from cpts_net.storage.connections import db
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base
from cpts_net.storage.sweeping import sweep

Handler = Callable[[Any], None]
Handlers = Mapping[str, Handler]
Outcome = Callable[..., None]  # Of a job's id, the words of an error if there is one, and the instant.

ABANDONED_AFTER = timedelta(minutes=5)
MOST_DEATHS = 3
KEPT_FOR = timedelta(days=30)
LONGEST_ERROR = 500


class RefusedForGood(Exception):
    """What a job is about will be refused whenever it is tried; says in whose words."""


class Job(Base):
    """One thing to do: its kind names the handler, its payload is JSON.

    An attempt is counted before it is made and once more when its outcome is
    known: what lies between the two are attempts that took their worker along.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "run_at"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[Any] = mapped_column(JSON)
    run_at: Mapped[datetime | None]  # None: done, or given up.
    attempts: Mapped[int] = mapped_column(default=0)
    outcomes: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    finished_at: Mapped[datetime | None]


def enqueue(kind: str, payload: Any, at: datetime) -> None:
    """Have ``payload`` handled soon after ``at``, if the transaction commits."""
    db.session.add(Job(kind=kind, payload=payload, run_at=at))


def claim(now: datetime) -> tuple[int, str, Any] | None:
    """Take the next job that is due, as (id, kind, payload); None when there is none.

    The claim pushes the job's time on: should this process die, another takes
    the job up five minutes later. Several workers never get the same one. A job
    at which worker after worker died is given up instead.
    """
    _give_up_deadly(now)
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


def _give_up_deadly(now: datetime) -> None:
    db.session.execute(
        update(Job)
        .where(Job.run_at <= now, Job.attempts - Job.outcomes >= MOST_DEATHS)
        .values(run_at=None, finished_at=now, last_error=f"the worker died at it {MOST_DEATHS} times")
        .execution_options(synchronize_session=False)
    )


def finish(job_id: int, now: datetime) -> None:
    """Record that the job is done, and forget its payload: a mail may hold a sign-in link."""
    db.session.execute(
        update(Job).where(Job.id == job_id).values(run_at=None, payload={}, last_error="", finished_at=now)
    )


def postpone(job_id: int, error: str, now: datetime) -> None:
    """Try again after a growing pause; give up after the last attempt, keeping payload and error."""
    attempts = db.session.scalar(select(Job.attempts).where(Job.id == job_id)) or 0
    pause = pauses.after(attempts)
    if pause is None:
        give_up(job_id, error, now)
    else:
        _record(job_id, error, run_at=now + pause)


def give_up(job_id: int, error: str, now: datetime) -> None:
    """Try no more by itself; payload and error are kept, so that somebody may have it tried again."""
    _record(job_id, error, run_at=None, finished_at=now)


def put_back(job_id: int, now: datetime) -> None:
    """Leave the job to whoever comes next, as if it had not been claimed."""
    db.session.execute(update(Job).where(Job.id == job_id).values(run_at=now, attempts=Job.attempts - 1))


def _record(job_id: int, error: str, **times: datetime | None) -> None:
    # Neither database takes every text that a server may say.
    words = error.replace("\x00", "").encode(errors="replace").decode()[:LONGEST_ERROR]
    db.session.execute(update(Job).where(Job.id == job_id).values(last_error=words, outcomes=Job.outcomes + 1, **times))


def retry(job_ids: list[int], now: datetime) -> None:
    """Have what waits, or was given up, tried at once, with all attempts before it."""
    db.session.execute(
        update(Job).where(Job.id.in_(job_ids)).values(run_at=now, finished_at=None, attempts=0, outcomes=0)
    )


def forget(now: datetime) -> None:
    """Delete the jobs that were done, or given up, a month ago."""
    sweep(Job, Job.finished_at < now - KEPT_FOR)
