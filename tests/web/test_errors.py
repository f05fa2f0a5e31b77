"""Pages of errors: they keep the frame, and ask nobody."""

import pytest

from cpts_net.roles import Role


@pytest.mark.parametrize("path", ["/nulle-part", "/administration/"])
def test_an_error_keeps_the_places_and_the_search(make, sign_in, path):
    page = sign_in(make.account(make.person(), role=Role.MEMBER)).get(path)

    assert page.status_code == 404
    assert 'class="places"' in page.text
    assert 'action="/recherche/"' in page.text
    assert 'href="/continuite/"' in page.text


def test_an_error_shows_a_stranger_no_places(client):
    assert 'class="places"' not in client.get("/nulle-part").text


def test_an_error_asks_no_database(make, sign_in, app, monkeypatch):
    browser = sign_in(make.account())
    monkeypatch.setattr("cpts_net.accounts.identity.identify", lambda *_: pytest.fail("asked"))

    assert 'class="places"' in browser.get("/nulle-part").text
