"""The migrations build what the models say, and take it down again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from cpts_net.app import create_app
from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base


@pytest.fixture
def empty_url(database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database without any table, on the engine of this run."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute("CREATE DATABASE empty_one")
        yield database_url.replace("/postgres?", "/empty_one?")
        server.execute("DROP DATABASE empty_one WITH (FORCE)")


@pytest.fixture
def empty(settings, empty_url) -> Iterator[Flask]:
    app = create_app(replace(settings, database_url=empty_url))
    app.config["ALEMBIC_LOGGING"] = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


@pytest.mark.usefixtures("empty")
def test_going_up_gives_the_tables_of_the_models():
    upgrade()

    assert tables() == {table.name for table in Base.metadata.sorted_tables} | {"alembic_version"}
    check()


@pytest.mark.usefixtures("empty")
def test_going_down_leaves_nothing_and_up_again_gives_the_same():
    upgrade()
    downgrade(revision="base")
    assert tables() == {"alembic_version"}

    upgrade()

    check()


@pytest.mark.usefixtures("empty")
def test_going_up_twice_changes_nothing():
    upgrade()
    upgrade()

    check()
