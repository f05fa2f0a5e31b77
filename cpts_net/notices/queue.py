"""The one queue: what is to be sent is claimed by a worker, tried until it got through, and forgotten in the end."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select, update

from cpts_net.notices.models import Channel, Delivery, State
from cpts_net.outbox import pauses
from cpts_net.settings import current_settings
from cpts_net.storage.connections import db
from cpts_net.storage.sweeping import sweep

ABANDONED_AFTER = timedelta(minutes=5)
MOST_DEATHS = 3
KEPT_FOR = timedelta(days=30)
LONGEST_ERROR = 500

Outcome = Callable[[datetime], None]  # To be called in a transaction, with the instant.


class Claimed(NamedTuple):
    """A delivery that a worker has taken on itself; ``others`` are those that go in the same message."""

    id: int
    notice_id: int | None
    address: str
    kind: str
    letter: Any
    message_id: str
    written_at: datetime
    channel: str = Channel.MAIL
    begins_at: datetime | None = None
    in_digest: bool = False
    others: tuple[int, ...] = ()

    @property
    def ids(self) -> tuple[int, ...]:
        """All that this message ends."""
        return (self.id, *self.others)


FIRST: Any = Delivery.__table__.alias().c  # Of a digest; named once, for that takes as long as to claim it.
COLUMNS = tuple(getattr(Delivery, name) for name in Claimed._fields if name != "others")


def claim(now: datetime) -> Claimed | None:
    """Take the next delivery that is due, with all of its digest; None when there is none.

    The claim pushes its time on: should this process die, another takes it up
    five minutes later. Several workers never get the same one. One at which
    worker after worker died is given up instead.
    """
    _give_up_deadly(now)
    due = select(Delivery.id).where(Delivery.state == State.WAITING, Delivery.due_at <= now, ~_follows())
    due = due.order_by(Delivery.due_at, Delivery.id).limit(1)
    if db.session.get_bind().dialect.name == "postgresql":
        due = due.with_for_update(skip_locked=True)
    row = db.session.execute(
        update(Delivery)
        .where(Delivery.id == due.scalar_subquery())
        .values(due_at=now + ABANDONED_AFTER, attempts=Delivery.attempts + 1)
        .returning(*COLUMNS)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    claimed = Claimed(*row)
    return _with_others(claimed, now) if claimed.in_digest else claimed


def _follows() -> Any:
    """Whether another one of the same digest is claimed first, and this one with it."""
    earlier = (FIRST.message_id == Delivery.message_id, FIRST.state == State.WAITING, FIRST.id < Delivery.id)
    return Delivery.in_digest & exists().where(*earlier)


def _with_others(claimed: Claimed, now: datetime) -> Claimed:
    """Take what goes in the same digest; one that came after the digest had gone is another message."""
    of_digest = Delivery.message_id == claimed.message_id
    others = db.session.scalars(
        update(Delivery)
        .where(of_digest, Delivery.state == State.WAITING, Delivery.due_at <= now, Delivery.id != claimed.id)
        .values(due_at=now + ABANDONED_AFTER, attempts=Delivery.attempts + 1)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    claimed = claimed._replace(others=tuple(sorted(others)))
    if db.session.scalar(select(Delivery.id).where(of_digest, Delivery.state == State.SENT).limit(1)) is None:
        return claimed
    claimed = claimed._replace(message_id=make_msgid(domain=current_settings().host))
    _change(claimed.ids, message_id=claimed.message_id)
    return claimed


def _give_up_deadly(now: datetime) -> None:
    deadly = Delivery.attempts - Delivery.outcomes >= MOST_DEATHS
    db.session.execute(
        update(Delivery)
        .where(Delivery.state == State.WAITING, Delivery.due_at <= now, deadly)
        .values(state=State.FAILED, letter=None, finished_at=now, error=f"the worker died at it {MOST_DEATHS} times")
        .execution_options(synchronize_session=False)
    )


def finish(delivery_ids: Collection[int], now: datetime) -> None:
    """Record that they were sent, and forget their text."""
    _end(delivery_ids, State.SENT, "", now)


def drop(delivery_ids: Collection[int], words: str, now: datetime) -> None:
    """Record that there was nothing to be told any more; ``words`` say why."""
    _end(delivery_ids, State.VOID, words, now)


def postpone(delivery_ids: Collection[int], error: str, now: datetime) -> None:
    """Try again after a growing pause; give up after the last attempt, keeping the error."""
    attempts = db.session.scalar(select(func.max(Delivery.attempts)).where(Delivery.id.in_(delivery_ids))) or 0
    pause = pauses.after(attempts)
    if pause is None:
        give_up(delivery_ids, error, now)
    else:
        _record(delivery_ids, due_at=now + pause, error=_plain(error))


def give_up(delivery_ids: Collection[int], error: str, now: datetime) -> None:
    """Try no more by itself; the error is kept, so that somebody may have it sent again."""
    _end(delivery_ids, State.FAILED, error, now)


def part(delivery_id: int, error: str, now: datetime) -> None:
    """Let one that its digest failed at go by itself, so that the others do not wait for it."""
    _change([delivery_id], message_id=make_msgid(domain=current_settings().host), in_digest=False)
    postpone([delivery_id], error, now)


def put_back(delivery_ids: Collection[int], now: datetime) -> None:
    """Leave it to whoever comes next, as if it had not been claimed."""
    _change(delivery_ids, due_at=now, attempts=Delivery.attempts - 1)


def retry(delivery_ids: Collection[int], now: datetime) -> None:
    """Have what waits, or was given up, tried at once, with all attempts before it; a digest with all that is left of it."""
    chosen = select(Delivery.message_id).where(Delivery.id.in_(delivery_ids), Delivery.in_digest)
    left = Delivery.message_id.in_(chosen) & Delivery.state.in_([State.WAITING, State.FAILED])
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(delivery_ids) | left)
        .values(state=State.WAITING, due_at=now, finished_at=None, attempts=0, outcomes=0)
        .execution_options(synchronize_session=False)
    )


def forget(now: datetime) -> None:
    """Delete what was sent, given up or void a month ago."""
    sweep(Delivery, (Delivery.state != State.WAITING) & (Delivery.finished_at < now - KEPT_FOR))


def _end(delivery_ids: Collection[int], state: State, words: str, now: datetime) -> None:
    _record(delivery_ids, state=state, letter=None, error=_plain(words), finished_at=now)


def _plain(error: str) -> str:
    """What both databases take, whatever a server may say."""
    return error.replace("\x00", "").encode(errors="replace").decode()[:LONGEST_ERROR]


def _record(delivery_ids: Collection[int], **columns: Any) -> None:
    _change(delivery_ids, outcomes=Delivery.outcomes + 1, **columns)


def _change(delivery_ids: Collection[int], **columns: Any) -> None:
    db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(delivery_ids))
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
