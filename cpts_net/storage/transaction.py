"""The two ways to use the database: change it whole, or read one state of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from cpts_net.storage.connections import WRITE, db


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block changed, all of it or nothing.

    What was read before is read again inside, so a decision is never taken on
    an old state. On SQLite writers wait for each other here; on PostgreSQL
    they do at the first ``revisions.bump`` of a scope they share.

    Raises:
        RuntimeError: if something was changed before the block began.
    """
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changed outside of a transaction")
    session.rollback()
    session.connection(execution_options={WRITE: True})
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def snapshot() -> Iterator[None]:
    """Read one state of the database, however many queries it takes."""
    session = db.session
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield
    finally:
        session.rollback()
