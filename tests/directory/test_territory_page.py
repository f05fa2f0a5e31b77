"""Communes by official code, the territory and its basins, and the picker that ranks by them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cpts_net import clock
from cpts_net.directory import choosing, commune_actions, queries
from cpts_net.directory.models import Structure, TerritoryCommune
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from scripts.communes import trimmed
from tests.factories import working_at

LIST = [
    {"code": "28088", "name": "Châteaudun", "population": 12839, "postal_codes": ["28200"], "other_codes": []},
    {"code": "28330", "name": "Villemaury", "population": 1500, "postal_codes": ["28200"], "other_codes": ["28099"]},
    {"code": "28061", "name": "Brou", "population": 3400, "postal_codes": ["28160"], "other_codes": []},
]


@pytest.fixture
def desk(make, sign_in) -> FlaskClient:
    return sign_in(make.account(role=Role.COORDINATOR))


@pytest.fixture
def known(app):
    with app.app_context():
        commune_actions.load_list(LIST)


def at(code, name="", **columns):
    position = working_at(name, **columns)
    position.structure.commune_code = code
    return position


def ticked(app):
    with app.app_context():
        return dict(map(tuple, db.session.execute(select(TerritoryCommune.code, TerritoryCommune.basin))))


def test_old_codes_are_other_codes_of_the_commune_of_today():
    given = [
        {"code": "28103", "nom": "Cloyes", "type": "commune-actuelle", "codesPostaux": ["28220"], "population": 5000},
        {"code": "28103", "nom": "Cloyes-sur-le-Loir", "type": "commune-deleguee", "chefLieu": "28103"},
        {"code": "28017", "nom": "Autheuil", "type": "commune-deleguee", "chefLieu": "28103"},
        {"code": "75113", "nom": "Paris 13e", "type": "arrondissement-municipal", "codesPostaux": ["75013"]},
    ]

    assert [(each["code"], each["name"], each["other_codes"]) for each in trimmed(given)] == [
        ("28103", "Cloyes", ["28017"]),
        ("75113", "Paris 13e", []),
    ]


def test_staff_tick_communes_and_basins_and_what_was_not_shown_stays(app, desk):
    with app.app_context(), transaction():
        db.session.add(TerritoryCommune(code="28061", basin="Perche"))

    form = {"shown": ["28088", "28330"], "commune": ["28088"], "bassin-28088": " Dunois ", "bassin-28330": "Dunois"}
    desk.post("/annuaire/territoire/", data=form)

    assert ticked(app) == {"28061": "Perche", "28088": "Dunois"}
    page = desk.get("/annuaire/territoire/").text
    assert 'value="Dunois"' in page

    desk.post("/annuaire/territoire/", data={"shown": ["28088", "x", "'"], "commune": ["x"]})
    assert ticked(app) == {"28061": "Perche"}


def test_the_page_stands_without_the_list(app, make, desk):
    make.person(positions=[at("28088", commune="Châteaudun")])

    page = desk.get("/annuaire/territoire/").text

    assert "n’est pas chargée" in page
    assert 'id="commune-28088"' in page


@pytest.mark.usefixtures("known")
def test_a_commune_is_found_by_its_name_and_shown_with_its_people(desk):
    page = desk.get("/annuaire/territoire/?q=villem").text

    assert "Villemaury" in page
    assert "Brou" not in page
    assert "n’est pas chargée" not in page


@pytest.mark.usefixtures("known")
def test_structures_without_a_code_get_it_by_postal_code_and_name_or_are_listed(app, make, desk):
    places = [("CHATEAUDUN CEDEX", "28200"), ("Villemaury", "28200"), ("Brou", "28200")]
    for number, (commune, postal_code) in enumerate(places):
        make.person(positions=[working_at(f"Cabinet {number}", commune=commune, postal_code=postal_code)])

    with app.app_context(), transaction():
        assert commune_actions.place_structures() == 2
    with app.app_context(), transaction():
        assert commune_actions.place_structures() == 0

    with app.app_context():
        assert db.session.scalars(select(Structure.commune_code).order_by(Structure.id)).all() == [
            "28088",
            "28330",
            None,
        ]
    page = desk.get("/annuaire/territoire/").text
    assert "Cabinet 2" in page
    assert "Cabinet 1" not in page


@pytest.mark.usefixtures("known")
def test_the_basin_of_somebody_is_that_of_their_first_visible_place(app, make):
    anne = make.person(positions=[at("28330", hidden_at=clock.now()), at("28061"), at("28330")])
    old = make.person(positions=[at("28099")])
    with app.app_context(), transaction():
        commune_actions.set_territory({"28330": "Dunois", "28061": "Perche"}, actor_id=None, now=clock.now())

    with app.app_context():
        assert queries.entry(anne.id).basin == "Perche"
        assert queries.entry(old.id).basin == "Dunois"


def test_the_picker_puts_the_own_basin_first(app, make, sign_in):
    anne = make.person("Anne", "Petit", positions=[at("28088", commune="Châteaudun")])
    make.person("Luc", "Martin", positions=[at("45302", commune="Orléans")])
    make.person("Zoé", "Martin", positions=[at("28330", commune="Villemaury")])
    reader = make.account(anne)
    with app.app_context(), transaction():
        commune_actions.set_territory({"28088": "Dunois", "28330": "Dunois"}, actor_id=None, now=clock.now())

    with app.app_context():
        wanted = choosing.near(anne.id)
        found = choosing.find(wanted, "martin", StandIn(reader))
    assert [candidate.label.name for candidate in found.candidates] == ["Dr Zoé Martin", "Dr Luc Martin"]


class StandIn:
    """Who reads."""

    def __init__(self, account):
        self.person_id, self.is_staff, self.role = account.person_id, False, account.role
