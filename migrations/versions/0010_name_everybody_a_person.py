"""Name everybody a person: the table, the columns that refer to it, and what is named after them."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REFERRING = (
    "absence",
    "account",
    "duty_seat",
    "invitation",
    "membership",
    "poll_answer",
    "practice_site",
    "relay",
    "sent_invitation",
)


def upgrade():
    rename("member", "person")


def downgrade():
    rename("person", "member")


def rename(old, new):
    """Without copying a row; whatever carries the old name in its own is named anew with it."""
    op.rename_table(old, new)
    for table in REFERRING:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old}_id TO {new}_id")
    word = re.compile(rf"(?<![a-z]){old}(?![a-z])")
    if op.get_bind().dialect.name == "sqlite":
        name_anew_on_sqlite(word, new)
    else:
        name_anew_on_postgresql(word, new)
    for column in ("subject", "detail"):  # The trail: "slot:12 member:3".
        op.execute(f"UPDATE audit_entry SET {column} = replace({column}, '{old}:', '{new}:')")  # noqa: S608


CONSTRAINTS = """SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE connamespace = current_schema()::regnamespace AND conrelid > 0"""
INDEXES_AND_SEQUENCES = """SELECT relkind, relname FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('i', 'S')"""


def name_anew_on_postgresql(word, new):
    """Every constraint, index and sequence of ours."""
    for table, name in found(CONSTRAINTS):
        if (named := renamed(word, new, name)) != name:
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {named}")
    for kind, name in found(INDEXES_AND_SEQUENCES):
        named = renamed(word, new, name) if kind == "i" else word.sub(new, name.replace("_", " ")).replace(" ", "_")
        if named != name:
            op.execute(f"ALTER {'INDEX' if kind == 'i' else 'SEQUENCE'} {name} RENAME TO {named}")


def found(question):
    return op.get_bind().execute(sa.text(question)).all()


def name_anew_on_sqlite(word, new):
    """SQLite renames no constraint; their names stand in the text of the table alone (sqlite.org/lang_altertable.html, 7)."""
    connection = op.get_bind()
    written = found("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    for kind, name, sql in written:
        if kind == "index" and renamed(word, new, name) != name:
            op.execute(f"DROP INDEX {name}")
            op.execute(renamed(word, new, sql))
    ((version,),) = found("PRAGMA schema_version")
    op.execute("PRAGMA writable_schema=ON")
    for kind, name, sql in written:
        if kind == "table" and (text := renamed(word, new, sql)) != sql:
            values = {"name": name, "text": text}
            connection.execute(
                sa.text("UPDATE sqlite_schema SET sql = :text WHERE type = 'table' AND name = :name"), values
            )
    op.execute(f"PRAGMA schema_version={version + 1}")
    op.execute("PRAGMA writable_schema=OFF")


def renamed(word, new, sql):
    """``sql`` with the names of its constraints and indexes as they are now."""
    name = re.compile(r"\b(?:ix|uq|ck|fk|pk)_\w+")
    sql = sql.replace(f'REFERENCES "{new}"', f"REFERENCES {new}")  # Quotes that SQLite has added.
    return name.sub(lambda each: word.sub(new, each[0].replace("_", " ")).replace(" ", "_"), sql)
