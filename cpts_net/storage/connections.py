"""The database, and how each connection to it is opened, on SQLite and on PostgreSQL."""

import sqlite3
from typing import Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event

from cpts_net.storage.orm import Base

db = SQLAlchemy(metadata=Base.metadata)
migrate = Migrate()
WRITE = "cpts_write"


def prepare(engine: Engine) -> None:
    """Make connections of ``engine`` durable, and their transactions whole."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin on its own, and only before a write: a page that
    # reads twice could then see two states.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A write that starts as a read fails at once when somebody else wrote in
    # between, however long it may wait; IMMEDIATE waits its turn instead.
    is_write = connection.get_execution_options().get(WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")
