"""The turns that writers take: SQLite has one at a time, and who waits for it keeps a thread of the web server."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from sqlalchemy.exc import TimeoutError as WaitedTooLong

# How long a writer waits for the writers before it, in seconds; then its page says so.
PATIENCE = 5
# Beyond what may wait for long: a burst passes in that time, a lock that somebody holds does not.
MOMENT = 0.5


class Turns:
    """Lets one thread of this process write at a time, without a connection while it waits.

    Of ``threads`` a quarter is left to who reads, however many want to write
    and however long somebody holds the lock.
    """

    def __init__(self, threads: int) -> None:
        self._may_wait = BoundedSemaphore(max(1, threads * 3 // 4))
        self._turn = Lock()

    @contextmanager
    def taken(self, patience: float) -> Iterator[None]:
        """Run the block when its turn has come, within so many seconds.

        Raises:
            sqlalchemy.exc.TimeoutError: when it does not come.
        """
        with _within(self._may_wait, min(patience, MOMENT)), _within(self._turn, patience):
            yield


@contextmanager
def _within(lock: "BoundedSemaphore | Lock", seconds: float) -> Iterator[None]:
    if not lock.acquire(timeout=seconds):
        raise WaitedTooLong("others are still writing")
    try:
        yield
    finally:
        lock.release()
