"""Half days become hours on the way up; hours become half days or whole ones on the way down, and are counted."""

from datetime import time

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from cpts_net.storage.connections import db

PERSON = {
    **dict.fromkeys(("title", "sort_key", "search_text", "civility"), ""),
    "id": 1,
    "family_name": "Roy",
    "given_name": "Paul",
    "kind": "professional",
    "is_hidden": False,
}
WEEKLY, BEFORE_WEEKLY = "0026", "0025"
HALVES = [(False, False), (True, False), (False, True), (True, True)]
HOURS = [(time(14), None), (time(9), None), (None, time(10)), (None, time(17)), (time(12), time(12))]


def write(name, rows):
    with db.engine.begin() as connection:
        known = {each["name"]: each for each in inspect(connection).get_columns(name)}
        for given in rows:
            row = {column: value for column, value in given.items() if column in known}
            for column, about in known.items():
                if column not in row and not about["nullable"] and about["default"] is None:
                    row[column] = ""
            columns, places = ", ".join(row), ", ".join(f":{column}" for column in row)
            connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({places})"), row)


def absence(number, **cut):
    days = {"first_day": "2026-08-10", "last_day": "2026-08-12"}
    return {"id": number, "person_id": 1, **days, "declared_at": "2026-08-01 08:00:00.000000", **cut}


def edges(kind):
    with db.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT from_{kind}, until_{kind} FROM absence ORDER BY id"))
        return [tuple(row) for row in rows]


@pytest.mark.usefixtures("empty")
def test_noon_goes_up_and_comes_down():
    upgrade(revision="0022")
    write("person", [PERSON])
    write("absence", [absence(number, from_noon=cut[0], until_noon=cut[1]) for number, cut in enumerate(HALVES, 1)])

    upgrade(revision="0023")
    up = [tuple(value and str(value)[:5] for value in row) for row in edges("time")]
    downgrade(revision="0022")

    assert up == [(None, None), ("12:00", None), (None, "12:00"), ("12:00", "12:00")]
    assert [tuple(map(bool, row)) for row in edges("noon")] == HALVES


@pytest.mark.usefixtures("empty")
def test_no_hour_of_an_absence_is_lost_on_the_way_down(caplog):
    upgrade(revision="0023")
    write("person", [PERSON])
    cut = [tuple(value and value.isoformat("microseconds") for value in row) for row in HOURS]
    write("absence", [absence(number, from_time=row[0], until_time=row[1]) for number, row in enumerate(cut, 1)])

    downgrade(revision="0022")

    down = [tuple(map(bool, row)) for row in edges("noon")]
    assert down == [(True, False), (False, False), (False, True), (False, False), (True, True)]
    assert "4 absences" in caplog.text


@pytest.mark.usefixtures("empty")
def test_days_off_week_by_week_are_counted_and_cancelled_on_the_way_down(caplog):
    upgrade(revision=WEEKLY)
    write("person", [PERSON])
    weekly = {"weekdays": "24", "last_day": None}
    ended = {**weekly, "last_day": "2026-09-30", "cancelled_at": "2026-08-02 08:00:00.000000"}
    write("absence", [absence(1), absence(2, **weekly), absence(3, **ended)])
    write("absence_exception", [{"absence_id": 2, "day": "2026-08-19"}])

    downgrade(revision=BEFORE_WEEKLY)

    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, first_day, last_day, cancelled_at FROM absence ORDER BY id"))
        down = [(row.id, str(row.first_day), str(row.last_day), row.cancelled_at is not None) for row in rows]
    assert down == [
        (1, "2026-08-10", "2026-08-12", False),
        (2, "2026-08-10", "2026-08-10", True),
        (3, "2026-08-10", "2026-09-30", True),
    ]
    assert "1 absences that came every week are cancelled" in caplog.text
