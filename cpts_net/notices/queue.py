"""The one queue: what is to be sent is claimed by a worker, tried until it got through, and forgotten in the end."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select, update

from cpts_net.notices.models import Delivery, State
from cpts_net.outbox import pauses
from cpts_net.storage.connections import db
from cpts_net.storage.sweeping import sweep

ABANDONED_AFTER = timedelta(minutes=5)
MOST_DEATHS = 3
KEPT_FOR = timedelta(days=30)
LONGEST_ERROR = 500


class Claimed(NamedTuple):
    """A delivery that a worker has taken on itself."""

    id: int
    notice_id: int | None
    address: str
    kind: str
    letter: Any
    message_id: str
    written_at: datetime


def claim(now: datetime) -> Claimed | None:
    """Take the next delivery that is due; None when there is none.

    The claim pushes its time on: should this process die, another takes it up
    five minutes later. Several workers never get the same one. One at which
    worker after worker died is given up instead.
    """
    _give_up_deadly(now)
    due = select(Delivery.id).where(Delivery.state == State.WAITING, Delivery.due_at <= now)
    due = due.order_by(Delivery.due_at, Delivery.id).limit(1)
    if db.session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    row = db.session.execute(
        update(Delivery)
        .where(Delivery.id == due.scalar_subquery())
        .values(due_at=now + ABANDONED_AFTER, attempts=Delivery.attempts + 1)
        .returning(*(getattr(Delivery, name) for name in Claimed._fields))
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return Claimed(*row) if row else None


def _give_up_deadly(now: datetime) -> None:
    deadly = Delivery.attempts - Delivery.outcomes >= MOST_DEATHS
    db.session.execute(
        update(Delivery)
        .where(Delivery.state == State.WAITING, Delivery.due_at <= now, deadly)
        .values(state=State.FAILED, letter=None, finished_at=now, error=f"the worker died at it {MOST_DEATHS} times")
        .execution_options(synchronize_session=False)
    )


def finish(delivery_id: int, now: datetime) -> None:
    """Record that it was sent, and forget its text."""
    _end(delivery_id, State.SENT, "", now)


def drop(delivery_id: int, words: str, now: datetime) -> None:
    """Record that there was nothing to be told any more; ``words`` say why."""
    _end(delivery_id, State.VOID, words, now)


def postpone(delivery_id: int, error: str, now: datetime) -> None:
    """Try again after a growing pause; give up after the last attempt, keeping the error."""
    attempts = db.session.scalar(select(Delivery.attempts).where(Delivery.id == delivery_id)) or 0
    pause = pauses.after(attempts)
    if pause is None:
        give_up(delivery_id, error, now)
    else:
        _record(delivery_id, due_at=now + pause, error=_plain(error))


def give_up(delivery_id: int, error: str, now: datetime) -> None:
    """Try no more by itself; the error is kept, so that somebody may have it sent again."""
    _end(delivery_id, State.FAILED, error, now)


def put_back(delivery_id: int, now: datetime) -> None:
    """Leave it to whoever comes next, as if it had not been claimed."""
    db.session.execute(
        update(Delivery).where(Delivery.id == delivery_id).values(due_at=now, attempts=Delivery.attempts - 1)
    )


def retry(delivery_ids: list[int], now: datetime) -> None:
    """Have what waits, or was given up, tried at once, with all attempts before it."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(delivery_ids))
        .values(state=State.WAITING, due_at=now, finished_at=None, attempts=0, outcomes=0)
        .execution_options(synchronize_session=False)
    )


def forget(now: datetime) -> None:
    """Delete what was sent, given up or void a month ago."""
    sweep(Delivery, (Delivery.state != State.WAITING) & (Delivery.finished_at < now - KEPT_FOR))


def waiting() -> int:
    """How many are on their way."""
    return db.session.scalar(select(func.count(Delivery.id)).where(Delivery.state == State.WAITING)) or 0


def _end(delivery_id: int, state: State, words: str, now: datetime) -> None:
    _record(delivery_id, state=state, letter=None, error=_plain(words), finished_at=now)


def _plain(error: str) -> str:
    """What both databases take, whatever a server may say."""
    return error.replace("\x00", "").encode(errors="replace").decode()[:LONGEST_ERROR]


def _record(delivery_id: int, **columns: Any) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery_id)
        .values(outcomes=Delivery.outcomes + 1, **columns)
        .execution_options(synchronize_session=False)
    )
