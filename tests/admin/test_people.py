"""Adding somebody who is in no extract, and inviting them in the same step."""

import re

import pytest
from sqlalchemy import select

from cpts_net.accounts.models import Account
from cpts_net.directory.models import Kind, Person, Position, Structure
from cpts_net.groups.models import Membership
from cpts_net.roles import Role
from cpts_net.storage.connections import db

ADD = "/administration/personnes/nouvelle"
SARAH = {
    "given_name": "Sarah",
    "family_name": "Lopez",
    "civility": "MME",
    "function": "Directrice de l’EHPAD",
    "kind": "partner",
    "phone": "02 61 91 00 09",
    "structure": "EHPAD Les Tilleuls",
    "commune": "Brou",
    "role": "partner",
}


@pytest.fixture
def coordinator(make, sign_in):
    return sign_in(make.account(role=Role.COORDINATOR))


def test_somebody_is_added_with_their_place_and_invited_in_one_step(coordinator, rows):
    response = coordinator.post(ADD, data={**SARAH, "email": "Sarah@Tilleuls.example"})

    (sarah,) = [person for person in rows(Person) if person.family_name == "Lopez"]
    assert (response.status_code, response.location) == (303, f"/annuaire/{sarah.id}")
    assert (sarah.kind, sarah.function, sarah.civility) == (Kind.PARTNER, "Directrice de l’EHPAD", "MME")
    assert sarah.profession_code is None
    (account,) = [account for account in rows(Account) if account.person_id == sarah.id]
    assert (account.email, account.role) == ("sarah@tilleuls.example", Role.PARTNER)
    assert [(place.person_id, place.source) for place in rows(Position)] == [(sarah.id, "staff")]
    card = coordinator.get(response.location).text
    assert "EHPAD Les Tilleuls" in card
    assert "02 61 91 00 09".replace(" ", "") in re.sub(r"\s|&nbsp;|\xa0", "", card)
    found = coordinator.get("/annuaire/?q=tilleuls").text
    assert "Sarah Lopez" in found


def test_two_people_of_one_place_share_it(coordinator, rows):
    coordinator.post(ADD, data=SARAH)
    coordinator.post(ADD, data={**SARAH, "family_name": "Roux"})

    assert [structure.name for structure in rows(Structure)] == ["EHPAD Les Tilleuls"]
    assert len(rows(Position)) == 2


def test_an_account_is_optional_and_the_list_says_who_has_none(coordinator):
    coordinator.post(ADD, data={**SARAH, "email": ""})

    page = coordinator.get("/administration/personnes/?q=directrice").text
    assert "Sarah Lopez" in page
    assert "sans compte" in page
    assert "Sarah Lopez" not in coordinator.get("/administration/personnes/?q=boulanger").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"family_name": ""}, "Indiquez le nom."),
        ({"function": " "}, "Dites ce que fait cette personne"),
        ({"phone": "12"}, "Ce numéro ne se compose pas"),
        ({"email": "sarah@"}, "n’est pas complète"),
        ({"structure": ""}, "Donnez un nom à ce lieu"),
        ({"role": "administrator"}, "Vous ne pouvez pas donner ce rôle"),
        ({"email": "s@cpts.example", "role": "guest"}, "Une personne invitée dans un groupe"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(coordinator, rows, wrong, said):
    before = len(rows(Person))

    response = coordinator.post(ADD, data={**SARAH, **wrong})

    assert response.status_code == 422
    assert said in response.text
    assert 'value="Sarah"' in response.text
    assert len(rows(Person)) == before


def test_an_address_that_is_taken_adds_nobody(coordinator, make, rows):
    make.account(email="prise@cpts.example")
    before = len(rows(Person))

    response = coordinator.post(ADD, data={**SARAH, "email": "prise@cpts.example"})

    assert response.status_code == 422
    assert "Un compte existe déjà à cette adresse." in response.text
    assert len(rows(Person)) == before


def test_the_secretary_adds_somebody_and_invites_nobody(make, sign_in, rows):
    secretary = sign_in(make.account(role=Role.SECRETARY))
    assert "Adresse e-mail" not in secretary.get(ADD).text

    assert secretary.post(ADD, data={**SARAH, "email": "s@cpts.example", "role": "administrator"}).status_code == 303

    assert [account.role for account in rows(Account)] == [Role.SECRETARY]


def test_a_guest_is_added_and_invited_to_a_group_in_one_step(app, coordinator, make, sign_in):
    group = make.group(leads=[make.person()])
    assert "Inviter quelqu’un de l’extérieur" in coordinator.get(f"/groupes/{group.id}/membres").text

    guest = {**SARAH, "kind": "guest", "role": "guest", "email": "sarah@tilleuls.example"}
    response = coordinator.post(f"{ADD}?groupe={group.id}", data=guest)

    assert (response.status_code, response.location) == (303, f"/groupes/{group.id}/membres")
    with app.app_context():
        account = db.session.scalars(select(Account).where(Account.email == "sarah@tilleuls.example")).one()
        stay = db.session.scalars(select(Membership).where(Membership.person_id == account.person_id)).one()
        assert (account.role, stay.role) == (Role.GUEST, "guest")
    assert sign_in(account).get("/").location == f"/groupes/{group.id}"
    assert "Sarah Lopez" not in coordinator.get("/annuaire/?q=lopez").text.replace('value="lopez"', "")


def test_a_private_group_of_others_takes_nobody_in(coordinator, make):
    hidden = make.group("Comité", is_private=True)

    assert coordinator.get(f"{ADD}?groupe={hidden.id}").status_code == 404


def test_the_staff_corrects_a_name_and_an_import_leaves_it(coordinator, make, rows):
    anne = make.person("Anne", "Petit")
    make.account(anne)

    typed = {"given_name": "Anne", "family_name": "Petit-Roux", "civility": "MME", "kind": "professional"}
    response = coordinator.post(f"/annuaire/{anne.id}/modifier", data={**typed, "function": "Présidente de la CPTS"})

    assert response.status_code == 303
    (after,) = [person for person in rows(Person) if person.id == anne.id]
    assert (after.family_name, after.sort_key) == ("Petit-Roux", "petit roux anne")
    assert after.typed == ["civility", "family_name", "function"]
    card = coordinator.get(response.location).text
    assert "Dr Anne Petit-Roux" in card
    assert "Présidente de la CPTS" in card
    assert "Petit-Roux" in coordinator.get("/administration/?q=petit-roux").text
    assert "Petit-Roux" in coordinator.get("/annuaire/?q=petit-roux").text


def test_one_says_ones_own_function_and_not_ones_name(make, sign_in, rows):
    ines = make.person("Inès", "Boyer", profession="60")
    browser = sign_in(make.account(ines))

    browser.post(f"/annuaire/{ines.id}/modifier", data={"function": "Référente plaies", "family_name": "Autre"})

    (after,) = rows(Person)
    assert (after.function, after.family_name, after.typed) == ("Référente plaies", "Boyer", ["function"])


def test_a_name_that_is_empty_is_refused_beside_its_field(coordinator, make, rows):
    anne = make.person("Anne", "Petit")

    response = coordinator.post(f"/annuaire/{anne.id}/modifier", data={"family_name": " ", "kind": "professional"})

    assert response.status_code == 422
    assert "Indiquez le nom." in response.text
