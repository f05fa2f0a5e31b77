"""The numbers of all scopes as this process knows them: without a query while nothing has changed.

SQLite counts the commits of others (``PRAGMA data_version``): a question to a connection that
is kept for it takes some microseconds, and its answer is sure. PostgreSQL tells us by
notices; a process knows of its own changes at once, of those of another as soon as the notice
is here, and after a second at the latest, should one be lost.
"""

import select
import sqlite3
import time
from collections.abc import Callable, Mapping
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple, Protocol

import psycopg
import sqlalchemy as sa
from flask import Flask, current_app, has_request_context, request

CHANNEL = "revision"
KEY = "cpts-numbers"
LOOK = "_look_at_numbers"  # Of a request: neither of its environment, which a socket keeps, nor of its application's.
SLOW_POLL = 1.0  # Seconds after which PostgreSQL is asked anyway, should a notice be lost.
CONNECT_TIMEOUT = 5  # Seconds.
_EVERY = "SELECT scope, number FROM revision"


class _Source(Protocol):
    """A connection of our own to the base, beside those of the requests."""

    def has_changed(self) -> bool:
        """Whether anybody may have committed a change since this was asked last."""

    def numbers(self) -> dict[str, int]: ...

    def wait(self, seconds: float, glance: float) -> None: ...

    def close(self) -> None: ...


class Look(NamedTuple):
    """The numbers, and when they were asked for, of the monotonic clock."""

    at: float
    numbers: Mapping[str, int]


class NumbersUnknown(ConnectionError):
    """The base cannot be asked."""


class Numbers:
    """The number of every scope that ever changed, for all threads of a process."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._source: _Source | None = None
        self._known: Mapping[str, int] = MappingProxyType({})
        self._is_in_doubt = False
        self._lock = Lock()
        self.on_doubt: Callable[[], None] = lambda: None

    def known(self) -> Mapping[str, int]:
        """Every change that was committed before the call; the same mapping as before if there was none.

        Raises:
            NumbersUnknown: when the base cannot be asked.
        """
        with self._lock:
            try:
                return self._look()
            except (sqlite3.Error, psycopg.Error) as error:
                self._forget()
                raise NumbersUnknown from error

    def _look(self) -> Mapping[str, int]:
        is_new = self._source is None
        source = self._source = self._source or _source(self._url)
        # First: what is committed while we read is found again at the next look.
        if source.has_changed() or self._is_in_doubt or is_new:
            self._is_in_doubt = False
            numbers = source.numbers()
            if numbers != self._known:
                self._known = MappingProxyType(numbers)
        return self._known

    def wait(self, seconds: float, glance: float) -> None:
        """Return when something may have changed: SQLite is looked at every ``glance`` seconds, PostgreSQL wakes us.

        After ``seconds`` at the latest. For the one who watches; many who wait would take the notices from each other.
        """
        if self._source:
            self._source.wait(seconds, glance)

    def doubt(self) -> None:
        """Ask the base at the next look, whatever was or was not heard of a change."""
        self._is_in_doubt = True
        self.on_doubt()

    def _forget(self) -> None:
        if self._source:
            self._source.close()
        self._source = None

    def close(self) -> None:
        """Give the connection back; the next look opens another."""
        with self._lock:
            self._forget()


def _source(url: sa.URL) -> _Source:
    return _SQLite(url) if url.get_backend_name() == "sqlite" else _PostgreSQL(url)


class _SQLite:
    def __init__(self, url: sa.URL) -> None:
        self._connection = sqlite3.connect(url.database or "", isolation_level=None, check_same_thread=False)
        self._version: int | None = None

    def has_changed(self) -> bool:
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        before, self._version = self._version, version
        return bool(before != version)

    def numbers(self) -> dict[str, int]:
        return dict(self._connection.execute(_EVERY).fetchall())

    def wait(self, _seconds: float, glance: float) -> None:
        time.sleep(glance)

    def close(self) -> None:
        self._connection.close()


class _PostgreSQL:
    def __init__(self, url: sa.URL) -> None:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection = psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_TIMEOUT)
        self._connection.execute(f"LISTEN {CHANNEL}")
        self._asked_at = float("-inf")

    def has_changed(self) -> bool:
        return self._has_heard() or time.monotonic() - self._asked_at >= SLOW_POLL

    def _has_heard(self) -> bool:
        """Whether something lies in the socket: a notice, or the end of the connection."""
        if not select.select([self._connection.fileno()], [], [], 0)[0]:
            return False
        for _notice in self._connection.notifies(timeout=0):
            pass  # The numbers say which scopes they were of.
        return True

    def numbers(self) -> dict[str, int]:
        self._asked_at = time.monotonic()
        return dict(self._connection.execute(_EVERY).fetchall())

    def wait(self, seconds: float, _glance: float) -> None:
        select.select([self._connection.fileno()], [], [], seconds)

    def close(self) -> None:
        self._connection.close()


def prepare(app: Flask, url: sa.URL) -> Numbers:
    """Let ``app`` know its numbers; connects at the first question."""
    found = app.extensions[KEY] = Numbers(url)
    return found


def numbers() -> Numbers:
    """Those of this application."""
    found: Numbers = current_app.extensions[KEY]
    return found


def look(*, is_fresh: bool) -> Look:
    """What was known at some time of this request, asked once for all of it; ``is_fresh``: asked now.

    Each question lets go of the interpreter, which beside others who compute it takes milliseconds to have back. Our
    own changes make it forget: ``forget_look``. Outside of a request every look is fresh.

    Raises:
        NumbersUnknown: when the base cannot be asked.
    """
    if not has_request_context():
        return Look(time.monotonic(), numbers().known())
    found: Look | None = None if is_fresh else getattr(request, LOOK, None)
    if found is None:
        found = Look(time.monotonic(), numbers().known())
        setattr(request, LOOK, found)
    return found


def forget_look() -> None:
    """Ask again at the next look of this request."""
    if has_request_context():
        setattr(request, LOOK, None)
