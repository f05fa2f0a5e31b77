"""The database, and how each connection to it is opened, on SQLite and on PostgreSQL."""

import sqlite3
from typing import Any

import psycopg
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, event, make_url

from cpts_net.storage import numbers
from cpts_net.storage.orm import Base
from cpts_net.storage.turns import PATIENCE, Turns

db = SQLAlchemy(metadata=Base.metadata)
WRITE = "cpts_write"  # Of a connection: how many seconds it may wait to write.
TURNS = "cpts-turns"


def engine_options(url: str, threads: int) -> dict[str, Any]:
    """How the engine of a process with so many threads is made.

    Each thread may have a connection: one that waits for another thread to
    give its own back would wait for that one's writing too. A feed uses a
    second one for a moment.
    """
    options: dict[str, Any] = {"pool_size": threads, "max_overflow": 4}
    if make_url(url).get_backend_name() == "postgresql":
        # A server that was started anew closed the connections that we kept.
        options["pool_pre_ping"] = True
        options["connect_args"] = {"connect_timeout": PATIENCE}
    return options


def prepare(app: Flask, threads: int) -> None:
    """Make connections of ``app`` durable, and their transactions whole."""
    engine = db.engine
    known = numbers.prepare(app, engine.url)
    event.listen(engine, "engine_disposed", lambda _engine: known.close())
    if engine.dialect.name == "sqlite":
        app.extensions[TURNS] = Turns(threads)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _open_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin on its own, and only before a write: a page that
    # reads twice could then see two states.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", _busy_timeout(PATIENCE)):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    patience = _patience(connection)
    if patience is None:
        connection.exec_driver_sql("BEGIN")
        return
    # A write that starts as a read fails at once when somebody else wrote in
    # between, however long it may wait; IMMEDIATE waits its turn instead.
    connection.exec_driver_sql(f"PRAGMA {_busy_timeout(patience)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _busy_timeout(seconds: float) -> str:
    return f"busy_timeout={int(seconds * 1000)}"


def _begin_postgresql(connection: Connection) -> None:
    # As on SQLite, what only reads reads one state, however many queries it
    # takes: a page would otherwise meet a slot of a line that it did not see.
    # A writer reads anew once it has its turn.
    levels = psycopg.IsolationLevel
    patience = _patience(connection)
    driver: Any = connection.connection.dbapi_connection
    driver.isolation_level = levels.REPEATABLE_READ if patience is None else levels.READ_COMMITTED
    if patience is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, int(patience * 1000))}")


def _patience(connection: Connection) -> float | None:
    """How many seconds a writer waits; None for a reader."""
    patience: float | None = connection.get_execution_options().get(WRITE)
    return patience
