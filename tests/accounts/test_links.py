from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.accounts import actions, guessing
from cpts_net.accounts.identity import fingerprint
from cpts_net.accounts.models import Account, AccountLink, LoginSession, Purpose
from cpts_net.notices.models import Delivery
from cpts_net.storage.transaction import transaction
from tests.accounts.conftest import PASSWORD
from tests.conftest import NOW

NEW = "muret-lavande-orage"


@pytest.fixture
def link(app, settings):
    """Make a link of an account, as a path."""

    def make_link(account, purpose):
        with app.app_context(), transaction():
            return actions.make_link(account.id, purpose, now=clock.now()).removeprefix(settings.public_url)

    return make_link


def test_an_invitation_leads_to_a_password_and_in(make, link, client, enter, rows, trail):
    person = make.account()
    path = link(person, Purpose.INVITATION)
    page = client.get(path)
    assert page.status_code == 200
    assert person.email in page.text

    response = client.post(path, data={"password": NEW})

    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/plus/").status_code == 200
    assert trail() == ["account.invitation_accepted"]
    assert enter(person.email, NEW).status_code == 303


def test_a_link_is_kept_as_a_hash_only(make, link, rows):
    token = link(make.account(), Purpose.INVITATION).rpartition("/")[2]

    assert [kept.token_hash for kept in rows(AccountLink)] == [fingerprint(token)]
    assert len(token) >= 43


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.RESET])
def test_looking_at_a_link_does_not_use_it_up(purpose, make, link, client):
    path = link(make.account(), purpose)

    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    assert client.post(path, data={"password": NEW}).status_code == 303


@pytest.mark.parametrize("purpose", [Purpose.INVITATION, Purpose.RESET])
def test_a_link_serves_once(purpose, app, make, link, client, rows):
    path = link(make.account(), purpose)
    client.post(path, data={"password": NEW})
    chosen = rows(Account)[0].password_hash

    page, second = app.test_client().get(path), app.test_client().post(path, data={"password": "autre-chose-encore-42"})

    assert (page.status_code, second.status_code) == (410, 410)
    assert "Ce lien ne fonctionne plus" in page.text
    assert rows(Account)[0].password_hash == chosen


def test_two_who_use_a_link_at_once_do_not_both_get_in(app, make, link):
    path = link(make.account(), Purpose.RESET)

    with ThreadPoolExecutor(4) as threads:
        answers = list(
            threads.map(lambda _: app.test_client().post(path, data={"password": NEW}).status_code, range(4))
        )

    assert sorted(answers) == [303, 410, 410, 410]


@pytest.mark.parametrize(
    ("purpose", "lasts"),
    [
        (Purpose.INVITATION, timedelta(days=7)),
        (Purpose.RESET, timedelta(hours=1)),
        (Purpose.DEMONSTRATION, timedelta(hours=1)),
    ],
)
def test_a_link_expires(purpose, lasts, make, link, client, frozen):
    path = link(make.account(), purpose)

    frozen.move_to(NOW + lasts - timedelta(seconds=1))
    assert client.get(path).status_code == 200

    frozen.move_to(NOW + lasts)
    assert client.get(path).status_code == 410
    assert client.post(path, data={"password": NEW}).status_code == 410


def test_a_link_serves_its_purpose_only(make, link, client):
    person = make.account()
    token = link(person, Purpose.INVITATION).rpartition("/")[2]

    assert client.get(f"/mot-de-passe/{token}").status_code == 404
    assert client.post(f"/mot-de-passe/{token}", data={"password": NEW}).status_code == 404
    assert client.post(f"/demonstration/{token}").status_code == 404


@pytest.mark.parametrize("path", ["/invitation/x", "/mot-de-passe/x", "/demonstration/x"])
def test_an_unknown_link_gets_the_kind_page(path, client):
    page = client.get(path)

    assert page.status_code == 404
    assert "Recevoir un nouveau lien" in page.text


def test_a_suspended_account_has_no_links(make, link, client):
    path = link(make.account(suspended_at=NOW), Purpose.RESET)

    assert client.get(path).status_code == 410


def test_a_new_link_ends_the_former_ones(make, link, client):
    person = make.account()
    first, second = link(person, Purpose.RESET), link(person, Purpose.RESET)

    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


def test_a_weak_password_is_refused_and_the_link_stays_good(make, link, client, rows):
    path = link(make.account(name="Dr Anne Petit"), Purpose.INVITATION)

    short, personal = (client.post(path, data={"password": weak}) for weak in ("court", "anne petit dunois"))

    assert (short.status_code, personal.status_code) == (422, 422)
    assert "Encore 7 caractères." in short.text
    assert "Trop proche de votre nom" in personal.text
    assert rows(Account)[0].password_hash is None
    assert client.get(path).status_code == 200


def test_a_posted_word_about_nobody_does_not_loosen_the_rule(make, link, client):
    path = link(make.account(name="Dr Anne Petit"), Purpose.INVITATION)

    assert client.post(path, data={"password": "anne petit dunois", "about": ""}).status_code == 422


def test_a_reset_ends_every_session_and_every_link(somebody, link, sign_in, app, rows, trail):
    person = somebody()
    elsewhere = sign_in(person)
    invitation, path = link(person, Purpose.INVITATION), link(person, Purpose.RESET)
    browser = app.test_client()

    browser.post(path, data={"password": NEW})

    assert elsewhere.get("/plus/").status_code == 303
    assert browser.get("/plus/").status_code == 200
    assert browser.get(invitation).status_code == 410
    assert trail() == ["account.password_reset"]
    assert [mail.kind for mail in rows(Delivery)] == ["accounts.password_changed"]


def test_forgotten_mails_a_link_that_works(somebody, client, mailed_path, enter):
    person = somebody(name="Dr Anne Petit")

    answer = client.post("/mot-de-passe/oubli", data={"email": person.email})
    path = mailed_path()
    client.post(path, data={"password": NEW})

    assert answer.location == "/mot-de-passe/envoye"
    assert path.startswith("/mot-de-passe/")
    assert enter(person.email, NEW).status_code == 303
    assert enter(person.email, PASSWORD).status_code == 422


def test_forgotten_answers_the_same_for_known_unknown_and_suspended(somebody, app, rows):
    known, suspended = somebody(), somebody(suspended_at=NOW)

    answers = [
        app.test_client().post("/mot-de-passe/oubli", data={"email": email})
        for email in (known.email, "nobody@cpts.example", suspended.email)
    ]

    assert len({(answer.status_code, answer.location, answer.data) for answer in answers}) == 1
    assert [mail.address for mail in rows(Delivery)] == [known.email]


def test_forgotten_asks_for_an_address(client):
    assert "Recevoir le lien" in client.get("/mot-de-passe/oubli").text
    assert "Indiquez votre adresse e-mail." in client.post("/mot-de-passe/oubli", data={"email": " "}).text
    assert "indésirables" in client.get("/mot-de-passe/envoye").text


@pytest.mark.parametrize("who", ["known", "unknown"])
def test_forgotten_is_counted_whether_the_address_exists_or_not(who, somebody, client):
    email = somebody().email if who == "known" else "nobody@cpts.example"

    answers = [client.post("/mot-de-passe/oubli", data={"email": email}).status_code for _ in range(4)]

    assert answers == [303, 303, 303, 429]


def test_guessing_links_is_counted(make, client, link):
    path = link(make.account(), Purpose.DEMONSTRATION)

    answers = [client.post(path).status_code for _ in range(41)]

    assert answers == [303] * 40 + [429]


def test_a_demonstration_link_signs_in_by_its_button_for_an_hour(make, link, app, rows):
    path = link(make.account(name="Dr Anne Petit"), Purpose.DEMONSTRATION)
    browser, another = app.test_client(), app.test_client()

    page = browser.get(path)
    assert "Dr Anne Petit" in page.text
    assert rows(LoginSession) == []

    assert browser.post(path).location == "/"
    assert another.post(path).location == "/"
    assert browser.get("/plus/").status_code == 200


def test_a_demonstration_link_does_not_exist_outside_of_the_demonstration(make, link, app, client):
    path = link(make.account(), Purpose.DEMONSTRATION)
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, demonstration=False)
    try:
        assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)
    finally:
        app.extensions["settings"] = settings


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("court", "Encore 7 caractères."),
        ("tournesol-v", "Encore 1 caractère."),
        ("azertyuiop123", "Trop facile à deviner"),
        ("anne petit dunois", "Trop proche de votre nom"),
        ("tournesol-vent-grenier", "Ce mot de passe convient."),
    ],
)
def test_the_rule_is_told_while_typing(password, words, client):
    page = client.post("/mot-de-passe/avis", data={"password": password, "about": "Dr Anne Petit"})

    assert page.status_code == 200
    assert words in page.text
    assert password not in page.text


def test_advice_looks_at_the_first_characters_only(client, monkeypatch):
    looked_at = []
    monkeypatch.setattr(guessing, "bits", lambda password, *_: looked_at.append(len(password)) or 99.0)

    fits, is_long = (client.post("/mot-de-passe/avis", data={"password": "x" * n}).text for n in (256, 257))

    assert max(looked_at) == 64
    assert "Ce mot de passe convient." in fits
    assert "256 caractères au plus" in is_long


def test_a_password_of_256_characters_is_kept_whole(make, link, client, enter):
    person = make.account()
    password = "tournesol-vent-" * 17 + "x"
    client.post(link(person, Purpose.INVITATION), data={"password": password})

    assert enter(person.email, password).status_code == 303
    assert enter(person.email, password[:64]).status_code == 422


def test_advice_is_counted_by_address(client):
    ask = {"data": {"password": "court"}}
    answers = {client.post("/mot-de-passe/avis", **ask).status_code for _ in range(240)}

    assert answers == {200}
    refused = client.post("/mot-de-passe/avis", **ask, headers={"HX-Request": "true"})
    assert (refused.status_code, refused.text, refused.headers["HX-Reswap"]) == (429, "", "none")
    assert client.post("/mot-de-passe/avis", **ask, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
