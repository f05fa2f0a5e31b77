"""People of several trades: what an extract says of them, and who asks for which of it."""

from types import SimpleNamespace

import pytest
from flask_migrate import downgrade, upgrade
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import column, insert, select, table, text

from cpts_net.directory import actions, queries
from cpts_net.directory.choosing import near
from cpts_net.directory.extract import COLUMNS as FIELDS
from cpts_net.directory.models import Person, Practice
from cpts_net.directory.practices import practised_by, professions, specialties
from cpts_net.directory.practitioners import practitioner_of
from cpts_net.directory.profiles import read
from cpts_net.directory.report import ImportReport
from cpts_net.directory.trades import Practised, trade_of
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.directory.extracts import LINES, changed, written

NURSE = next(line for line in LINES if line.split("|")[9] == "60")
DOCTOR = next(line for line in LINES if line.split("|")[9] == "10")
PHYSIOTHERAPIST = {"Code_profession": "70", "Libellé_profession": "Masseur-Kinésithérapeute"}


def skilled(line, code, label):
    return changed(line, **{"Code_type_savoir-faire": "S", "Code_savoir-faire": code, "Libellé_savoir-faire": label})


def stored():
    rows = db.session.execute(
        select(Practice.rank, Practice.profession_code, Practice.specialty_code).order_by(Practice.rank)
    )
    return [tuple(row) for row in rows]


@pytest.mark.usefixtures("context")
def test_a_second_profession_is_kept_behind_the_first(tmp_path):
    report = actions.import_extract(written(tmp_path, NURSE, changed(NURSE, **PHYSIOTHERAPIST)))

    assert stored() == [(0, "60", None), (1, "70", None)]
    assert db.session.scalars(select(Person.profession_code)).all() == ["60"]
    assert [note.reason for note in report.warnings] == []


@pytest.mark.usefixtures("context")
def test_a_second_specialty_is_kept_and_a_line_without_one_says_nothing_new(tmp_path):
    actions.import_extract(
        written(
            tmp_path,
            skilled(DOCTOR, "", ""),
            skilled(DOCTOR, "SM26", "Généraliste"),
            skilled(DOCTOR, "SM18", "Gériatrie"),
        )
    )

    assert stored() == [(0, "10", "SM26"), (1, "10", "SM18")]
    assert db.session.scalars(select(Person.specialty_code)).all() == ["SM26"]


@pytest.mark.usefixtures("context")
def test_an_import_that_knows_another_profession_updates_and_the_same_again_does_not(tmp_path):
    actions.import_extract(written(tmp_path, NURSE))
    both = written(tmp_path, NURSE, changed(NURSE, **PHYSIOTHERAPIST))

    first, second = actions.import_extract(both), actions.import_extract(both)

    assert (first.updated, second.updated, second.unchanged) == (1, 0, 1)
    assert stored() == [(0, "60", None), (1, "70", None)]
    assert actions.import_extract(written(tmp_path, NURSE)).updated == 1
    assert stored() == [(0, "60", None)]


LINE = dict.fromkeys(FIELDS._fields, "") | {
    "identifier": "899728000011",
    "family_name": "PETIT",
    "given_name": "ANNE",
    "mode": "L",
}
SITUATIONS = st.lists(
    st.tuples(st.sampled_from(["10", "21", "60"]), st.sampled_from(["", "SM54", "SM18", "SI01"])), min_size=1
)


@given(SITUATIONS)
def test_whatever_the_lines_each_profession_is_kept_once_for_each_specialty(situations):
    lines = [
        FIELDS._replace(**LINE | {"profession_code": code, "skill_code": skill, "skill_kind": "S" if skill else ""})
        for code, skill in situations
    ]

    found = practitioner_of([*enumerate(lines)], ImportReport()).practised

    assert len(set(found)) == len(found)
    assert [*dict.fromkeys(code for code, _ in found)] == [*dict.fromkeys(code for code, _ in situations)]
    assert {skill for _, skill in found if skill} == {skill for _, skill in situations if skill}
    plain = {code for code, skill in found if not skill}
    assert plain == {code for code, _ in situations} - {code for code, skill in situations if skill}


@pytest.mark.usefixtures("context")
def test_what_stands_beside_the_name_follows_what_is_practised(make):
    anne = make.person(profession="10", specialty="SM54")
    make.profession("60")

    with transaction():
        actions.set_practices({anne.id: [Practised("60", None), Practised("10", "SM54"), Practised("60", None)]})

    assert practised_by([anne.id]) == {anne.id: (Practised("60", None), Practised("10", "SM54"))}
    assert queries.person(anne.id).trade == trade_of("60")

    with transaction():
        actions.set_practices({anne.id: [Practised("10", "SM54")]})

    assert queries.person(anne.id).trade_label == "Médecin généraliste"


@pytest.mark.usefixtures("context")
def test_somebody_is_found_by_every_trade_and_counted_under_the_first(make):
    zoe = make.person("Zoé", "Ay", profession="60", also=["70", "10/SM18"], civility="MME")
    luc = make.person("Luc", "Roy", profession="70")

    book = queries.book()

    assert [entry.id for entry in book.search("kiné")] == [zoe.id, luc.id]
    assert [entry.id for entry in book.search("", trade="gériatre")] == []
    assert [entry.id for entry in book.search("", trade="geriatre")] == [zoe.id]
    assert book.search("zoe")[0].what == "Infirmière · Masseuse-kinésithérapeute · Gériatre"
    assert [label for _, label in book.trades] == ["Infirmier", "Masseur-kinésithérapeute", "Gériatre"]
    assert queries.strength(trade_of("70")) == 1
    assert [trade.key for trade in queries.trades()] == ["infirmier", "masseur-kinesitherapeute"]
    assert [each.label for each in professions()] == ["Infirmier", "Masseur-kinésithérapeute", "Médecin"]
    assert [each.code for each in specialties()["10"]] == ["SM18"]
    card = read(zoe.id, SimpleNamespace(person_id=0, is_staff=True))
    assert card.trade_label == "Infirmière · Masseuse-kinésithérapeute · Gériatre"
    assert card.specialty_label == "SM18"


@pytest.mark.usefixtures("context")
def test_who_shares_any_trade_comes_first_in_somebody_s_place(make):
    zoe = make.person("Zoé", "Ay", profession="60", also=["70"])
    luc, anne = make.person("Luc", "Roy", profession="70"), make.person()

    selection, entries = near(zoe.id), {entry.id: entry for entry in queries.book().entries}

    assert selection.is_first(entries[luc.id])
    assert not selection.is_first(entries[anne.id])


@pytest.mark.usefixtures("empty")
def test_going_up_keeps_each_profession_as_the_first_and_down_counts_what_it_cannot_say(caplog):
    upgrade(revision="0011")
    person = {
        **dict.fromkeys(("civility", "title", "sort_key", "search_text", "private_phone"), ""),
        "family_name": "Petit",
        "given_name": "Anne",
        "profession_code": "10",
        "is_hidden": False,
    }
    rows = [
        ("profession", {"code": "10", "label": "Médecin"}),
        ("specialty", {"code": "SM54", "label": "Médecine générale"}),
        ("person", {"id": 1, **person, "specialty_code": "SM54"}),
        ("person", {"id": 2, **person, "specialty_code": None}),
    ]
    fill(rows)

    upgrade(revision="0012")

    assert practised() == [(1, 0, "10", "SM54"), (2, 0, "10", None)]
    fill([("practice", {"person_id": 2, "rank": 1, "profession_code": "10", "specialty_code": "SM54"})])

    downgrade(revision="0011")

    assert "1 further professions" in caplog.text
    upgrade(revision="0012")
    assert practised() == [(1, 0, "10", "SM54"), (2, 0, "10", None)]


def fill(rows):
    with db.engine.begin() as connection:
        for name, row in rows:
            connection.execute(insert(table(name, *map(column, row))), row)


def practised():
    with db.engine.connect() as connection:
        found = connection.execute(
            text("SELECT person_id, rank, profession_code, specialty_code FROM practice ORDER BY person_id, rank")
        )
        return [tuple(row) for row in found]
