import random
import zipfile
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cpts_net.directory import actions, queries, workplace
from cpts_net.directory.extract import ExtractUnreadable
from cpts_net.directory.models import Person, Position, Profession, Specialty, Structure
from cpts_net.directory.rules import search_text
from cpts_net.directory.territory import Territory
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.directory.extracts import COLUMNS, HEADER, LINES, SAMPLE, changed, of_2021, without, written
from tests.house.lock import is_writing

pytestmark = pytest.mark.usefixtures("context")
LANGLOIS, BOYER, HENRY = LINES[:3]


def counts(report):
    return (report.created, report.updated, report.unchanged, report.refused, report.warned)


def stored():
    """Everything that an import writes, without the ids."""
    members = select(
        Person.rpps, Person.title, Person.family_name, Person.given_name, Person.profession_code, Person.specialty_code
    )
    sites = select(Person.rpps, Position.rank, Structure.street, Structure.commune, Position.phone)
    return (
        db.session.execute(members.order_by(Person.rpps)).all(),
        db.session.execute(
            sites.join(Person.positions).join(Position.structure).order_by(Person.rpps, Position.rank)
        ).all(),
    )


def person(rpps):
    return db.session.scalars(select(Person).where(Person.rpps == rpps)).one()


def sites(rpps):
    found = select(Position).join(Position.person).where(Person.rpps == rpps).order_by(Position.rank)
    return [position.place for position in db.session.scalars(found.options(joinedload(Position.structure)))]


def positions(rpps):
    return db.session.scalars(select(Position.id).join(Position.person).where(Person.rpps == rpps)).all()


def number_of(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_import_reads_the_whole_sample():
    revision = revisions.number(revisions.DIRECTORY)

    report = actions.import_extract(SAMPLE)

    assert counts(report) == (226, 0, 0, 0, 0)
    assert (number_of(Person), number_of(Position), number_of(Profession), number_of(Specialty)) == (
        226,
        244,
        15,
        8,
    )
    weber = person("99728000342")
    assert (weber.family_name, weber.profession_code, weber.title) == ("Weber", "60", "")
    assert [(site.street, site.commune_code) for site in sites("99728000342")] == [
        ("19 rue d’Orléans", "28012"),
        ("25 rue du Général de Gaulle", "28103"),
    ]
    assert revisions.number(revisions.DIRECTORY) > revision


def test_import_folds_names_before_others_have_to_wait(monkeypatch):
    waited_for = []

    def folded(*name):
        waited_for.append(is_writing())
        return search_text(*name)

    monkeypatch.setattr(workplace, "search_text", folded)

    actions.import_extract(SAMPLE)

    assert set(waited_for) == {False}


def test_import_again_changes_nothing():
    actions.import_extract(SAMPLE)
    before, revision = stored(), revisions.number(revisions.CONTINUITY)

    report = actions.import_extract(SAMPLE)

    assert counts(report) == (0, 0, 226, 0, 0)
    assert stored() == before
    assert revisions.number(revisions.CONTINUITY) == revision


def test_import_keeps_what_the_extract_does_not_say(make, tmp_path):
    actions.import_extract(written(tmp_path, LANGLOIS))
    langlois = person("99728000011")
    change = {"private_phone": "+33639980001", "is_hidden": True}
    with transaction():
        actions.change_profile(langlois.id, **change, actor_id=None, now=datetime(2026, 11, 26, 8, tzinfo=UTC))
    account = make.account(langlois)

    report = actions.import_extract(written(tmp_path, changed(LANGLOIS, Nom_d_exercice="DUPONT")))

    assert counts(report) == (0, 1, 0, 0, 0)
    again = person("99728000011")
    assert (again.id, again.family_name, again.sort_key) == (account.person_id, "Dupont", "dupont agnes")
    assert again.is_hidden
    assert [value.text for value in queries.values(again.id)] == ["+33639980001"]


def test_import_follows_a_move_and_leaves_others_alone(tmp_path):
    actions.import_extract(written(tmp_path, LANGLOIS, BOYER))
    untouched = positions("99728000029")

    report = actions.import_extract(written(tmp_path, changed(LANGLOIS, Téléphone="0261910000"), BOYER))

    assert counts(report) == (0, 1, 1, 0, 0)
    assert [site.phone for site in sites("99728000011")] == ["+33261910000"]
    assert positions("99728000029") == untouched


def test_import_forgets_nobody_whom_the_extract_no_longer_names(tmp_path):
    actions.import_extract(written(tmp_path, LANGLOIS, BOYER))

    report = actions.import_extract(written(tmp_path, BOYER))

    assert counts(report) == (0, 0, 1, 0, 0)
    assert person("99728000011").family_name == "Langlois"


def test_import_joins_the_lines_of_a_person_however_far_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 10)
    actions.import_extract(SAMPLE)
    in_order = stored()
    shuffled = random.Random(4).sample(LINES, len(LINES))
    shuffled.sort(key=lambda line: line.split("|")[32])

    report = actions.import_extract(written(tmp_path, *shuffled))

    assert report.created == report.refused == 0
    assert report.updated + report.unchanged == 226
    assert {tuple(row[:1]) + tuple(row[2:]) for row in stored()[1]} == {
        tuple(row[:1]) + tuple(row[2:]) for row in in_order[1]
    }
    assert number_of(Position) == 244


def test_import_keeps_one_site_of_two_equal_lines(tmp_path):
    actions.import_extract(written(tmp_path, LANGLOIS, LANGLOIS))

    assert len(sites("99728000011")) == 1


def test_import_of_the_2021_layout_says_the_same(tmp_path):
    actions.import_extract(SAMPLE)
    before = stored()

    report = actions.import_extract(of_2021(tmp_path))

    assert counts(report) == (0, 0, 226, 0, 0)
    assert stored() == before


def test_import_without_the_columns_of_skills_leaves_specialties_out(tmp_path):
    skills = [name for name in COLUMNS if "savoir-faire" in name]

    report = actions.import_extract(without(tmp_path, *skills))

    assert counts(report) == (226, 0, 0, 0, 0)
    assert number_of(Specialty) == 0


def test_import_gives_doctors_their_title_when_the_extract_does_not(tmp_path):
    actions.import_extract(without(tmp_path, "Code civilité d'exercice", "Libellé civilité exercice"))

    titles = db.session.execute(select(Person.profession_code, Person.title).distinct()).all()

    assert {code for code, title in titles if title == "DR"} == {"10", "40"}
    assert not {"10", "40"} & {code for code, title in titles if title == ""}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_import_knows_the_encoding_by_the_header(tmp_path, encoding):
    report = actions.import_extract(written(tmp_path, LANGLOIS, encoding=encoding))

    assert counts(report) == (1, 0, 0, 0, 0)
    assert person("99728000011").given_name == "Agnès"


def test_import_takes_the_extract_out_of_a_zip(tmp_path):
    path = tmp_path / "PS_LibreAcces_202611210700.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("PS_LibreAcces_SavoirFaire_202611210700.txt", "other|columns|\n")
        archive.write(SAMPLE, "PS_LibreAcces_Personne_activite_202611210700.txt")

    assert counts(actions.import_extract(path)) == (226, 0, 0, 0, 0)


def test_import_refuses_damaged_lines_and_takes_the_rest(tmp_path):
    lines = [
        LANGLOIS,
        LANGLOIS[:200],
        f"{BOYER}surplus|",
        changed(BOYER, Nom_d_exercice=""),
        changed(BOYER, Code_profession=" "),
        changed(BOYER, Code_profession="60 bis"),
        changed(BOYER, Nom_d_exercice="X" * 81),
        changed(BOYER, Identification_nationale_PP="3280001234"),
        changed(BOYER, Nom_d_exercice="BO\x00YER"),
        "",
        HENRY,
    ]
    path = written(tmp_path, *lines)
    path.write_bytes(path.read_bytes() + b"\xff\xfe\x80 junk|\n" + b"|" * 70_000 + b"\n" + BOYER.encode() + b"\n")

    report = actions.import_extract(path)

    assert counts(report) == (3, 0, 0, 10, 0)
    assert report.refusals == [
        (3, "38 fields instead of 57"),
        (4, "58 fields instead of 57"),
        (5, "no family name: ''"),
        (6, "no profession"),
        (7, "no code of a profession: '60 bis'"),
        (8, "a name longer than 80 letters"),
        (9, "no RPPS number: '3280001234'"),
        (10, "holds control characters"),
        (13, "not utf-8 text"),
        (14, "longer than 65536 bytes"),
    ]


def test_import_warns_of_a_wrong_key_and_a_wrong_phone_and_imports(tmp_path):
    lines = [
        changed(LANGLOIS, Identification_nationale_PP="810001234567"),
        changed(BOYER, Téléphone="voir secrétariat"),
        changed(HENRY, Téléphone="", Téléphone_2="02 61 91 00 02"),
    ]

    report = actions.import_extract(written(tmp_path, *lines))

    assert counts(report) == (3, 0, 0, 0, 2)
    assert report.warnings == [
        (2, "the key of RPPS number 10001234567 is wrong"),
        (3, "no phone number: voir secrétariat"),
    ]
    assert person("10001234567").family_name == "Langlois"
    assert [site.phone for site in sites("99728000037")] == ["+33261910002"]


def test_import_knows_those_with_an_older_number_again(tmp_path):
    path = written(tmp_path, changed(LANGLOIS, Identification_nationale_PP="0282A01234"))

    reports = [actions.import_extract(path) for _ in range(2)]

    assert [counts(report) for report in reports] == [(1, 0, 0, 0, 0), (0, 0, 1, 0, 0)]
    assert person("0282A01234").family_name == "Langlois"


def test_import_cuts_what_the_tables_cannot_hold(tmp_path):
    long = changed(
        LANGLOIS,
        Raison_sociale_site="X" * 400,
        Libellé_profession="Y" * 400,
        Code_postal="282000",
        Libellé_commune="Z" * 300,
    )

    report = actions.import_extract(written(tmp_path, long))

    assert counts(report) == (1, 0, 0, 0, 0)
    assert [(len(site.name), site.postal_code, len(site.commune)) for site in sites("99728000011")] == [(200, "", 100)]


def test_import_counts_every_refusal_and_notes_the_first_thousand(tmp_path):
    report = actions.import_extract(written(tmp_path, *["junk"] * 1001, LANGLOIS))

    assert counts(report) == (1, 0, 0, 1001, 0)
    assert len(report.refusals) == 1000


@pytest.mark.parametrize(
    ("communes", "departments", "people"),
    [
        (["28088"], [], 104),
        (["châteaudun"], [], 104),
        (["CHATEAUDUN"], ["28"], 104),
        (["28088", "Brou"], [], 122),
        ([], ["28"], 226),
        (["28088"], ["45"], 0),
        ([], ["45"], 0),
    ],
)
def test_import_keeps_to_the_territory(communes, departments, people):
    report = actions.import_extract(SAMPLE, Territory(communes, departments))

    assert counts(report) == (people, 0, 0, 0, 0)


def test_import_finds_a_commune_by_the_code_of_a_later_line(tmp_path):
    assert "28088" not in LANGLOIS
    with_code = changed(HENRY, Code_commune="28088", Code_postal="28200", Libellé_commune="CHATEAUDUN CEDEX")

    report = actions.import_extract(written(tmp_path, LANGLOIS, BOYER, with_code), Territory(["28088"]))

    assert report.created == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "line 1: not an extract of the Annuaire Santé, it begins with ''"),
        (b"%PDF-1.7\n\x93\x8c", "line 1: not an extract of the Annuaire Santé, it begins with '%PDF-1.7'"),
        (b"PK\x03\x04 broken", "line 1: not an extract of the Annuaire Santé, it begins with 'PK\\x03\\x04 broken'"),
        (
            HEADER.replace("Code profession|", "").replace("Nom d'exercice|", "").encode(),
            "line 1: columns are missing: \"Nom d'exercice\", 'Code profession'",
        ),
        (
            HEADER.replace("Code postal (coord. structure)|", "")
            .replace("Code commune (coord. structure)|", "")
            .encode(),
            "line 1: columns are missing: 'Code postal' or 'Code commune'",
        ),
    ],
)
def test_import_says_why_a_file_is_no_extract(tmp_path, content, reason):
    path = tmp_path / "file.txt"
    path.write_bytes(content)

    with pytest.raises(ExtractUnreadable) as refused:
        actions.import_extract(path)

    assert str(refused.value) == reason
    assert number_of(Person) == 0
