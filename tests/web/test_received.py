"""What no page may hold does not come in: browsers call a page with it broken, and PostgreSQL keeps no NUL."""

import pytest


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x7f", "\x9f", "\ufdd0", "\uffff", "\U0010ffff"])
def test_what_no_page_may_hold_does_not_come_in(client, sign):
    answer = client.post("/connexion", data={"email": f"a{sign}nne@cpts.example", "password": "wrong"})

    assert answer.status_code == 422
    assert 'value="anne@cpts.example"' in answer.text


def test_an_address_is_read_composed_and_without_what_nobody_sees(client):
    answer = client.post("/connexion", data={"email": "Rene\u0301\u200b@cpts.example", "password": "wrong"})

    assert 'value="ren\u00e9@cpts.example"' in answer.text
