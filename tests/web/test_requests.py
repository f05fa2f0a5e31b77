import io

import pytest
from flask import request

from cpts_net.roles import Role

HUGE = "9" * 5000  # More digits than Python reads as a number.


def test_no_field_and_no_address_holds_nul(app):
    with app.test_request_context("/?q=a%00b", method="POST", data={"note": "\x00Congé"}):
        assert request.args["q"] == "ab"
        assert request.form["note"] == "Congé"


@pytest.mark.parametrize("address", ["/astreintes/pharma%00cie/", "/abonnements/nouveau/%00"])
def test_a_name_with_nul_leads_nowhere(make, sign_in, address):
    assert sign_in(make.account(role=Role.COORDINATOR)).get(address).status_code == 404


@pytest.mark.parametrize("address", ["/administration/?q=", "/administration/inviter?q=", "/absences/?profession="])
def test_a_search_for_nul_is_one_for_nothing(make, sign_in, address):
    assert sign_in(make.account(role=Role.COORDINATOR)).get(f"{address}%00").status_code == 200


@pytest.mark.parametrize(
    ("address", "field"),
    [("/absences/nouvelle", "first_day"), ("/absences/nouvelle", "note"), ("/mon-compte/mot-de-passe", "password")],
)
def test_a_file_in_place_of_a_text_is_nothing_typed(make, sign_in, address, field):
    browser = sign_in(make.account(make.person()))

    response = browser.post(address, data={"kind": "holiday", field: (io.BytesIO(b"\xff<b>"), "x.html")})

    assert response.status_code == 422


@pytest.mark.parametrize("number", [str(2**31), str(2**63), HUGE])
@pytest.mark.parametrize(
    "address", ["/absences/?page={}", "/absences/nouvelle?membre={}", "/administration/inviter?membre={}"]
)
def test_a_number_that_no_row_has_is_left_out(make, sign_in, address, number):
    assert sign_in(make.account(role=Role.ADMINISTRATOR)).get(address.format(number)).status_code == 200


@pytest.mark.parametrize("number", [str(2**31), str(2**63), HUGE])
@pytest.mark.parametrize("name", ["person", "relay", "garde-1", "pour-1"])
def test_a_form_with_a_number_that_no_row_has_is_refused(make, sign_in, name, number):
    form = {"first_day": "2026-08-20", "kind": "holiday", "garde-1": "hand_over", "person": "0", name: number}

    response = sign_in(make.account(role=Role.SECRETARY)).post("/absences/nouvelle", data=form)

    assert response.status_code == 422


@pytest.mark.parametrize("address", ["/continuite/?nom=", "/annuaire/?q=", "/absences/?nom=", "/continuite/?x="])
def test_a_filter_of_a_million_characters_gets_a_sentence(make, sign_in, address):
    browser = sign_in(make.account(make.person()))

    answer = browser.get(address + "a" * 1_000_000)

    assert answer.status_code == 414
    assert "trop long" in answer.text
    assert len(answer.data) < 10_000
    assert browser.get(address + "a" * 100).status_code == 200
