"""The rows of a base of the first version go up and come down again; what is lost on the way is named here."""

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Boolean, inspect, text

from cpts_net.storage.connections import db
from tests.storage.filled import counters

# What installations of the first version hold once they have the migrations that came before persons.
LAST_OF_VERSION_ONE = "0009"
ROWS = json.loads(Path(__file__).with_name("version_one.json").read_text())
ONCE_HIGHER = 40  # Rows that each table has had beyond those that are left.
# What a base does not get back by going down: (table, column) -> what stands there instead.
LOST: dict[tuple[str, str], Any] = {
    ("absence", "kind"): "other",  # Why somebody was away is forgotten for good.
    ("absence", "reason"): "",
    ("account", "search_text"): "made anew of the name and the address",
}
# Rows that do not come back: what a job left once it was done told nobody anything.
FORGOTTEN: dict[str, Callable[[dict[str, Any]], bool]] = {
    "job": lambda job: job["run_at"] is None and not job["last_error"],
}
# Numbers that rise on the way: of people whom the first version did not know.
RISEN = {"member", "member_id_seq"}


@pytest.fixture
def version_one(empty):
    """A base of the first version, with rows and with counters above them."""
    upgrade(revision=LAST_OF_VERSION_ONE)
    with db.engine.begin() as connection:
        for name, table in ROWS.items():
            _insert(connection, name, table)
        _count_on(connection)


def _insert(connection: Any, name: str, table: dict[str, Any]) -> None:
    columns = ", ".join(table["columns"])
    places = ", ".join(f":{column}" for column in table["columns"])
    flags = {each["name"] for each in inspect(connection).get_columns(name) if isinstance(each["type"], Boolean)}
    for row in table["rows"]:
        values = dict(zip(table["columns"], row, strict=True))
        for column, value in values.items():
            if column in flags:
                values[column] = bool(value)
            elif connection.dialect.name == "postgresql" and _is_instant(value):
                values[column] = f"{value}+00"
        connection.execute(text(f"INSERT INTO {name} ({columns}) VALUES ({places})"), values)


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and value.endswith(".000000")


def _count_on(connection: Any) -> None:
    for name, table in ROWS.items():
        if "id" not in table["columns"] or name in {"ledger_floor", "uid_host"}:
            continue
        highest = max((row[table["columns"].index("id")] for row in table["rows"]), default=0) + ONCE_HIGHER
        if connection.dialect.name == "sqlite":
            connection.execute(text("UPDATE sqlite_sequence SET seq = :n WHERE name = :t"), {"n": highest, "t": name})
        else:
            connection.execute(text("SELECT setval(:sequence, :n)"), {"sequence": f"{name}_id_seq", "n": highest})


def standing() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as plain values, in a fixed order."""
    found = {}
    with db.engine.connect() as connection:
        for name in sorted(set(inspect(connection).get_table_names()) - {"alembic_version"}):
            flags = {
                each["name"] for each in inspect(connection).get_columns(name) if isinstance(each["type"], Boolean)
            }
            rows = connection.execute(text(f'SELECT * FROM "{name}"')).mappings()
            plain = [{column: _plain(value, column in flags) for column, value in row.items()} for row in rows]
            found[name] = sorted(plain, key=lambda row: json.dumps(row, sort_keys=True))
    return found


def _plain(value: Any, is_flag: bool) -> Any:
    if is_flag:
        return bool(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return str(value) if value is not None and not isinstance(value, int | str) else value


def without(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """The rows as they come back: what is lost stands as what is written in its place."""
    back = defaultdict(list)
    for name, those in rows.items():
        for row in those:
            if FORGOTTEN.get(name, lambda _row: False)(row):
                continue
            back[name].append({column: LOST.get((name, column), value) for column, value in row.items()})
    return {name: sorted(those, key=lambda row: json.dumps(row, sort_keys=True)) for name, those in back.items()}


@pytest.mark.usefixtures("version_one")
def test_the_rows_of_the_first_version_come_down_as_they_went_up():
    before = {name: rows for name, rows in standing().items() if rows}
    counted = counters()

    upgrade()
    check()
    downgrade(revision=LAST_OF_VERSION_ONE)

    after = {name: rows for name, rows in standing().items() if rows}
    assert without(after) == without(before)
    assert {name: number for name, number in counters().items() if name not in RISEN} == {
        name: number for name, number in counted.items() if name not in RISEN
    }
    assert all(counters()[name] > counted[name] for name in RISEN & counted.keys())


@pytest.mark.usefixtures("version_one")
def test_no_number_of_the_first_version_is_given_out_again():
    known = counters()

    upgrade()

    raised = counters()
    fallen = {name: number for name, number in known.items() if raised.get(_now(name), number) < number}
    assert not fallen


def _now(name: str) -> str:
    """What a table of the first version, or its counter, is called today."""
    return name.replace("member", "person", 1) if name in {"member", "member_id_seq"} else name


@pytest.mark.usefixtures("version_one")
def test_what_calendars_know_keeps_its_number():
    upgrade()

    with db.engine.connect() as connection:
        for name in ("absence", "duty_seat", "meeting"):
            ids = set(connection.scalars(text(f"SELECT id FROM {name}")))
            assert {row[0] for row in ROWS[name]["rows"]} <= ids
        assert connection.scalar(text("SELECT sequence FROM ledger_entry")) == 7


def test_the_rows_hold_what_may_go_wrong():
    """Motives, halves, a cancelled leave, accounts without a member, jobs in each state, seats handed over."""
    columns = {name: {key: place for place, key in enumerate(table["columns"])} for name, table in ROWS.items()}

    def values(table, column):
        return {row[columns[table][column]] for row in ROWS[table]["rows"]}

    assert {"sick", "parental", "holiday"} <= values("absence", "kind")
    assert None in values("account", "member_id")
    assert "handed_over" in values("duty_seat", "origin")
    assert {row[columns["job"]["run_at"]] is None for row in ROWS["job"]["rows"]} == {True, False}
    assert date.fromisoformat(min(values("absence", "first_day"))) < date(2026, 11, 25)
