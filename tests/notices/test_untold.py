"""Whoever does something that concerns somebody without an address reads whom they have to tell."""

import pytest

from cpts_net.notices import untold
from cpts_net.roles import Role

ABSENCE = {"first_day": "2026-08-17", "last_day": "2026-08-21", "relay": "0"}


@pytest.fixture
def secretary(make, sign_in):
    return sign_in(make.account(role=Role.SECRETARY))


def test_who_cannot_be_written_to_is_named_on_the_next_page(secretary, make):
    anne, paul = make.person("Anne", "Petit"), make.person("Paul", "Roy")
    make.account(paul)

    page = secretary.post(
        "/absences/nouvelle", data={**ABSENCE, "person": anne.id, "relay": paul.id}, follow_redirects=True
    ).text

    assert "À prévenir vous-même, faute d’adresse e-mail\u202f: Dr Anne Petit." in page


def test_what_was_refused_names_nobody(secretary, make):
    anne = make.person("Anne", "Petit")

    page = secretary.post("/absences/nouvelle", data={**ABSENCE, "last_day": "2026-08-01", "person": anne.id})

    assert page.status_code == 422
    assert "À prévenir" not in page.text + secretary.get("/absences/").text


@pytest.mark.usefixtures("context")
def test_many_are_counted():
    assert untold.sentence([f"N{number}" for number in range(5)]).endswith("N0, N1, N2, N3, N4.")
    assert untold.sentence([f"N{number}" for number in range(6)]).endswith("N0, N1, N2, N3, N4 et une autre personne.")
    assert untold.sentence([f"N{number}" for number in range(8)]).endswith("N4 et 3 autres.")
