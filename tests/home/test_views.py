from dataclasses import replace
from importlib.metadata import version

import pytest

from cpts_net.roles import Role


def test_start_leads_to_the_board(client):
    response = client.get("/")

    assert (response.status_code, response.location) == (303, "/continuite/")


def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get("/plus/")

    assert (response.status_code, response.location) == (303, "/connexion?next=/plus/")


def test_a_member_sees_the_five_places(sign_in, make):
    page = sign_in(make.account()).get("/plus/")

    assert page.status_code == 200
    assert page.text.count("<li>") == 5


def test_health_answers_while_the_database_does(client):
    response = client.get("/sante")

    assert (response.status_code, response.json) == (200, {"process": "web", "database": "ok"})


def test_an_unknown_page_is_404(client):
    assert client.get("/nulle-part").status_code == 404


@pytest.mark.parametrize(
    ("role", "is_offered"),
    [(Role.MEMBER, False), (Role.SECRETARY, False), (Role.COORDINATOR, True), (Role.ADMINISTRATOR, True)],
)
def test_more_offers_the_administration_to_those_who_have_it(role, is_offered, sign_in, make):
    page = sign_in(make.account(role=role)).get("/plus/").text

    assert ('href="/administration/"' in page) is is_offered
    for path in ("/mon-compte/", "/absences/", "/abonnements/", "/a-propos/", "/donnees-personnelles/"):
        assert f'href="{path}"' in page
    assert 'action="/deconnexion"' in page


def test_about_says_what_this_is_not_and_under_which_licence(client):
    page = client.get("/a-propos/").text

    assert "Cette application informe ; elle n’est pas le tableau de garde officiel." in page
    assert "AGPL-3.0-or-later" in page
    assert version("cpts-net") in page


def test_about_leads_to_the_source_code(app, client):
    settings = app.extensions["settings"]
    app.extensions["settings"] = app.jinja_env.globals["settings"] = replace(
        settings, source_url="https://git.example/"
    )
    try:
        assert 'href="https://git.example/"' in client.get("/a-propos/").text
    finally:
        app.extensions["settings"] = app.jinja_env.globals["settings"] = settings


def test_the_privacy_notice_is_open_to_those_without_an_account(client):
    page = client.get("/donnees-personnelles/")

    assert page.status_code == 200
    assert "CPTS du Dunois" in page.text
