"""People of one house share it, and an import leaves what people and staff wrote."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from cpts_net.directory import actions, structure_actions
from cpts_net.directory.models import Person, Position, Source, Structure
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.directory.extracts import LINES, SAMPLE, changed, written

pytestmark = pytest.mark.usefixtures("context")
NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
LANGLOIS, BOYER, HENRY = LINES[:3]
HOUSE = {
    "Raison_sociale_site": "MSP DU DUNOIS",
    "Numéro_Voie": "1",
    "Libellé_Voie": "DU MAIL",
    "Code_postal": "28200",
    "Libellé_commune": "Châteaudun",
}
ID, FINESS, SIRET = "Identifiant_technique_de_la_structure", "Numéro_FINESS_site", "Numéro_SIRET_site"


def number_of(model):
    return db.session.scalar(select(func.count()).select_from(model))


def imported(folder, *lines):
    return actions.import_extract(written(folder, *lines))


def person(rpps):
    return db.session.scalars(select(Person).where(Person.rpps == rpps)).one()


def the_position(rpps):
    return db.session.scalars(select(Position).join(Position.person).where(Person.rpps == rpps)).one()


def hide(position):
    with transaction():
        revisions.bump(revisions.DIRECTORY)
        db.session.execute(update(Position).where(Position.id == position.id).values(hidden_at=NOW))
        structure_actions.show_anew([position.person_id])


@pytest.mark.parametrize(
    ("one", "other", "structures"),
    [
        ({}, {}, 1),
        ({"Raison_sociale_site": "MSP du Dunois"}, {}, 1),
        ({"Numéro_Voie": "3"}, {}, 2),
        ({"Code_postal": "28160"}, {}, 2),
        ({ID: "R10100000000001", "Numéro_Voie": "3"}, {ID: "R10100000000001"}, 1),
        ({ID: "R10100000000001"}, {ID: "R10100000000002"}, 2),
        ({ID: "R10100000000001"}, {}, 1),
        ({FINESS: "280000001", "Numéro_Voie": "3"}, {FINESS: "280000001"}, 1),
        ({FINESS: "280000001"}, {FINESS: "280000002"}, 2),
        ({SIRET: "12345678901234", "Numéro_Voie": "3"}, {SIRET: "12345678901234"}, 1),
        ({SIRET: "12345678901234", FINESS: "280000001"}, {SIRET: "12345678901234", FINESS: "280000002"}, 2),
        ({FINESS: "280000001", ID: "R1"}, {FINESS: "280000001", ID: "R2"}, 2),
    ],
)
def test_who_has_the_same_number_or_address_is_in_one_house(tmp_path, one, other, structures):
    imported(tmp_path, changed(LANGLOIS, **HOUSE | one), changed(BOYER, **HOUSE | other))

    assert number_of(Structure) == structures
    assert number_of(Position) == 2


def test_a_place_of_which_only_the_commune_is_known_is_shared_by_nobody(tmp_path):
    bare = {"Raison_sociale_site": "", "Numéro_Voie": "", "Code_type_de_voie": "", "Libellé_type_de_voie": ""}
    lines = [changed(line, **bare, Libellé_Voie="", Code_postal="28200") for line in (LANGLOIS, BOYER)]

    imported(tmp_path, *lines)
    again = imported(tmp_path, *lines)

    assert number_of(Structure) == 2
    assert again.unchanged == 2


def test_a_structure_that_gets_its_number_later_stays_the_same(tmp_path):
    imported(tmp_path, changed(LANGLOIS, **HOUSE))
    known = db.session.scalars(select(Structure.id)).one()

    imported(tmp_path, changed(LANGLOIS, **HOUSE, **{ID: "R1", "Numéro_FINESS_site": "280000001"}))

    after = db.session.scalars(select(Structure)).one()
    assert (after.id, after.technical_id, after.finess) == (known, "R1", "280000001")


def test_people_of_one_house_keep_their_own_numbers(tmp_path):
    imported(tmp_path, changed(LANGLOIS, **HOUSE), changed(BOYER, **HOUSE))

    shown = [person(rpps).shown_phone for rpps in ("99728000011", "99728000029")]
    assert shown == ["+33261912364", "+33261915153"]


def test_the_first_line_says_what_a_structure_is(tmp_path):
    lines = [
        changed(LANGLOIS, **HOUSE, **{ID: "R1"}),
        changed(BOYER, **HOUSE | {"Raison_sociale_site": "MAISON DE SANTÉ"}, **{ID: "R1"}),
    ]
    imported(tmp_path, *lines)

    again = imported(tmp_path, *lines)

    assert db.session.scalars(select(Structure.name)).one() == "MSP du Dunois"
    assert again.unchanged == 2
    assert "msp" in person("99728000029").search_text


def test_who_is_no_longer_in_the_file_follows_a_structure_that_is_named_anew(tmp_path):
    imported(tmp_path, changed(LANGLOIS, **HOUSE, **{ID: "R1"}), changed(BOYER, **HOUSE, **{ID: "R1"}))

    imported(tmp_path, changed(LANGLOIS, **HOUSE | {"Raison_sociale_site": "PÔLE SANTÉ"}, **{ID: "R1"}))

    assert "pole" in person("99728000029").search_text


def test_an_import_leaves_what_somebody_typed_of_a_structure(tmp_path):
    imported(tmp_path, changed(LANGLOIS, **HOUSE))
    with transaction():
        db.session.execute(update(Structure).values(name="Maison du Dunois", typed=["name"]))

    report = imported(tmp_path, changed(LANGLOIS, **HOUSE | {"Code_secteur_d_activité": "SA52"}))

    structure = db.session.scalars(select(Structure)).one()
    assert (structure.name, structure.category_code) == ("Maison du Dunois", "SA52")
    assert report.created == 0


def test_a_position_that_was_hidden_stays_hidden_and_its_number_is_not_found(tmp_path):
    imported(tmp_path, LANGLOIS)
    hide(the_position("99728000011"))

    report = imported(tmp_path, changed(LANGLOIS, Téléphone="0261910000"))

    assert report.updated == 1
    assert the_position("99728000011").hidden_at is not None
    known = person("99728000011")
    assert (known.shown_phone, known.shown_commune) == ("", "")
    assert "0261910000" not in known.search_text


def test_a_hidden_position_that_leaves_the_file_is_hidden_when_it_comes_back(tmp_path):
    imported(tmp_path, LANGLOIS)
    hide(the_position("99728000011"))
    imported(tmp_path, changed(LANGLOIS, Libellé_Voie="DU MAIL"))

    imported(tmp_path, LANGLOIS)

    places = select(Structure.street).join(Position, Position.structure_id == Structure.id)
    assert db.session.scalars(places.where(Position.hidden_at.is_(None))).all() == []
    assert db.session.scalars(places).all() == ["60 rue d’Orléans"]


def test_an_import_leaves_what_people_and_staff_added(tmp_path):
    imported(tmp_path, LANGLOIS)
    langlois = person("99728000011")
    with transaction():
        house = Structure(name="EHPAD", commune="Brou", address_key="ehpad", typed=[])
        db.session.add(Position(person_id=langlois.id, structure=house, rank=1, source=Source.OWN, phone="3237"))

    report = imported(tmp_path, changed(LANGLOIS, Libellé_Voie="DU MAIL"))

    assert report.updated == 1
    sources = db.session.scalars(select(Position.source).order_by(Position.rank)).all()
    assert sources == [Source.RPPS, Source.OWN]
    assert "3237" in person("99728000011").search_text


def test_an_import_that_has_no_news_writes_nothing(monkeypatch):
    actions.import_extract(SAMPLE)
    monkeypatch.setattr(actions, "transaction", None)

    assert actions.import_extract(SAMPLE).unchanged == 226
