"""What an import cannot keep, or keeps with a doubt, is said in its report."""

import zipfile

import pytest
from sqlalchemy import select, update

from cpts_net.directory import actions, extract
from cpts_net.directory.extract import ExtractUnreadable
from cpts_net.directory.models import Person, Position, Structure
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.directory.extracts import COLUMNS, LINES, SAMPLE, changed, written

pytestmark = pytest.mark.usefixtures("context")
NURSE = next(line for line in LINES if line.split("|")[9] == "60")
DOCTOR = next(line for line in LINES if line.split("|")[9] == "10")


def reasons(notes):
    return [note.reason for note in notes]


ADELI, RPPS = "0289100011", NURSE.split("|")[2][1:]


def test_a_person_who_gets_an_rpps_number_stays_the_same_and_it_is_said(tmp_path):
    actions.import_extract(written(tmp_path, changed(NURSE, Identification_nationale_PP=ADELI)))
    before = db.session.scalars(select(Person.id)).one()

    report = actions.import_extract(written(tmp_path, NURSE))
    again = actions.import_extract(written(tmp_path, NURSE))

    known = db.session.scalars(select(Person)).one()
    assert (known.id, known.rpps, known.adeli) == (before, RPPS, "289100011")
    assert reasons(report.warnings) == [f"RPPS number {RPPS} is the person known by ADELI number 289100011"]
    assert (report.updated, again.unchanged, again.warned) == (1, 1, 0)


def test_a_line_of_the_older_number_makes_nobody_anew(tmp_path):
    old = changed(NURSE, Identification_nationale_PP=ADELI)
    for line in (old, NURSE):
        actions.import_extract(written(tmp_path, line))

    report = actions.import_extract(written(tmp_path, old))

    assert (report.created, report.unchanged) == (0, 1)
    assert db.session.scalars(select(Person.rpps)).all() == [RPPS]


def test_who_is_called_alike_and_works_elsewhere_may_be_another(tmp_path):
    elsewhere = {"Libellé_commune": "Bonneval", "Bureau_cedex": "", "Téléphone": "", "Code_postal": "28800"}
    old = changed(NURSE, Identification_nationale_PP=ADELI, **elsewhere)
    actions.import_extract(written(tmp_path, old))

    report = actions.import_extract(written(tmp_path, NURSE))

    assert report.created == 1
    assert reasons(report.warnings) == [f"RPPS number {RPPS} may be the person known by ADELI number 289100011"]


def test_a_file_that_names_the_older_number_is_believed(tmp_path):
    elsewhere = {"Libellé_commune": "Bonneval", "Bureau_cedex": "", "Téléphone": "", "Code_postal": "28800"}
    old = changed(NURSE, Identification_nationale_PP=ADELI, Nom_d_exercice="AUTREFOIS", **elsewhere)
    actions.import_extract(written(tmp_path, old))

    actions.import_extract(written(tmp_path, changed(NURSE, Ancien_identifiant_de_la_structure=f"{ADELI}00")))

    assert db.session.scalars(select(Person.rpps)).all() == [RPPS]


def test_an_import_leaves_what_was_typed_of_a_person(tmp_path):
    actions.import_extract(written(tmp_path, NURSE))
    with transaction():
        typed = {"family_name": "Dupont-Durand", "sort_key": "dupont durand", "typed": ["family_name"]}
        db.session.execute(update(Person).values(**typed))

    report = actions.import_extract(written(tmp_path, changed(NURSE, Prénom_d_exercice="ZOÉ")))

    known = db.session.scalars(select(Person)).one()
    assert (known.family_name, known.given_name, known.sort_key) == ("Dupont-Durand", "Zoé", "dupont durand zoe")
    assert known.search_text.startswith("dupont durand")
    assert report.updated == 1


@pytest.mark.parametrize("given", ["", ".", "-", "--", "XX", "NULL", "SANS PRENOM", "Sans prénom", "\u200b"])
def test_whoever_has_no_given_name_is_called_by_the_other(tmp_path, given):
    """Nobody is shown under a word that stands for none."""
    report = actions.import_extract(written(tmp_path, changed(NURSE, Prénom_d_exercice=given)))

    known = db.session.scalars(select(Person)).one()
    assert (report.created, report.refusals) == (1, [])
    assert (known.given_name, known.display_name) == ("", known.family_name)
    assert reasons(report.warnings)[0].startswith("no given name: ")


def test_the_first_of_two_numbers_in_one_field_is_kept_and_said(tmp_path):
    report = actions.import_extract(
        written(tmp_path, changed(NURSE, Téléphone="02 37 00 00 01 / 06 11 22 33 44", Téléphone_2=""))
    )

    assert db.session.scalars(select(Position.phone)).all() == ["+33237000001"]
    assert "several phone numbers in one field, the first is kept" in reasons(report.warnings)[0]


def test_a_place_that_stands_there_without_its_number_too_is_one(tmp_path):
    with_number, without = changed(NURSE, Téléphone="0237000001"), changed(NURSE, Téléphone="", Téléphone_2="")

    report = actions.import_extract(written(tmp_path, without, with_number, without))

    assert db.session.scalars(select(Position.phone)).all() == ["+33237000001"]
    assert len(report.warnings) == 2


def test_an_overseas_mobile_of_the_mainland_stays_one(tmp_path):
    actions.import_extract(
        written(tmp_path, changed(NURSE, Code_département="974", Code_commune="97411", Téléphone="0612345678"))
    )

    assert db.session.scalars(select(Position.phone)).all() == ["+33612345678"]


def test_a_decomposed_name_is_composed(tmp_path):
    actions.import_extract(
        written(tmp_path, changed(NURSE, Nom_d_exercice="LEFE\u0300VRE", Prénom_d_exercice="GAE\u0308LLE"))
    )

    assert db.session.scalars(select(Person)).one().display_name == "Gaëlle Lefèvre"


def zipped(tmp_path, *names):
    path = tmp_path / "extract.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(SAMPLE, name)
    return path


def test_files_of_the_packer_in_a_zip_are_no_extracts(tmp_path):
    name = "PS_LibreAcces_Personne_activite_202607.txt"

    report = actions.import_extract(zipped(tmp_path, name, f"__MACOSX/._{name}", f"._{name}", ".DS_Store.txt"))

    assert report.created == 226


def test_a_zip_unpacks_to_no_more_than_an_extract_can_hold(tmp_path, monkeypatch):
    monkeypatch.setattr(extract, "LARGEST_EXTRACT", 1000)

    with pytest.raises(ExtractUnreadable, match="unpacks to more than"):
        actions.import_extract(zipped(tmp_path, "PS_LibreAcces_Personne_activite.txt"))


def test_a_place_without_name_or_street_is_said_by_its_commune(tmp_path):
    columns = dict(zip(COLUMNS, NURSE.split("|"), strict=True))
    place = ("Raison sociale site", "Enseigne commerciale site")
    blank = {name: "" for name in COLUMNS if name in place or "oie (coord" in name}
    lines = [
        "|".join({**columns, **blank, "Téléphone (coord. structure)": phone}.values()) for phone in ("0237000001", "")
    ]

    report = actions.import_extract(written(tmp_path, *lines))

    commune = db.session.scalars(select(Structure.commune)).one()
    assert reasons(report.warnings) == [f"the same place again, without its number: {commune}"]
