"""Making sure that what a migration drops is gone from the disk, and not only from sight.

SQLite leaves dropped values in free pages of the file, PostgreSQL in old
versions of rows; both get rid of them only outside of any transaction.
"""

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

KEPT_IN = "tables_to_rewrite"


def forget(context: MigrationContext, *tables: str) -> None:
    """Have these tables written anew once the migrations are committed; for a migration that drops what nobody may read."""
    assert context.config is not None
    context.config.attributes.setdefault(KEPT_IN, set()).update(tables)


def rewrite_what_is_forgotten(context: MigrationContext, connection: Connection) -> None:
    """Leave of what was dropped nothing in the files of the base; earlier backups still hold it."""
    assert context.config is not None
    tables: set[str] = context.config.attributes.pop(KEPT_IN, set())
    if not tables:
        return
    connection.rollback()
    if connection.dialect.name == "sqlite":
        _rewrite_file(connection)
        return
    with connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
        for table in sorted(tables):
            alone.exec_driver_sql(f"VACUUM FULL {table}")


def _rewrite_file(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    for command in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
        cursor = driver.cursor()
        cursor.execute(command)
        cursor.fetchall() if cursor.description else None
        cursor.close()
