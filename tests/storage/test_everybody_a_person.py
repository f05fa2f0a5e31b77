"""Accounts that spoke for nobody get a person, who goes again where people without profession are not known."""

from datetime import UTC, datetime

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import column, insert, table, text
from sqlalchemy.exc import IntegrityError

from cpts_net.storage.connections import db

NOW = datetime(2026, 8, 12, tzinfo=UTC)
LONG = "de la Tour et du Pont " * 4
OWNERS = {
    1: ("Dr Anne Petit", "member"),
    2: ("Hélène Garnier", "coordinator"),
    3: ("Secrétariat", "secretary"),
    4: (f"Ange {LONG}Neuf", "administrator"),
}


@pytest.fixture
def before(empty):
    """A professional with an account, and three accounts that speak for nobody."""
    upgrade(revision="0017")
    save("profession", code="10", label="Médecin")
    save(
        "person",
        **dict.fromkeys(("civility", "sort_key", "search_text"), ""),
        id=7,
        title="DR",
        family_name="Petit",
        given_name="Anne",
        profession_code="10",
        is_hidden=False,
    )
    for number, (name, role) in OWNERS.items():
        save(
            "account",
            id=number,
            email=f"a{number}@cpts.example",
            display_name=name,
            search_text="",
            role=role,
            person_id=7 if number == 1 else None,
            created_at=NOW,
        )
    save("working_group", id=1, name="Plaies", purpose="", is_private=False, created_at=NOW)


def save(into, /, **values):
    with db.engine.begin() as connection:
        connection.execute(insert(table(into, *map(column, values))), values)


def read(question):
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(question))]


ACCOUNTS = """SELECT title, given_name, family_name, function, kind, profession_code
    FROM account JOIN person ON person.id = account.person_id ORDER BY account.id"""


@pytest.mark.usefixtures("before")
def test_each_account_speaks_for_one_person():
    upgrade(revision="0018")

    assert read(ACCOUNTS) == [
        ("DR", "Anne", "Petit", "", "professional", "10"),
        ("", "Hélène", "Garnier", "Coordination", "team", None),
        ("", "", "Secrétariat", "Secrétariat", "team", None),
        ("", "Ange de la Tour et", LONG[14:] + "Neuf", "Administration", "team", None),
    ]
    assert read("SELECT search_text FROM account ORDER BY id")[0] == ("a1 cpts example",)
    assert ("garnier helene", "garnier helene") in read("SELECT sort_key, search_text FROM person")


@pytest.mark.usefixtures("before")
def test_an_account_without_a_person_is_refused_from_then_on():
    upgrade(revision="0018")

    with pytest.raises(IntegrityError):
        save("account", email="b@cpts.example", search_text="", role="member", created_at=NOW)


@pytest.mark.usefixtures("before")
def test_nobody_is_deleted_while_something_refers_to_them():
    upgrade(revision="0018")
    save("membership", group_id=1, person_id=7, role="lead", joined_at=NOW)

    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM account"))
        with pytest.raises(IntegrityError):
            connection.execute(text("DELETE FROM person WHERE id = 7"))


@pytest.mark.usefixtures("before")
def test_names_come_down_and_what_cannot_is_counted(caplog):
    upgrade(revision="0018")
    ((coordinator,),) = read("SELECT person_id FROM account WHERE id = 2")
    save("membership", group_id=1, person_id=coordinator, role="lead", joined_at=NOW)
    save("membership", group_id=1, person_id=7, role="lead", joined_at=NOW)
    save("post", group_id=1, author_id=coordinator, body="Bonjour", created_at=NOW)

    downgrade(revision="0017")

    assert read("SELECT id, display_name FROM account ORDER BY id") == [
        (number, name) for number, (name, _role) in OWNERS.items()
    ]
    assert read("SELECT id, person_id FROM account WHERE person_id IS NOT NULL") == [(1, 7)]
    assert read("SELECT person_id FROM membership") == [(7,)]
    assert read("SELECT author_id, body FROM post") == [(None, "Bonjour")]
    assert read("SELECT id FROM person") == [(7,)]
    assert "account.person_id 3, membership 1, person 3, person.function 3, post.author_id 1" in caplog.text
