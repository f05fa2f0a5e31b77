from cpts_net.accounts import passwords
from cpts_net.accounts.models import Account, LoginSession
from cpts_net.notices.models import Delivery
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.accounts.conftest import PASSWORD

NEW = "muret-lavande-orage"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0"


def test_my_account_says_who_i_am_and_where_i_am_signed_in(somebody, enter, client, app):
    person = somebody(name="Dr Anne Petit")
    enter(person.email, browser=client)
    app.test_client().post(
        "/connexion", data={"email": person.email, "password": PASSWORD}, headers={"User-Agent": FIREFOX}
    )

    page = client.get("/mon-compte/").text

    assert "Dr Anne Petit" in page
    assert person.email in page
    assert "Firefox sur Android" in page
    assert page.count("celui-ci") == 1
    assert "Connecté aujourd’hui à 10\u202fh" in page


def test_my_account_shows_nobody_elses_sessions(somebody, enter, client):
    enter(somebody().email)
    enter(somebody().email, browser=client)

    assert client.get("/mon-compte/").text.count("Connecté aujourd’hui") == 1


def test_changing_the_password_needs_the_current_one(somebody, enter, client, trail):
    person = somebody()
    enter(person.email, browser=client)

    page = client.post("/mon-compte/mot-de-passe", data={"current_password": "wrong", "password": NEW})

    assert page.status_code == 422
    assert "Ce n’est pas votre mot de passe actuel." in page.text
    assert enter(person.email, PASSWORD).status_code == 303
    assert "account.password_changed" not in trail()


def test_changing_the_password_signs_everybody_else_out(somebody, enter, client, app, rows, trail):
    person = somebody()
    elsewhere = app.test_client()
    enter(person.email, browser=elsewhere)
    enter(person.email, browser=client)
    before = {session.token_hash for session in rows(LoginSession)}

    answer = client.post("/mon-compte/mot-de-passe", data={"current_password": PASSWORD, "password": NEW})

    assert answer.location == "/mon-compte/"
    assert elsewhere.get("/plus/").status_code == 303
    assert client.get("/plus/").status_code == 200
    assert [session.token_hash in before for session in rows(LoginSession)] == [False]
    assert trail()[-1] == "account.password_changed"
    assert [mail.address for mail in rows(Delivery) if mail.notice_id is None] == [person.email]
    assert enter(person.email, PASSWORD).status_code == 422
    assert enter(person.email, NEW).status_code == 303


def test_changing_to_a_weak_password_is_refused(somebody, enter, client):
    person = somebody()
    enter(person.email, browser=client)

    page = client.post("/mon-compte/mot-de-passe", data={"current_password": PASSWORD, "password": "azertyuiop123"})

    assert page.status_code == 422
    assert "Trop facile à deviner" in page.text


def test_guessing_the_current_password_is_counted_apart_from_signing_in(somebody, enter, client):
    person = somebody()
    enter(person.email, browser=client)

    answers = [
        client.post("/mon-compte/mot-de-passe", data={"current_password": "wrong", "password": NEW}).status_code
        for _ in range(11)
    ]

    assert answers == [422] * 10 + [429]
    assert enter(person.email).status_code == 303


def test_ending_one_session_signs_that_browser_out(somebody, enter, client, app, rows, revision_of):
    person = somebody()
    elsewhere = app.test_client()
    enter(person.email, browser=elsewhere)
    lost = rows(LoginSession)[0]
    enter(person.email, browser=client)
    before = revision_of("sessions")

    answer = client.post(f"/mon-compte/sessions/{lost.id}/fin")

    assert answer.location == "/mon-compte/"
    assert elsewhere.get("/plus/").location == "/connexion?next=/plus/"
    assert client.get("/plus/").status_code == 200
    assert revision_of("sessions") == before + 1


def test_nobody_ends_somebody_elses_session(somebody, enter, client, rows):
    enter(somebody().email)
    theirs = rows(LoginSession)[0]
    enter(somebody().email, browser=client)

    assert client.post(f"/mon-compte/sessions/{theirs.id}/fin").status_code == 404
    assert client.post("/mon-compte/sessions/autres/fin").status_code == 303
    assert theirs.id in {session.id for session in rows(LoginSession)}


def test_ending_all_other_sessions_keeps_this_one(somebody, enter, client, app, rows):
    person = somebody()
    others = [app.test_client() for _ in range(2)]
    for browser in (*others, client):
        enter(person.email, browser=browser)

    client.post("/mon-compte/sessions/autres/fin")

    assert [browser.get("/plus/").status_code for browser in others] == [303, 303]
    assert client.get("/plus/").status_code == 200
    assert len(rows(LoginSession)) == 1


def test_a_password_changed_elsewhere_meanwhile_is_not_changed_over(app, somebody, enter, client, monkeypatch, rows):
    person = somebody()
    enter(person.email, browser=client)
    check = passwords.is_password

    def changed_meanwhile(typed, kept):
        with app.app_context(), transaction():
            db.session.get(Account, person.id).password_hash = "changed in another window"
        return check(typed, kept)

    monkeypatch.setattr(passwords, "is_password", changed_meanwhile)

    page = client.post("/mon-compte/mot-de-passe", data={"current_password": PASSWORD, "password": NEW})

    assert page.status_code == 422
    assert rows(Account)[0].password_hash == "changed in another window"
