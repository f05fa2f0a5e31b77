import re
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

    assert "Cette application informe\u202f; elle n’est pas le tableau de garde officiel." in page
    assert "AGPL-3.0-or-later" in page
    assert version("cpts-net") in page


def test_about_leads_to_the_source_code(app, client, monkeypatch):
    elsewhere = replace(app.extensions["settings"], source_url="https://git.example/")
    monkeypatch.setitem(app.extensions, "settings", elsewhere)
    monkeypatch.setitem(app.jinja_env.globals, "settings", elsewhere)
    monkeypatch.setattr(app.jinja_env, "cache", {})  # A template knows the settings of when it was first drawn.

    assert 'href="https://git.example/"' in client.get("/a-propos/").text


def test_the_privacy_notice_is_open_to_those_without_an_account(client):
    page = client.get("/donnees-personnelles/")

    assert page.status_code == 200
    assert "CPTS du Dunois" in page.text


def look_of(page):
    return re.search(r'<html lang="fr" (?:data-look="(\w+)")?', page.text)[1]


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_chosen_look_stands_on_every_page_before_it_is_painted(look, sign_in, make):
    browser = sign_in(make.account())

    chosen = browser.post("/apparence", data={"look": look})

    assert (chosen.status_code, chosen.location) == (303, "/plus/#apparence")
    for path in ("/plus/", "/annuaire/", "/nulle-part"):
        page = browser.get(path)
        assert look_of(page) == look
        assert f'<meta name="color-scheme" content="{look}">' in page.text
    assert f'value="{look}" aria-pressed="true"' in browser.get("/plus/").text


@pytest.mark.parametrize("nonsense", ["", "rose", '"><script>'])
def test_without_a_look_the_device_decides(nonsense, sign_in, make):
    browser = sign_in(make.account())
    browser.post("/apparence", data={"look": "dark"})

    browser.post("/apparence", data={"look": nonsense})

    page = browser.get("/plus/")
    assert look_of(page) is None
    assert '<meta name="color-scheme" content="light dark">' in page.text
    assert 'value="" aria-pressed="true"' in page.text


def test_a_look_that_nobody_offers_is_no_look(sign_in, make):
    browser = sign_in(make.account())
    browser.set_cookie("look", '"><b>')

    assert look_of(browser.get("/plus/")) is None
