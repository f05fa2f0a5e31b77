"""Pages of errors: they keep the frame, and ask nobody."""

import pytest
from flask import abort

from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.web.access import guests_too


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


@pytest.mark.parametrize("code", [400, 403, 405, 410, 413, 414, 418])
def test_a_refusal_speaks_as_people_do_and_leads_on(make, sign_in, app, monkeypatch, code):
    monkeypatch.setitem(app.view_functions, "home.more", guests_too(lambda: abort(code)))

    page = sign_in(make.account()).get("/plus/")

    assert page.status_code == code
    assert 'class="places"' in page.text
    assert 'action="/recherche/"' in page.text
    assert 'href="/continuite/"' in page.text
    assert f"Code {code}." in page.text
    assert "Error" not in page.text


def test_a_fault_of_ours_keeps_the_frame_without_the_database(make, sign_in, app, monkeypatch):
    def fail():
        for ask in ("execute", "scalar", "scalars"):
            away.setattr(db.session, ask, lambda *_, **__: pytest.fail("asked"))
        raise ZeroDivisionError

    monkeypatch.setitem(app.view_functions, "home.more", guests_too(fail))
    browser = sign_in(make.account())

    with monkeypatch.context() as away:
        page = browser.get("/plus/")

    assert page.status_code == 500
    assert 'class="places"' in page.text
    assert 'action="/recherche/"' in page.text
    assert "Une erreur s’est produite" in page.text
