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
            "id": 91,  # Beyond what is given to others.
            "civility": "MME",
            "family_name": "Le Goff",
            "given_name": "Awa",
            "profession_code": "60",
            "private_phone": "+33692123456",
            "is_hidden": False,
        },
        "practice_site": {
            "id": 1,
            "member_id": 91,
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
        professional = text("SELECT sort_key, search_text FROM person WHERE kind = 'professional'")
        assert connection.execute(professional).one() == ("le goff awa", "le goff legoff awa brou msp 28200 0261910001")
        assert connection.execute(text("SELECT value FROM profile_value")).scalar() == "+262692123456"
        found = connection.execute(text("SELECT search_text FROM account")).scalar()
        assert found == "jean pierre cpts example"
        owner = connection.execute(text("SELECT search_text FROM person WHERE kind = 'team'")).scalar()
        assert owner == "coeur jean pierre jeanpierre"
        assert connection.execute(text("SELECT number FROM revision WHERE scope = 'directory'")).scalar() == 5


def rows(question):
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


def put(**tables):
    """Rows of several tables, in order."""
    with db.engine.begin() as connection:
        for name, values in tables.items():
            for row in values:
                connection.execute(insert(table(name, *map(column, row))), row)
            if connection.dialect.name == "postgresql" and "id" in values[0]:  # As if it had given the numbers itself.
                newest = f"(SELECT max(id) FROM {name})"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {newest})"))


def somebody(number):
    return {
        **dict.fromkeys(("title", "sort_key", "search_text", "civility", "given_name", "private_phone"), ""),
        "id": number,
        "family_name": f"Petit {number}",
        "profession_code": "60",
        "is_hidden": False,
    }


THEN, LATER = datetime(2026, 8, 12, tzinfo=UTC), datetime(2026, 8, 13, tzinfo=UTC)
A_GROUP = {"id": 1, "name": "Plaies", "purpose": "", "is_private": False, "created_at": THEN}


@pytest.mark.usefixtures("empty")
def test_leads_go_up_and_down_and_stays_that_ended_are_counted_on_the_way_down(caplog):
    upgrade(revision="0010")
    put(
        profession=[{"code": "60", "label": "Infirmier"}],
        person=[somebody(number) for number in (1, 2, 3)],
        working_group=[A_GROUP],
        membership=[
            {"id": number, "group_id": 1, "person_id": number, "is_lead": number == 1, "joined_at": THEN}
            for number in (1, 2)
        ],
    )

    upgrade(revision="0011")
    up = rows("SELECT id, role, left_at FROM membership ORDER BY id")
    stay = {"group_id": 1, "joined_at": THEN}
    put(
        membership=[
            {**stay, "id": 3, "person_id": 3, "role": "lead", "left_at": LATER},
            {**stay, "id": 4, "person_id": 3, "role": "guest", "left_at": None},
        ]
    )
    downgrade(revision="0010")

    assert up == [(1, "lead", None), (2, "member", None)]
    assert rows("SELECT id, person_id, is_lead FROM membership ORDER BY id") == [(1, 1, 1), (2, 2, 0), (4, 3, 0)]
    assert [record.getMessage() for record in caplog.records if record.name == "alembic.kept"] == [
        "1 stays in groups that ended are forgotten",
        "1 guests of groups become members of them",
    ]


@pytest.mark.usefixtures("empty")
def test_sites_are_shared_on_the_way_up_and_come_back(caplog):
    upgrade(revision="0014")
    cabinet = {"name": "MSP du Mail", "street": "1 rue du Mail", "postal_code": "28200", "commune": "Châteaudun"}
    nameless = {**cabinet, "name": "", "street": ""}
    sites = [
        {"id": 4, "person_id": 1, "position": 0, "phone": "+33261910001", **cabinet},
        {"id": 5, "person_id": 2, "position": 1, "phone": "", **cabinet, "name": "MSP DU MAIL"},
        {"id": 6, "person_id": 2, "position": 0, "phone": "+33261910002", **nameless},
        {"id": 9, "person_id": 3, "position": 0, "phone": "", **nameless},
    ]
    put(
        profession=[{"code": "60", "label": "Infirmier"}],
        person=[somebody(number) for number in (1, 2, 3)],
        practice_site=[{**site, "commune_code": "28088" if site["id"] == 5 else None} for site in sites],
    )

    upgrade(revision="0015")
    shared = rows("SELECT id, person_id, structure_id, rank, phone, source FROM position ORDER BY id")
    shown = rows("SELECT shown_commune, shown_phone FROM person ORDER BY id")
    put(position=[hidden(structure=1)], structure_closing=[a_closing(structure=1)])
    downgrade(revision="0014")

    assert shared == [
        (4, 1, 1, 0, "+33261910001", "rpps"),
        (5, 2, 1, 1, "", "rpps"),
        (6, 2, 2, 0, "+33261910002", "rpps"),
        (9, 3, 3, 0, "", "rpps"),
    ]
    assert shown == [("Châteaudun", "+33261910001"), ("Châteaudun", "+33261910002"), ("Châteaudun", "")]
    back = rows("SELECT id, person_id, position, name, phone, commune_code FROM practice_site ORDER BY id")
    assert back == [
        (4, 1, 0, "MSP du Mail", "+33261910001", "28088"),
        (5, 2, 1, "MSP du Mail", "", "28088"),
        (6, 2, 0, "", "+33261910002", None),
        (9, 3, 0, "", "", None),
    ]
    assert [record.getMessage() for record in caplog.records if record.name == "alembic.kept"] == [
        "1 positions that were hidden are forgotten",
        "1 closings of structures are forgotten",
    ]


@pytest.mark.usefixtures("empty")
def test_a_private_number_becomes_a_value_and_comes_back(caplog):
    upgrade(revision="0016")
    people = [somebody(1) | {"private_phone": "+33639980001"}, somebody(2)]
    put(profession=[{"code": "60", "label": "Infirmier"}], person=people)

    upgrade(revision="0017")
    values = rows("SELECT person_id, field, value, audience FROM profile_value")
    mail = {"person_id": 2, "field": "mail", "value": "a@cpts.example", "audience": "community"}
    put(profile_value=[mail])
    downgrade(revision="0016")

    assert values == [(1, "private_phone", "+33639980001", "nobody_else")]
    assert rows("SELECT id, private_phone FROM person ORDER BY id") == [(1, "+33639980001"), (2, "")]
    assert [record.getMessage() for record in caplog.records if record.name == "alembic.kept"] == [
        "1 mail addresses of cards are forgotten"
    ]


def hidden(structure):
    blank = dict.fromkeys(("function", "phone", "hours"), "")
    return {"id": 12, "person_id": 1, "structure_id": structure, "rank": 1, "source": "own", "hidden_at": THEN, **blank}


def a_closing(structure):
    days = {"first_day": THEN.date(), "last_day": LATER.date()}
    return {"id": 1, "structure_id": structure, "from_noon": False, "until_noon": False, **days}


@pytest.mark.usefixtures("empty")
def test_groups_of_meetings_go_up_and_down(caplog):
    upgrade(revision="0011")
    people = [1, 2, 3]
    at = {"starts_at": THEN, "ends_at": LATER, "created_at": THEN}
    words = dict.fromkeys(("agenda", "place", "video_url"), "")
    put(
        profession=[{"code": "60", "label": "Infirmier"}],
        person=[somebody(number) for number in people],
    )
    upgrade(revision="0015")
    put(
        working_group=[A_GROUP, {**A_GROUP, "id": 2, "name": "Diabète"}],
        membership=[{"id": 1, "group_id": 1, "person_id": 1, "role": "lead", "joined_at": THEN}],
        meeting=[{"id": 7, "group_id": 1, "title": "Bilan", "edition": 2, **words, **at}],
        invitation=[{"id": number, "meeting_id": 7, "person_id": number} for number in (1, 2)],
    )

    upgrade(revision="0016")
    held = rows("SELECT meeting_id, group_id FROM meeting_group")
    asked = rows("SELECT id, is_personal FROM invitation ORDER BY id")
    put(
        meeting=[{"id": 9, "title": "Sans groupe", "edition": 0, "created_by_id": 3, **words, **at}],
        invitation=[{"id": 5, "meeting_id": 9, "person_id": 2, "is_personal": True}],
        meeting_group=[{"id": 5, "meeting_id": 7, "group_id": 2}],
    )
    downgrade(revision="0015")

    assert held == [(7, 1)]
    assert asked == [(1, 0), (2, 1)]  # The second is not in the group.
    assert rows("SELECT id, group_id, edition FROM meeting ORDER BY id") == [(7, 1, 2), (9, 3, 0)]
    assert rows("SELECT name, is_private FROM working_group WHERE id = 3") == [("Sans groupe (9)", 1)]
    inside = "SELECT person_id, role FROM membership WHERE group_id = 3 ORDER BY person_id"
    assert rows(inside) == [(2, "member"), (3, "lead")]
    assert rows("SELECT count(*) FROM invitation") == [(3,)]
    assert [record.getMessage() for record in caplog.records if record.name == "alembic.kept"] == [
        "1 further groups of meetings are forgotten: each keeps its first",
        "1 meetings were of no group: each gets a private one of those who are asked",
    ]
