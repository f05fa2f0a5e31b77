"""The page of a structure, what staff say of it, and one’s own places."""

from datetime import date
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from cpts_net.directory.models import Person, Position, Source, Structure, StructureClosing
from cpts_net.directory.queries import book
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from tests.factories import working_at


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit", positions=[working_at("MSP du Dunois", phone="+33261910001")])


@pytest.fixture
def house(app, anne):
    with app.app_context():
        return SimpleNamespace(id=db.session.scalars(select(Structure.id)).one())


@pytest.fixture
def desk(make, sign_in):
    return sign_in(make.account(role=Role.SECRETARY))


def position_of(app, person):
    with app.app_context():
        return db.session.scalars(select(Position).where(Position.person_id == person.id).order_by(Position.id)).all()


def text_of(page):
    return " ".join(page.text.split())


def test_a_structure_shows_who_works_there_and_its_closings(make, sign_in, house, anne):
    days = {"first_day": date(2026, 8, 24), "last_day": date(2026, 8, 28)}
    make.save(StructureClosing(structure_id=house.id, from_noon=True, **days))
    make.save(StructureClosing(structure_id=house.id, first_day=date(2026, 7, 1), last_day=date(2026, 7, 2)))

    page = sign_in(make.account(anne)).get(f"/annuaire/structures/{house.id}")

    text = text_of(page)
    assert "MSP du Dunois</h1>" in text
    assert "Anne Petit" in text
    assert 'href="tel:+33261910001"' in text
    assert "24 au" in text
    assert "à partir de midi" in text
    assert "juillet" not in text


def test_who_hides_a_place_or_is_hidden_does_not_stand_there(app, make, sign_in, house, anne):
    luc = make.person("Luc", "Martin", is_hidden=True, positions=[])
    make.save(Position(person_id=luc.id, structure_id=house.id, rank=0))
    own = sign_in(make.account(anne))
    (place,) = position_of(app, anne)

    own.post(f"/annuaire/structures/lieux/{place.id}", data={"phone": "02 61 91 00 01", "is_hidden": "y"})

    page = sign_in(make.account()).get(f"/annuaire/structures/{house.id}").text
    assert "Petit" not in page
    assert "Martin" not in page
    assert "caché" in own.get(f"/annuaire/{anne.id}").text


def test_hiding_a_place_takes_it_out_of_lists_and_search(app, make, sign_in, anne):
    (place,) = position_of(app, anne)
    with app.app_context():
        assert book().search("0261910001")

    sign_in(make.account(anne)).post(
        f"/annuaire/structures/lieux/{place.id}", data={"phone": "02 61 91 00 01", "is_hidden": "y"}
    )

    with app.app_context():
        assert not book().search("0261910001")
        assert db.session.get_one(Person, anne.id).shown_phone == ""


def test_correcting_a_place_of_the_extract_hides_it_and_makes_ones_own(app, make, sign_in, anne):
    (place,) = position_of(app, anne)

    sign_in(make.account(anne)).post(
        f"/annuaire/structures/lieux/{place.id}", data={"function": "Coordonnatrice", "phone": "02 61 91 00 09"}
    )

    old, new = position_of(app, anne)
    assert (old.source, old.phone, old.hidden_at is None) == (Source.RPPS, "+33261910001", False)
    assert (new.source, new.phone, new.function, new.hidden_at) == (Source.OWN, "+33261910009", "Coordonnatrice", None)
    with app.app_context():
        assert db.session.get_one(Person, anne.id).shown_phone == "+33261910009"


def test_what_one_wrote_is_changed_where_it_stands(app, make, sign_in, house, anne):
    account = make.account(make.person("Inès", "Boyer", positions=[]))
    browser = sign_in(account)
    response = browser.post(f"/annuaire/structures/{house.id}/ici")
    browser.post(response.location, data={"hours": "Le mardi"})

    with app.app_context():
        (place,) = db.session.scalars(select(Position).where(Position.person_id == account.person_id)).all()
    assert (place.source, place.hours, place.structure_id) == (Source.OWN, "Le mardi", house.id)
    assert "Le mardi" in browser.get(f"/annuaire/structures/{house.id}").text


def test_nobody_changes_the_place_of_another(app, make, sign_in, anne):
    (place,) = position_of(app, anne)
    other = sign_in(make.account(make.person("Inès", "Boyer")))

    assert other.get(f"/annuaire/structures/lieux/{place.id}").status_code == 404
    assert other.post(f"/annuaire/structures/lieux/{place.id}", data={"phone": ""}).status_code == 404


def test_staff_say_who_works_there(app, make, desk, house):
    luc = make.person("Luc", "Martin", positions=[])

    desk.post(f"/annuaire/structures/{house.id}/personnes", data={"person": luc.id})

    assert [place.source for place in position_of(app, luc)] == [Source.STAFF]


@pytest.mark.parametrize("name", ["", " ", "-", "…"])
def test_a_structure_without_a_name_gets_a_sentence_beside_the_field(app, desk, name):
    answer = desk.post("/annuaire/structures/nouvelle", data={"name": name, "commune": "Brou"})

    assert answer.status_code == 422
    assert "Donnez un nom à cette structure" in answer.text
    assert 'id="name-error"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(Structure)).all() == []


def test_what_staff_correct_is_noted_as_typed_and_shown_of_everybody_there(app, desk, house, anne):
    page = f"/annuaire/structures/{house.id}"

    desk.post(f"{page}/modifier", data={"name": "Maison de santé", "tier": "1", "sector": "health", "commune": "Brou"})

    with app.app_context():
        known = db.session.get_one(Structure, house.id)
        assert known.typed == ["commune", "name", "sector", "tier"]
        person = db.session.get_one(Person, anne.id)
        assert (person.shown_commune, "maison" in person.search_text) == ("Brou", True)
    assert "1re ligne" in desk.get(page).text


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"first_day": "2026-08-28", "last_day": "2026-08-24"}, "Le dernier jour est avant le premier."),
        ({"first_day": "2026-08-28"}, "Indiquez le dernier jour."),
        (
            {"first_day": "2026-08-28", "last_day": "2026-08-28", "from_noon": "y", "until_noon": "y"},
            "il ne reste rien",
        ),
    ],
)
def test_a_closing_that_is_none_gets_a_sentence(desk, house, days, sentence):
    answer = desk.post(f"/annuaire/structures/{house.id}/fermetures/nouvelle", data=days)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_structures_are_found_by_name_and_commune(make, sign_in, anne):
    make.person("Luc", "Martin", positions=[working_at("EHPAD des Tilleuls", commune="Brou")])
    browser = sign_in(make.account(anne))

    page = browser.get("/annuaire/structures/?q=tilleuls brou").text

    assert "EHPAD des Tilleuls" in page
    assert "MSP du Dunois" not in page
    assert "Aucune structure" in browser.get("/annuaire/structures/?q=rien").text
