"""Why somebody is away is asked nowhere and kept nowhere."""

from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import text

from cpts_net.leave.models import Absence
from cpts_net.storage.connections import db

SECRET = "grippe-de-la-semaine"


def test_an_absence_has_no_place_for_a_motive():
    assert not {"kind", "reason", "motive"} & set(Absence.__table__.columns.keys())


@pytest.fixture
def told(empty):
    """A base of before, in which somebody wrote why."""
    upgrade(revision="0009")
    rows = {
        "profession": {"code": "60", "label": "Infirmier"},
        "member": {
            **dict.fromkeys(("title", "sort_key", "search_text", "civility", "private_phone"), ""),
            "id": 1,
            "family_name": "Roy",
            "given_name": "Paul",
            "profession_code": "60",
            "is_hidden": False,
        },
        "absence": {
            "id": 1,
            "member_id": 1,
            "first_day": "2026-08-10",
            "last_day": "2026-08-12",
            "note": "",
            "from_noon": False,
            "until_noon": False,
            "declared_at": "2026-08-01 08:00:00.000000",
            "kind": "sick",
            "reason": SECRET,
        },
    }
    with db.engine.begin() as connection:
        for name, row in rows.items():
            columns, places = ", ".join(row), ", ".join(f":{column}" for column in row)
            connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({places})"), row)


@pytest.mark.usefixtures("told")
def test_what_was_written_is_gone_from_the_file():
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the files of PostgreSQL belong to its server")
    file = Path(str(db.engine.url.database))
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert SECRET.encode() in file.read_bytes()

    upgrade()

    left = [path.name for path in file.parent.glob(f"{file.name}*") if SECRET.encode() in path.read_bytes()]
    assert left == []


@pytest.mark.usefixtures("told")
def test_the_absence_itself_stays():
    upgrade()

    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT id, person_id FROM absence")).all() == [(1, 1)]
