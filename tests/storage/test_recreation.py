"""A migration that changes a table loses no row, no counter and no rule of any table."""

import re
import shutil
from pathlib import Path
from textwrap import dedent, indent

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cpts_net.paths import ROOT
from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base
from cpts_net.storage.recreation import OrphansLeft
from cpts_net.storage.transaction import transaction
from tests.storage.filled import counters, counts, fill_every_table

BETWEEN_RULES = re.compile(r"\n|, (?=[a-z_]+ [A-Z])")  # A column that is added stands in the line of the last one.
CHANGED = ("person", "absence", "duty_line", "duty_slot")
ADDS_A_COLUMN = """
for name in {tables!r}:
    with op.batch_alter_table(name, recreate={recreate!r}) as batch:
        batch.add_column(sa.Column("added", sa.String(), server_default="", nullable=False))
"""
DROPS_IT = """
for name in {tables!r}:
    with op.batch_alter_table(name) as batch:
        batch.drop_column("added")
"""


@pytest.fixture
def on_sqlite(empty):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL alters a table where it stands")


@pytest.fixture
def filled(empty):
    upgrade()
    fill_every_table()


@pytest.fixture
def migrations(tmp_path):
    """Our migrations, with one more that does what the test says: ``migrations(up, down)``."""

    def written(up: str, down: str = "pass") -> str:
        folder = tmp_path / "migrations"
        shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
        newest = max(path.name[:4] for path in (folder / "versions").glob("[0-9]*.py"))
        blocks = [
            f"def {name}():\n{indent(dedent(body).strip(), '    ')}\n"
            for name, body in (("upgrade", up), ("downgrade", down))
        ]
        head = f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "9999"\ndown_revision = "{newest}"\n\n'
        Path(folder, "versions", "9999_test.py").write_text(head + "\n".join(blocks))
        return str(folder)

    return written


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    "tables", [CHANGED, tuple(table.name for table in Base.metadata.sorted_tables)], ids=["four", "all"]
)
def test_a_table_made_anew_keeps_every_row_and_every_counter(migrations, tables):
    rows, highest = counts(), counters()
    assert min(rows.values()) > 0
    directory = migrations(
        ADDS_A_COLUMN.format(tables=tables, recreate=made_anew()),
        DROPS_IT.format(tables=tables),
    )

    upgrade(directory=directory)
    assert (counts(), counters()) == (rows, highest)

    downgrade(directory=directory)
    assert (counts(), counters()) == (rows, highest)


@pytest.mark.usefixtures("filled")
def test_numbers_of_deleted_rows_are_not_given_again(migrations):
    with transaction():
        for table in ("seat_change", "duty_seat", "duty_slot"):
            db.session.execute(text(f"DELETE FROM {table}"))
        db.session.execute(text("DELETE FROM absence WHERE id > 3"))
    highest = counters()

    upgrade(directory=migrations(ADDS_A_COLUMN.format(tables=CHANGED, recreate=made_anew())))

    assert counters() == highest
    assert counts()["duty_slot"] == 0 < highest[sequence_of("duty_slot")]


def made_anew() -> str:
    """SQLite's way, even where a new column would not need it."""
    return "always" if db.engine.dialect.name == "sqlite" else "auto"


def sequence_of(table: str) -> str:
    return table if db.engine.dialect.name == "sqlite" else f"{table}_id_seq"


@pytest.mark.usefixtures("on_sqlite", "filled")
def test_a_table_made_anew_keeps_its_rules_and_triggers(migrations):
    with transaction():
        db.session.execute(text("CREATE UNIQUE INDEX ix_absence_open ON absence (id, note) WHERE cancelled_at IS NULL"))
        db.session.execute(text("CREATE TRIGGER kept AFTER DELETE ON absence BEGIN SELECT '%(x)s'; END"))
    before = rules_of("absence")
    assert any("AUTOINCREMENT" in rule for rule in before)

    directory = migrations(ADDS_A_COLUMN.format(tables=CHANGED, recreate="always"), DROPS_IT.format(tables=CHANGED))
    upgrade(directory=directory)
    downgrade(directory=directory)

    assert rules_of("absence") == before


def rules_of(table: str) -> set[str]:
    """The lines that say what the database holds to, in any order."""
    with db.engine.connect() as connection:
        found = connection.scalars(text("SELECT sql FROM sqlite_schema WHERE tbl_name = :table"), {"table": table})
        return {
            " ".join(rule.split()).strip(", ") for sql in found if sql for rule in BETWEEN_RULES.split(sql)[1:] or [sql]
        }


@pytest.mark.usefixtures("on_sqlite", "filled")
def test_a_migration_that_leaves_orphans_changes_nothing_and_names_them(migrations):
    rows = counts()

    with pytest.raises(OrphansLeft, match="absence refers to missing rows of person"):
        upgrade(directory=migrations('op.execute("DELETE FROM person")'))

    assert counts() == rows


@pytest.mark.usefixtures("filled")
def test_foreign_keys_hold_again_after_a_migration(migrations):
    upgrade(directory=migrations("pass"))

    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("UPDATE absence SET person_id = 0"))


@pytest.mark.usefixtures("on_sqlite", "filled")
def test_foreign_keys_hold_again_after_a_migration_that_failed(migrations):
    with pytest.raises(ZeroDivisionError):
        upgrade(directory=migrations('op.execute("DELETE FROM relay")\n1 / 0'))

    with db.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("SELECT count(*) FROM relay")) > 0
