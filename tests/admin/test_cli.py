import pytest
from sqlalchemy import select

from cpts_net.accounts.models import Account, AccountLink, LoginSession
from cpts_net.accounts.passwords import is_password
from cpts_net.audit.models import AuditEntry
from cpts_net.notices.models import Delivery
from cpts_net.storage.connections import db
from tests.conftest import NOW

PASSWORD = "tournesol-vent-grenier"


@pytest.fixture
def cli(app):
    """Run ``cpts-net accounts …``."""
    runner = app.test_cli_runner()
    return lambda *arguments, typed="": runner.invoke(args=["accounts", *arguments], input=typed)


@pytest.fixture
def only(app):
    """The one row of a table; None when it is empty."""

    def read(model):
        with app.app_context():
            return db.session.scalars(select(model)).one_or_none()

    return read


def test_create_opens_an_account_for_a_member(cli, app, only, make):
    person = make.person("Anne", "Petit", rpps="99728123456")

    done = cli(
        "create",
        "Anne.Petit@CPTS.example",
        "--role",
        "coordinator",
        "--rpps",
        person.rpps,
        "--password-stdin",
        typed=f"{PASSWORD}\n",
    )

    account = only(Account)
    assert (done.exit_code, done.stderr) == (0, "")
    assert PASSWORD not in done.stdout
    assert (account.email, account.role) == ("anne.petit@cpts.example", "coordinator")
    assert (account.display_name, account.person_id) == ("Dr Anne Petit", person.id)
    with app.app_context():
        assert is_password(PASSWORD, account.password_hash)
    assert only(AuditEntry).action == "account.created"


def test_create_takes_the_password_as_it_stands(cli, app, only):
    cli("create", "a@cpts.example", "--role", "member", "--password-stdin", typed=" espaces autour gardés \r\n")

    with app.app_context():
        assert is_password(" espaces autour gardés ", only(Account).password_hash)


@pytest.mark.parametrize(
    ("arguments", "typed", "code", "words"),
    [
        (["a@cpts.example", "--role", "king", "--password-stdin"], PASSWORD, 2, "'king' is not one of"),
        (["a@cpts.example", "--password-stdin"], PASSWORD, 2, "Missing option '--role'"),
        (["a@cpts.example", "--role", "member"], PASSWORD, 2, "Missing option '--password-stdin'"),
        (["nowhere", "--role", "member", "--password-stdin"], PASSWORD, 2, "EMAIL"),
        (["a@cpts.example", "--role", "member", "--password-stdin"], "court", 1, "fewer than 12"),
        (["a@cpts.example", "--role", "member", "--password-stdin"], "", 1, "fewer than 12"),
        (["a@cpts.example", "--role", "member", "--password-stdin"], "azertyuiop123", 1, "easy to guess"),
        (["a@cpts.example", "--role", "member", "--rpps", "1", "--password-stdin"], PASSWORD, 1, "no member has"),
    ],
)
def test_create_says_on_standard_error_what_is_wrong(arguments, typed, code, words, cli, only):
    done = cli("create", *arguments, typed=typed)

    assert done.exit_code == code
    assert words in done.stderr
    assert done.stdout == ""
    assert only(Account) is None


def test_create_refuses_a_second_account(cli, make, only):
    person = make.person()
    make.account(person, email="anne@cpts.example")
    options = ["--role", "member", "--password-stdin"]

    same_address = cli("create", "anne@cpts.example", *options, typed=PASSWORD)
    same_person = cli("create", "b@cpts.example", "--rpps", person.rpps, *options, typed=PASSWORD)

    assert (same_address.exit_code, same_person.exit_code) == (1, 1)
    assert "has an account already" in same_address.stderr
    assert "has an account already" in same_person.stderr
    assert only(Account).email == "anne@cpts.example"


def test_invite_mails_a_link_and_prints_nothing_secret(cli, only):
    done = cli("invite", "a@cpts.example", "--role", "secretary", "--name", "Odile Renard")

    values = only(Delivery).letter["values"]
    assert done.exit_code == 0
    assert values["address"].startswith("http://localhost:8000/invitation/")
    assert values["name"] == "Odile Renard"
    assert "invitation/" not in done.output
    assert only(Account).password_hash is None


def test_invite_again_gives_the_role_and_a_new_link(cli, make, only, sign_in):
    browser = sign_in(make.account(email="a@cpts.example"))

    done = cli("invite", "A@cpts.example", "--role", "secretary")

    assert done.exit_code == 0
    assert only(Account).role == "secretary"
    assert only(AccountLink).used_at is None
    assert only(LoginSession) is None
    assert browser.get("/plus/").status_code == 303


def test_invite_refuses_who_is_suspended(cli, make, only):
    make.account(email="a@cpts.example", suspended_at=NOW)

    done = cli("invite", "a@cpts.example", "--role", "member")

    assert (done.exit_code, only(Delivery)) == (1, None)
    assert "suspended" in done.stderr
