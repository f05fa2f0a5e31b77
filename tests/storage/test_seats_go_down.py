"""Seats that remember, and days unlike others, come down to bases that know neither: what is lost is counted."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import JSON, Time, column, insert, inspect, table, text

from cpts_net.storage.connections import db

EIGHT = datetime(2026, 8, 12, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
TYPES = {time: Time(), list: JSON()}  # Of values that no driver knows by itself.
ENDS = EIGHT + 12 * HOUR


def put(name, *rows):
    with db.engine.begin() as connection:
        for row in rows:
            typed = [column(key, TYPES.get(type(value))) for key, value in row.items()]
            connection.execute(insert(table(name, *typed)), row)


def rows(question):
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def said(caplog):
    return [record.getMessage() for record in caplog.records if record.name == "alembic.kept"]


def somebody(number):
    blank = dict.fromkeys(("title", "sort_key", "search_text", "civility", "given_name", "function"), "")
    named = {"family_name": f"Petit {number}", "profession_code": "10", "kind": "professional", "typed": []}
    shown = {"is_hidden": False, "shown_commune": "", "shown_phone": ""}
    known = {each["name"] for each in inspect(db.engine).get_columns("person")}
    return {key: value for key, value in {"id": number, **blank, **named, **shown}.items() if key in known}


def a_slot(number, day=0, **columns):
    hours = {"starts_at": EIGHT + day * 24 * HOUR, "ends_at": ENDS + day * 24 * HOUR}
    terms = {"seats_min": 1, "seats_max": 2, "weight": 100}
    return {"id": number, "line_id": 1, "state": "open", "message": "", **hours, **terms, **columns}


def a_seat(number, slot, person, *, since=EIGHT, until=ENDS, place=1, released_at=None):
    hours = {"starts_at": since, "ends_at": until, "released_at": released_at}
    return {"id": number, "slot_id": slot, "number": place, "person_id": person, **hours}


def a_fact(number, seat, kind, **columns):
    blank = dict.fromkeys(("from_id", "to_id", "effective_at", "until", "absence_id", "undoes_id", "by_id"))
    return {
        "id": number,
        "seat_id": seat,
        "kind": kind,
        "at": EIGHT,
        "reason_code": "",
        "words": "",
        **blank,
        **columns,
    }


@pytest.fixture
def seats(empty):
    """A slot split at noon, one that was given back and retaken, one kept and handed over, and a cancelled one."""
    upgrade(revision="0019")
    put("profession", {"code": "10", "label": "Médecin"})
    put("person", *(somebody(number) for number in (1, 2, 3)))
    put("duty_line", {"id": 1, "slug": "snp", "name": "SNP", "purpose": "", "phone": "", "position": 1})
    put("duty_slot", a_slot(1), a_slot(2, 1), a_slot(3, 2), a_slot(4, 3, state="cancelled"), a_slot(5, 3, weight=150))
    noon, later = EIGHT + 4 * HOUR, EIGHT + HOUR
    put(
        "duty_seat",
        a_seat(1, 1, 1, until=noon),
        a_seat(2, 1, 2, since=noon),
        a_seat(3, 2, 1, released_at=EIGHT),
        a_seat(4, 2, 2),
        a_seat(5, 3, 3),
        a_seat(6, 4, 1, released_at=EIGHT),
    )
    days = {"first_day": date(2026, 8, 14), "last_day": date(2026, 8, 14), "from_noon": False, "until_noon": False}
    put("absence", {"id": 1, "person_id": 3, "note": "", "declared_at": EIGHT, **days})
    born = {"effective_at": EIGHT, "until": ENDS}
    put(
        "seat_change",
        a_fact(1, 1, "taken", to_id=1, **born),
        a_fact(2, 1, "split", from_id=1, to_id=2, effective_at=noon, reason_code="hindered", words="Bloqué"),
        a_fact(3, 2, "split", from_id=1, to_id=2, effective_at=noon, until=ENDS, at=later),
        a_fact(4, 3, "taken", to_id=1, **born),
        a_fact(5, 3, "released", from_id=1),
        a_fact(6, 4, "taken", to_id=2, **born),
        a_fact(7, 5, "assigned", to_id=1, **born),
        a_fact(8, 5, "handed_over", from_id=1, to_id=3, at=later),
        a_fact(9, 5, "kept", to_id=3, absence_id=1, at=later),
        a_fact(10, 6, "taken", to_id=1, **born),
        a_fact(11, 6, "released", from_id=1),
    )


@pytest.mark.usefixtures("seats")
def test_split_released_and_kept_seats_come_down_with_what_can_be_said(caplog):
    downgrade(revision="0018")

    assert rows("SELECT id, slot_id, number, person_id, origin FROM duty_seat ORDER BY id") == [
        (1, 1, 1, 1, "picked"),
        (2, 1, 2, 2, "handed_over"),  # The other part of the split, at the place that was free.
        (4, 2, 1, 2, "picked"),
        (5, 3, 1, 3, "handed_over"),
    ]
    assert rows("SELECT id, state FROM duty_slot ORDER BY id") == [(1, "open"), (2, "open"), (3, "open"), (5, "open")]
    assert rows("SELECT seats_min, seats_max FROM duty_line") == [(1, 2)]
    assert said(caplog) == [
        "5 facts of seats are forgotten",
        "2 seats that were given back, or hold a part of a slot, are forgotten",
        "1 cancelled slots are forgotten",
        "1 slots lose a minimum, a maximum or a weight of their own",
    ]


@pytest.mark.usefixtures("seats")
def test_no_number_of_a_seat_is_given_out_again_on_the_way_down_and_up():
    """Calendars know duties by it; the highest went with a slot that was cancelled."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(text("SELECT setval('duty_seat_id_seq', 6)"))

    downgrade(revision="0018")
    upgrade()
    check()

    seat = {"slot_id": 5, "number": 1, "person_id": 1, "starts_at": EIGHT, "ends_at": ENDS}
    put("duty_seat", seat)
    assert rows("SELECT max(id) FROM duty_seat") == [(7,)]
    births = rows("SELECT seat_id, kind, to_id FROM seat_change ORDER BY seat_id, id")
    assert births == [(1, "taken", 1), (2, "handed_over", 2), (4, "taken", 2), (5, "handed_over", 3), (5, "kept", 3)]


@pytest.mark.usefixtures("empty")
def test_days_unlike_others_are_counted_and_what_they_closed_stays_closed(caplog):
    upgrade(revision="0021")
    put("duty_line", {"id": 1, "slug": "snp", "name": "SNP", "purpose": "", "phone": "", "position": 1})
    days = {"line_id": 1, "first_day": date(2026, 12, 24), "last_day": date(2026, 12, 25), "message": "Appelez le 15"}
    hours = {"opens_at": time(9), "closes_at": time(12)}
    put("line_exception", {"id": 1, **days}, {"id": 2, **days, **hours})
    put("duty_slot", a_slot(1, state="closed", message="Appelez le 15", is_exception=True))

    downgrade(revision="0020")

    assert said(caplog) == ["2 exceptions of lines are forgotten; the slots that they closed stay closed"]
    assert rows("SELECT id, state, message FROM duty_slot") == [(1, "closed", "Appelez le 15")]
    upgrade()
    check()
