"""The migrations build what the models say, and take it down again."""

from datetime import UTC, datetime

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import column, insert, inspect, table, text

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


@pytest.mark.usefixtures("empty")
def test_going_up_folds_the_names_and_dials_the_numbers_of_rows_that_are_there():
    upgrade(revision="0006")
    rows = {
        "profession": {"code": "60", "label": "Infirmier"},
        "revision": {"scope": "directory", "number": 4},
        "member": {
            **dict.fromkeys(("title", "sort_key", "search_text"), ""),
            "id": 1,
            "civility": "MME",
            "family_name": "Le Goff",
            "given_name": "Awa",
            "profession_code": "60",
            "private_phone": "+33692123456",
            "is_hidden": False,
        },
        "practice_site": {
            "id": 1,
            "member_id": 1,
            "position": 0,
            "name": "MSP",
            "street": "",
            "postal_code": "28200",
            "commune": "Brou",
            "phone": "+33261910001",
        },
        "account": {
            "id": 1,
            "email": "jean-pierre@cpts.example",
            "display_name": "Jean-Pierre Cœur",
            "search_text": "",
            "role": "member",
            "created_at": datetime(2026, 8, 12, tzinfo=UTC),
        },
    }
    with db.engine.begin() as connection:
        for name, row in rows.items():
            connection.execute(insert(table(name, *map(column, row))), row)

    upgrade()

    with db.engine.connect() as connection:
        person = connection.execute(text("SELECT sort_key, search_text, private_phone FROM person")).one()
        assert person == ("le goff awa", "le goff legoff awa brou msp 28200 0261910001", "+262692123456")
        found = connection.execute(text("SELECT search_text FROM account")).scalar()
        assert found == "jean pierre coeur jean pierre cpts example"
        assert connection.execute(text("SELECT number FROM revision WHERE scope = 'directory'")).scalar() == 5
