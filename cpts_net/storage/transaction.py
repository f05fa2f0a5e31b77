"""The two ways to use the database: change it whole, or read one state of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from flask import current_app, g

from cpts_net.storage.connections import TURNS, WRITE, db
from cpts_net.storage.numbers import forget_look, numbers
from cpts_net.storage.turns import PATIENCE, Turns

FIRST_STEP = "first step"
LAST_STEPS = "last steps"
BUMPED = "bumped"


@contextmanager
def transaction(patience: float = PATIENCE) -> Iterator[None]:
    """Commit what the block changed, all of it or nothing.

    What was read before is read again inside, so a decision is never taken on
    an old state. On SQLite writers wait for each other here; on PostgreSQL
    they do at the first ``revisions.bump`` of a scope they share. What a
    reader may do without waits with less ``patience``, in seconds.

    Raises:
        RuntimeError: if something was changed before the block began.
        sqlalchemy.exc.TimeoutError, OperationalError: when others write for longer than that.
    """
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changed outside of a transaction")
    session.rollback()
    with _in_turn(patience):
        try:
            session.connection(execution_options={WRITE: patience})
            if step := session.info.pop(FIRST_STEP, None):
                step()
            yield
            for last in session.info.pop(LAST_STEPS, {}).values():
                last()
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(LAST_STEPS, None)
            # Our own changes are never learnt of from others, nor later than the answer that acknowledges them.
            if session.info.pop(BUMPED, False):
                numbers().doubt()
                forget_look()
                g.has_written = True


def begin_with(step: Callable[[], None]) -> None:
    """Do ``step`` first in the next transaction of this request, whoever opens it."""
    db.session.info[FIRST_STEP] = step


def end_with(name: str, step: Callable[[], None]) -> None:
    """Do ``step`` last in this transaction, just before its commit; once for all who ask for it by this name."""
    db.session.info.setdefault(LAST_STEPS, {})[name] = step


def announce() -> None:
    """Let this process look for new numbers once the transaction has ended."""
    db.session.info[BUMPED] = True


def is_writing() -> bool:
    """Whether a transaction is under way that may change something, and see what nobody else does yet."""
    return WRITE in db.session.connection().get_execution_options()


def _in_turn(patience: float) -> AbstractContextManager[None]:
    # PostgreSQL lets them write side by side.
    turns: Turns | None = current_app.extensions.get(TURNS)
    return turns.taken(patience) if turns else nullcontext()


@contextmanager
def snapshot() -> Iterator[None]:
    """Read one state of the database, newer than what was read before, however many queries it takes."""
    session = db.session
    session.rollback()
    try:
        yield
    finally:
        session.rollback()
