from datetime import timedelta

from sqlalchemy.exc import OperationalError

from cpts_net.accounts import identity
from cpts_net.accounts.models import LoginSession
from cpts_net.roles import Role
from tests.conftest import NOW


def test_sign_out_ends_the_session(somebody, enter, app, client, rows, trail, revision_of):
    enter(somebody().email, browser=client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    before = revision_of("sessions")

    response = client.post("/deconnexion")

    assert (response.status_code, response.location) == (303, "/connexion")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    # The session's cookie goes by name: the one by which this browser is known stays.
    assert client.get_cookie("cpts") is None
    assert rows(LoginSession) == []
    assert revision_of("sessions") > before
    assert trail()[-1] == "account.signed_out"
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token  # Somebody kept a copy.
    assert client.get("/plus/").location == "/connexion?next=/plus/"


def test_sign_out_by_a_link_does_nothing(sign_in, make, rows):
    browser = sign_in(make.account())

    assert browser.get("/deconnexion").status_code == 405
    assert len(rows(LoginSession)) == 1


def test_a_suspended_accounts_session_is_worth_nothing(sign_in, make):
    browser = sign_in(make.account(suspended_at=NOW))

    assert browser.get("/plus/").status_code == 303


def test_a_session_ends_when_it_is_not_used(sign_in, make, frozen):
    person, secretary = sign_in(make.account()), sign_in(make.account(role=Role.SECRETARY))

    frozen.move_to(NOW + timedelta(hours=12, minutes=1))
    assert person.get("/plus/").status_code == 200
    assert secretary.get("/plus/").status_code == 303

    frozen.move_to(NOW + timedelta(days=14, hours=13))
    assert person.get("/plus/").status_code == 303


def test_a_session_that_is_used_goes_on_to_its_last_day(sign_in, make, frozen):
    secretary = sign_in(make.account(role=Role.SECRETARY))

    for hours in range(11, 30 * 24, 11):
        frozen.move_to(NOW + timedelta(hours=hours))
        assert secretary.get("/plus/").status_code == 200

    frozen.move_to(NOW + timedelta(days=30))
    assert secretary.get("/plus/").status_code == 303


def test_a_page_writes_that_it_was_seen_every_five_minutes_at_the_most(sign_in, make, rows, frozen):
    browser = sign_in(make.account())
    seen = []

    for minutes in (1, 4, 6, 8, 12):
        frozen.move_to(NOW + timedelta(minutes=minutes))
        browser.get("/plus/")
        seen.append((rows(LoginSession)[0].last_seen_at - NOW) // timedelta(minutes=1))

    assert seen == [0, 0, 6, 6, 12]


def test_a_page_is_read_even_when_nothing_can_be_written(sign_in, make, frozen, monkeypatch):
    browser = sign_in(make.account())
    frozen.move_to(NOW + timedelta(hours=1))

    def full(*_):
        raise OperationalError("UPDATE login_session", {}, OSError("database or disk is full"))

    monkeypatch.setattr(identity, "note_seen", full)

    assert browser.get("/plus/").status_code == 200


def test_calendars_and_health_do_not_look_at_the_cookie(sign_in, make, frozen, rows):
    browser = sign_in(make.account())
    frozen.move_to(NOW + timedelta(hours=1))

    response = browser.get("/sante")

    assert "Cookie" not in response.headers.get("Vary", "")
    assert rows(LoginSession)[0].last_seen_at == NOW
