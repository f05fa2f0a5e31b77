"""Noticing that a revision rose, within milliseconds, on either database."""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import sqlalchemy as sa
from flask import Flask

from cpts_net.storage import revisions
from cpts_net.storage.connections import db

log = logging.getLogger(__name__)

GLANCE = 0.02  # Seconds between two looks at SQLite's counter; a look takes microseconds.
BURST = 0.05  # Seconds that changes are gathered before anything is rendered.
SLOW_POLL = 1.0  # Seconds after which PostgreSQL is asked anyway, should a notice be lost.
LATE = 2.0  # Seconds without a look after which no screen may call itself live.
RETRY = 1.0


class Watcher:
    """Follows the revisions for as long as it is told to.

    ``wait`` is the event loop's sleep; ``on_change`` gets the scopes whose
    number rose, ``on_look`` is called at every look, several times a second.
    """

    def __init__(
        self,
        app: Flask,
        on_change: Callable[[set[str]], None],
        on_look: Callable[[], None],
        wait: Callable[[float], None],
    ) -> None:
        self.app = app
        self.on_change = on_change
        self.on_look = on_look
        self.wait = wait
        self.is_running = True
        self._numbers: dict[str, int] = {}
        self._last_look = float("-inf")
        self.looked_at = float("-inf")  # The instant whose state the pictures show, of the monotonic clock.

    def is_late(self) -> bool:
        """Whether a change may have gone unseen for longer than a screen may keep quiet about."""
        return time.monotonic() - self._last_look > LATE

    def run(self) -> None:
        """Watch; when the database goes away, come back to it."""
        with self.app.app_context():
            url = db.engine.url
        looks = self._sqlite_looks if url.get_backend_name() == "sqlite" else self._postgresql_looks
        while self.is_running:
            try:
                for has_changed in looks(url):
                    self._look(has_changed)
                    if not self.is_running:
                        return
            except Exception:
                # Whatever it was: a watcher that has ended would leave every screen in the past.
                log.exception("watching failed; trying again")
                self._numbers = {}
                self.wait(RETRY)

    def _look(self, has_changed: bool) -> None:
        began = time.monotonic()
        if has_changed:
            self.wait(BURST)
            with self.app.app_context():
                numbers = revisions.numbers()
            changed = {scope for scope, number in numbers.items() if self._numbers.get(scope) != number}
            self._numbers = numbers
            self.on_change(changed)
        self.on_look()
        self.looked_at = began
        self._last_look = time.monotonic()

    def _sqlite_looks(self, url: sa.URL) -> Iterator[bool]:
        """Whether anybody committed since the last look, every few milliseconds."""
        with closing(sqlite3.connect(url.database or "", isolation_level=None)) as connection:
            seen = None
            while True:
                (version,) = connection.execute("PRAGMA data_version").fetchone()
                yield version != seen
                seen = version
                self.wait(GLANCE)

    def _postgresql_looks(self, url: sa.URL) -> Iterator[bool]:
        """Whether a notice came, as soon as it does; true at every slow poll too."""
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"LISTEN {revisions.CHANNEL}")
            while True:
                yield True
                for _ in connection.notifies(timeout=SLOW_POLL, stop_after=1):
                    pass
