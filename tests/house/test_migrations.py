"""The migrations build what the models say, and take it down again."""

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect

from cpts_net.storage.connections import db
from cpts_net.storage.orm import Base


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
