"""What Alembic does not compare: the rules that the database holds to, in its own words, are those of the models."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import Engine, MetaData, inspect, text

from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base


def rules(engine: Engine) -> set[tuple[Any, ...]]:
    """Each constraint and each index of each table, with its name and its text."""
    inspector = inspect(engine)
    found: set[tuple[Any, ...]] = set()
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        for check in inspector.get_check_constraints(table):
            found.add((table, "check", check["name"], _plain(check["sqltext"])))
        for unique in inspector.get_unique_constraints(table):
            found.add((table, "unique", unique["name"], *unique["column_names"]))
        for key in inspector.get_foreign_keys(table):
            refers = (key["referred_table"], *key["referred_columns"], *sorted(key["options"].items()))
            found.add((table, "reference", key["name"], *key["constrained_columns"], *refers))
        primary = inspector.get_pk_constraint(table)
        found.add((table, "primary", primary["name"], *primary["constrained_columns"]))
        for index in inspector.get_indexes(table):
            where = next((words for option, words in index.get("dialect_options", {}).items() if "where" in option), "")
            columns = index.get("expressions", index["column_names"])
            found.add((table, "index", index["name"], index["unique"], *map(str, columns), _plain(str(where))))
    return found | set(_only_sqlite(engine))


def _only_sqlite(engine: Engine) -> Iterator[tuple[str, ...]]:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        for kind, table, sql in connection.execute(text("SELECT type, tbl_name, sql FROM sqlite_schema")):
            if kind == "table" and "AUTOINCREMENT" in sql:
                yield table, "never gives a number twice"
            elif kind == "trigger":
                yield table, "trigger", _plain(sql)


def _plain(words: str) -> str:
    """Without what means nothing: quotes around plain names, and how lines are broken."""
    return " ".join(words.replace('"', "").split())


def differences() -> dict[str, set[tuple[Any, ...]]]:
    """What the migrated base holds beyond the models, and the models beyond it."""
    migrated = rules(db.engine)
    with db.engine.begin() as connection:
        everything = MetaData()
        everything.reflect(connection)
        everything.drop_all(connection)
    Base.metadata.create_all(db.engine)
    modelled = rules(db.engine)
    return {"only migrated": migrated - modelled, "only in the models": modelled - migrated}


@pytest.mark.usefixtures("empty")
def test_the_database_holds_to_what_the_models_say():
    upgrade()

    assert differences() == {"only migrated": set(), "only in the models": set()}


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    "forgotten",
    [
        "CREATE UNIQUE INDEX ix_absence_one ON absence (person_id) WHERE cancelled_at IS NULL",
        "ALTER TABLE duty_slot ADD COLUMN length INTEGER CONSTRAINT ck_duty_slot_lasts CHECK (length > 0)",
    ],
)
def test_a_rule_that_only_one_of_them_knows_is_seen(forgotten):
    upgrade()
    with db.engine.begin() as connection:
        connection.execute(text(forgotten))

    assert differences()["only migrated"]
