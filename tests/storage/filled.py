"""A base with rows in every table, and what a migration must leave as it was."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Column, Table, func, insert, inspect, select, text
from sqlalchemy.types import TypeDecorator

from cpts_net.demo import actions
from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base
from cpts_net.storage.transaction import transaction

TODAY = date(2026, 8, 12)
VALUES: dict[type, Any] = {
    int: 1,
    str: "x",
    bool: False,
    object: {},  # JSON.
    date: TODAY,
    time: time(8),
    datetime: datetime(2026, 8, 12, 8, tzinfo=UTC),
}


def fill_every_table() -> None:
    """Load the demonstration, and give each table that it leaves empty one row."""
    with transaction():
        actions.load(members=226, setting=actions.setting_of(TODAY, 28))
    with transaction():
        for table in Base.metadata.sorted_tables:
            if not db.session.scalar(select(func.count()).select_from(table)):
                db.session.execute(insert(table).values(_row_of(table)))


def _row_of(table: Table) -> dict[str, Any]:
    return {column.name: _value_of(column) for column in table.columns if not _is_left_out(column)}


def _is_left_out(column: Column[Any]) -> bool:
    return column.nullable or (column.primary_key and column.autoincrement is not False and column.name == "id")


def _value_of(column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        return db.session.scalar(select(key.column).limit(1))
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return VALUES[plain.python_type]


def counts() -> dict[str, int]:
    """How many rows each table has."""
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0
            for name in sorted(inspect(connection).get_table_names())
        }


def counters() -> dict[str, int]:
    """The highest number that each table ever gave a row."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        else:
            question = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences"
            found = connection.execute(text(question))
        return dict(map(tuple, sorted(found)))
