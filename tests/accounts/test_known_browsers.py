"""A stranger keeps nobody out: not of a browser that they know, nor behind a fresh link."""

from datetime import timedelta

import pytest

from cpts_net.accounts.models import Attempt, KnownBrowser
from cpts_net.accounts.retention import forget
from cpts_net.audit.models import AuditEntry
from cpts_net.notices.models import Delivery
from cpts_net.storage.transaction import transaction
from tests.accounts.conftest import PASSWORD
from tests.conftest import NOW

NEW = "muret-lavande-orage"


@pytest.fixture
def guess(app):
    """Try wrong passwords from the network of a stranger, or from this one."""

    def many(email, times=10, address="203.0.113.9"):
        stranger = app.test_client()
        for _ in range(times):
            data = {"email": email, "password": "wrong"}
            stranger.post("/connexion", data=data, environ_base={"REMOTE_ADDR": address})

    return many


def known(browser):
    cookie = browser.get_cookie("known")
    return cookie.value if cookie else None


def test_a_stranger_does_not_keep_a_known_browser_out(somebody, enter, app, client, guess):
    person = somebody()
    enter(person.email, browser=client)
    client.post("/deconnexion")
    guess(person.email)

    assert enter(person.email).status_code == 429  # Elsewhere it waits.
    assert enter(person.email, "typed wrong", browser=client).status_code == 422
    assert enter(person.email, browser=client).status_code == 303


def test_nor_does_one_behind_the_same_address(somebody, enter, client, guess):
    person = somebody()
    enter(person.email, browser=client)
    for number in range(4):
        guess(f"nobody{number}@cpts.example", address="127.0.0.1")

    assert enter(somebody().email).status_code == 429
    assert enter(person.email, browser=client).status_code == 303


def test_a_known_browser_is_counted_by_itself(somebody, enter, client):
    person = somebody()
    enter(person.email, browser=client)

    answers = [enter(person.email, "wrong", browser=client).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]
    assert enter(person.email).status_code == 303  # And keeps its owner out of no other.


def test_a_browser_is_known_to_those_who_signed_in_there_only(somebody, enter, client, guess):
    person, victim = somebody(), somebody()
    enter(person.email, browser=client)
    guess(victim.email)

    assert enter(victim.email, browser=client).status_code == 429


def test_a_shared_browser_knows_everybody_who_signed_in_there(somebody, enter, client, guess):
    one, other = somebody(), somebody()
    for person in (one, other):
        enter(person.email, browser=client)
    for person in (one, other):
        guess(person.email)

    assert [enter(person.email, browser=client).status_code for person in (other, one)] == [303, 303]


def test_the_cookie_changes_at_every_sign_in_and_the_former_one_is_worth_nothing(somebody, enter, app, client, guess):
    person = somebody()
    enter(person.email, browser=client)
    stolen = known(client)
    enter(person.email, browser=client)
    guess(person.email)
    thief = app.test_client()
    thief.set_cookie("known", stolen)

    assert known(client) != stolen
    assert enter(person.email, browser=thief).status_code == 429


@pytest.mark.parametrize("forged", ["x", "ImFiYyI.c2ln", "null", "W10.x"])
def test_a_forged_cookie_makes_no_known_browser(somebody, enter, client, guess, forged):
    person = somebody()
    client.set_cookie("known", forged)
    guess(person.email)

    assert enter(person.email, browser=client).status_code == 429


def test_the_cookie_is_for_us_alone_and_nothing_that_the_database_keeps(somebody, enter, client, rows):
    answer = enter(somebody().email, browser=client)

    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("known="))
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=15552000"} <= set(cookie.split("; "))
    assert rows(KnownBrowser)[0].token_hash not in cookie


def test_a_refused_password_makes_no_known_browser(somebody, enter, client, rows):
    enter(somebody().email, "wrong", browser=client)

    assert known(client) is None
    assert rows(KnownBrowser) == []


def test_a_new_password_forgets_every_browser_but_the_one_where_it_was_chosen(
    somebody, enter, app, client, guess, mailed_path
):
    person = somebody()
    thief = app.test_client()
    enter(person.email, browser=thief)
    client.post("/mot-de-passe/oubli", data={"email": person.email})
    client.post(mailed_path(), data={"password": NEW})
    guess(person.email)

    assert enter(person.email, NEW, browser=thief).status_code == 429
    assert enter(person.email, NEW, browser=client).status_code == 303


def test_a_fresh_reset_link_opens_whatever_strangers_do(somebody, client, app, guess, mailed_path, rows):
    person = somebody()
    client.post("/mot-de-passe/oubli", data={"email": person.email})
    path = mailed_path()
    guess(person.email)
    app.test_client().post("/mot-de-passe/oubli", data={"email": person.email})

    assert client.get(path).status_code == 200  # Asking again ended nothing, and
    assert len(rows(Delivery)) == 1  # filled no mailbox; what was asked is told.
    assert [entry.action for entry in rows(AuditEntry)].count("account.reset_requested") == 2
    assert client.post(path, data={"password": NEW}).status_code == 303


def test_another_link_comes_once_the_first_is_no_longer_fresh(somebody, client, rows, frozen):
    person = somebody()
    client.post("/mot-de-passe/oubli", data={"email": person.email})
    frozen.move_to(NOW + timedelta(minutes=10))

    client.post("/mot-de-passe/oubli", data={"email": person.email})

    assert len(rows(Delivery)) == 2


def test_another_link_comes_at_once_when_the_first_was_used(somebody, client, app, mailed_path, rows):
    person = somebody()
    client.post("/mot-de-passe/oubli", data={"email": person.email})
    client.post(mailed_path(), data={"password": NEW})

    app.test_client().post("/mot-de-passe/oubli", data={"email": person.email})

    assert [mail.kind for mail in rows(Delivery)].count("accounts.password_changed") == 1
    assert len(rows(Delivery)) == 3


def test_browsers_are_forgotten_after_half_a_year(app, somebody, enter, rows):
    enter(somebody().email, PASSWORD)

    for days, left in ((179, 1), (181, 0)):
        with app.app_context(), transaction():
            forget(NOW + timedelta(days=days))
        assert len(rows(KnownBrowser)) == left
    assert rows(Attempt) == []
