"""What SQLite would lose when a migration changes a table: it cannot alter one, so Alembic makes it anew.

The old table is dropped on the way. With foreign keys on, every row that
refers to it goes with it; its counter, AUTOINCREMENT and its triggers go too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic.ddl.sqlite import SQLiteImpl
from alembic.operations.batch import ApplyBatchImpl
from sqlalchemy import Connection, Table, text

UNDER_WAY = "_alembic_tmp_"


class OrphansLeft(Exception):
    """A migration would leave rows that refer to rows which are not there; names their tables."""


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let tables be dropped and made anew without their rows' followers; for a connection that has not begun.

    Inside a transaction the PRAGMA does nothing. The connection goes back to
    a pool, so it goes back as it came.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_orphans(connection: Connection) -> None:
    """Ask what foreign keys would have asked, before the commit of a migration.

    Raises:
        OrphansLeft: when a row refers to one that is not there.
    """
    if connection.dialect.name != "sqlite":
        return
    broken = {(row.table, row.parent) for row in connection.execute(text("PRAGMA foreign_key_check"))}
    if broken:
        raise OrphansLeft("; ".join(f"{table} refers to missing rows of {parent}" for table, parent in sorted(broken)))


class KeepingImpl(SQLiteImpl):
    """Alembic's way to make a table anew, which keeps its counter, its AUTOINCREMENT and its triggers.

    A counter that falls back gives the number of a deleted row to the next
    one, and with it a calendar entry's UID that people's phones hold already.
    """

    __dialect__ = "sqlite"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._counters: dict[str, int] = {}
        self._triggers: dict[str, list[str]] = {}

    def prep_table_for_batch(self, batch_impl: ApplyBatchImpl, table: Table) -> None:
        """Take down what the table that is about to be dropped knows."""
        sql = self._asked("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = :table", table.name)
        is_counted = "AUTOINCREMENT" in sql[0].upper()
        if is_counted and batch_impl.new_table is not None:
            batch_impl.new_table.dialect_options["sqlite"]["autoincrement"] = True
        counter = self._asked("SELECT seq FROM sqlite_sequence WHERE name = :table", table.name) if is_counted else []
        self._counters[table.name] = max(counter, default=0)
        self._triggers[table.name] = self._asked(
            "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = :table", table.name
        )

    def rename_table(self, old_table_name: str, new_table_name: Any, schema: Any = None) -> None:
        """Name a table; give one that takes another's place what that one knew."""
        super().rename_table(old_table_name, new_table_name, schema)
        if old_table_name.startswith(UNDER_WAY):
            self._carry_over(str(new_table_name))

    def _carry_over(self, table: str) -> None:
        connection = self._connected()
        if counter := self._counters.pop(table, 0):
            # A table that was copied without a row has no counter yet.
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
            values = {"table": table, "counter": counter}
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :counter)"), values)
        for trigger in self._triggers.pop(table, ()):
            connection.exec_driver_sql(trigger)

    def _asked(self, question: str, table: str) -> list[Any]:
        return list(self._connected().scalars(text(question), {"table": table}))

    def _connected(self) -> Connection:
        assert self.connection is not None, "a script for somebody else's base knows no counters"
        return self.connection
