"""Another address to sign in with: asked for, confirmed where it leads, objected to from the one before."""

import re
from datetime import timedelta

import pytest

from cpts_net.accounts.models import Account, AccountLink, KnownBrowser
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.accounts.conftest import PASSWORD
from tests.telling import drawn_mails

NEW = "anne.petit@cabinet.example"
ANOTHER = "anne@maison.example"
CHOSEN = "muret-lavande-orage"


@pytest.fixture
def ask(somebody, enter, client):
    """Have somebody who is signed in in ``client`` ask for an address; return them."""
    person = somebody(name="Dr Anne Petit")
    enter(person.email, browser=client)

    def send(email=NEW, password=PASSWORD):
        sent = client.post("/mon-compte/adresse", data={"email": email, "current_password": password})
        return person, sent

    return send


@pytest.fixture
def mails(app):
    """The address, and the path of the link, of each mail so far; but those that tell of a browser."""

    def read():
        with app.app_context():
            found = [mail for mail in drawn_mails() if not mail.subject.startswith("Nouvelle connexion")]
        return [(mail.to.partition("<")[2].rstrip(">") or mail.to, _path(mail.body)) for mail in found]

    return read


def _path(body):
    found = re.search(r"http://localhost:8000(/\S*adresse/\S+)", body)
    return found[1] if found else ""


def address_of(rows, account):
    return next(row.email for row in rows(Account) if row.id == account.id)


def test_an_address_changes_once_it_is_confirmed_and_not_before(ask, mails, client, rows, enter, trail):
    person, answer = ask()

    assert answer.location == "/mon-compte/"
    (to_new, link), (to_former, _objection) = mails()
    assert (to_new, to_former) == (NEW, person.email)
    assert [client.get(link).status_code for _ in range(2)] == [200, 200]
    assert address_of(rows, person) == person.email

    assert client.post(link).location == "/mon-compte/"

    assert address_of(rows, person) == NEW
    assert enter(person.email).status_code == 422
    assert enter(NEW).status_code == 303
    assert [action for action in trail() if "address" in action] == ["account.address_asked", "account.address_changed"]
    assert [to for to, _link in mails()[2:]] == [person.email]


def test_it_is_searched_for_under_the_new_address(ask, mails, client, rows):
    ask()
    client.post(mails()[0][1])

    assert [row.search_text for row in rows(Account)] == ["anne petit cabinet example"]


def test_asking_needs_the_password(ask, rows, mails):
    _person, answer = ask(password="wrong")

    assert answer.status_code == 422
    assert "Ce n’est pas votre mot de passe." in answer.text
    assert (rows(AccountLink), mails()) == ([], [])


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Indiquez la nouvelle adresse."),
        ("anne", "n’est pas complète"),
        ("zoé@cabinet.example", "sans accents"),
    ],
)
def test_what_is_no_address_is_refused_beside_the_field(ask, address, words):
    _person, answer = ask(address)

    assert answer.status_code == 422
    assert words in answer.text


def test_the_address_of_today_is_none_to_ask_for(ask):
    person, _answer = ask()

    assert "C’est déjà l’adresse" in ask(person.email.upper())[1].text


def test_an_address_of_somebody_else_is_answered_like_any_other(ask, somebody, mails, client, rows):
    taken = somebody().email
    person, answer = ask(taken)
    assert answer.location == "/mon-compte/"
    said = client.get("/mon-compte/").text
    assert f"Un lien part à {taken}" in said

    assert [to for to, _link in mails()] == [taken, person.email]
    assert mails()[0][1] == ""
    assert address_of(rows, person) == person.email


def test_the_last_address_asked_for_counts(ask, mails, client, rows):
    person, _answer = ask(NEW)
    ask(ANOTHER)
    links = dict(mails())

    late = client.post(links[NEW])

    assert late.status_code == 410
    assert "un autre l’a remplacé" in late.text
    assert client.post(links[ANOTHER]).location == "/mon-compte/"
    assert address_of(rows, person) == ANOTHER


def test_a_link_that_is_too_old_says_so(ask, mails, client, rows, frozen):
    person, _answer = ask()
    frozen.shift(timedelta(days=1))

    late = client.post(mails()[0][1])

    assert late.status_code == 410
    assert "Il a expiré" in late.text
    assert address_of(rows, person) == person.email


def test_an_address_that_somebody_took_meanwhile_is_not_taken_from_them(ask, mails, make, client, rows):
    person, _answer = ask()
    make.account(email=NEW)

    answer = client.post(mails()[0][1])

    assert answer.status_code == 409
    assert "ouvre un autre compte" in answer.text
    assert address_of(rows, person) == person.email


def test_a_link_confirms_nothing_for_whoever_reads_a_mistyped_mailbox(ask, mails, app, somebody, enter, rows):
    person, _answer = ask()
    link = mails()[0][1]
    stranger, colleague = app.test_client(), app.test_client()
    enter(somebody().email, browser=colleague)

    assert stranger.post(link).status_code == 401
    assert colleague.post(link).status_code == 404
    assert address_of(rows, person) == person.email


def test_confirming_signs_everybody_else_out_and_forgets_their_browsers(ask, mails, client, app, enter, rows):
    person, _answer = ask()
    elsewhere = app.test_client()
    enter(person.email, browser=elsewhere)

    client.post(mails()[0][1])

    assert elsewhere.get("/plus/").status_code == 303
    assert client.get("/plus/").status_code == 200
    assert len(rows(KnownBrowser)) == 1


def test_a_new_password_ends_what_was_asked_for(ask, mails, client, rows):
    person, _answer = ask()
    client.post("/mon-compte/mot-de-passe", data={"current_password": PASSWORD, "password": CHOSEN})

    assert client.post(mails()[0][1]).status_code == 410
    assert address_of(rows, person) == person.email


def test_the_former_address_objects_before_anything_has_changed(ask, mails, client, app, rows, enter, trail):
    person, _answer = ask()
    (_new, link), (_former, objection) = mails()
    owner = app.test_client()
    assert "Garder mon adresse" in owner.get(objection).text

    answer = owner.post(objection)

    assert answer.location.startswith("/mot-de-passe/")
    assert client.get("/plus/").status_code == 303
    assert app.test_client().post(link).status_code == 401
    assert enter(person.email).status_code == 422
    assert owner.post(answer.location, data={"password": CHOSEN}).status_code == 303
    assert enter(person.email, CHOSEN).status_code == 303
    assert "account.address_refused" in trail()


@pytest.mark.parametrize("told", [1, 2], ids=["when asked", "when changed"])
def test_the_former_address_takes_the_account_back(ask, mails, client, app, rows, told):
    person, _answer = ask()
    client.post(mails()[0][1])

    app.test_client().post(mails()[told][1])

    assert address_of(rows, person) == person.email
    assert rows(Account)[0].password_hash is None
    assert client.get("/plus/").status_code == 303


def test_the_address_of_a_thief_takes_nothing_back(ask, mails, client, app, rows):
    person, _answer = ask(NEW)
    client.post(mails()[0][1])
    ask(ANOTHER)
    of_the_thief = mails()[-1]
    assert of_the_thief[0] == NEW

    app.test_client().post(mails()[1][1])
    again = app.test_client().post(of_the_thief[1])

    assert again.status_code == 410
    assert address_of(rows, person) == person.email


def test_whoever_takes_it_back_later_still_does_after_the_thief_objected(ask, mails, client, app, rows):
    person, _answer = ask(NEW)
    client.post(mails()[0][1])
    ask(ANOTHER)
    app.test_client().post(mails()[-1][1])

    assert app.test_client().post(mails()[1][1]).location.startswith("/mot-de-passe/")
    assert address_of(rows, person) == person.email


def test_an_objection_is_too_late_after_a_week(ask, mails, client, app, rows, frozen):
    ask()
    client.post(mails()[0][1])
    frozen.shift(timedelta(days=7))

    assert app.test_client().post(mails()[2][1]).status_code == 410
    assert rows(Account)[0].email == NEW


def test_only_so_many_mails_go_out(ask):
    answers = [ask(f"anne{number}@cabinet.example")[1].status_code for number in range(4)]

    assert answers == [303, 303, 303, 429]


@pytest.mark.parametrize(
    ("kind", "to"),
    [("accounts.new_address", NEW), ("accounts.address_asked", None), ("accounts.address_changed", None)],
)
def test_a_mail_that_was_given_up_is_written_anew_with_another_link(app, ask, mails, client, kind, to):
    from cpts_net import clock  # noqa: PLC0415
    from cpts_net.notices.kinds import catalogue  # noqa: PLC0415

    person, _answer = ask()
    before = mails()
    if kind == "accounts.address_changed":
        client.post(before[0][1])
    with app.app_context(), transaction():
        catalogue().link_mails[kind].again(to or person.email, clock.now())

    address, link = mails()[-1]
    assert address == (to or person.email)
    assert link not in {"", *(known for _to, known in before)}


@pytest.fixture
def staff(make, sign_in):
    return {role: sign_in(make.account(role=role)) for role in (Role.SECRETARY, Role.COORDINATOR)}


def test_the_staff_asks_for_somebody_who_cannot_sign_in(staff, somebody, mails, app, rows, enter, trail):
    person = somebody()
    path = f"/administration/comptes/{person.id}/adresse"

    assert staff[Role.SECRETARY].post(path, data={"email": NEW}).status_code == 303

    (to_new, link), (to_former, _objection) = mails()
    assert (to_new, to_former, address_of(rows, person)) == (NEW, person.email, person.email)
    theirs = app.test_client()
    assert "Utiliser cette adresse" in theirs.get(link).text
    next_page = theirs.post(link).location
    assert theirs.post(next_page, data={"password": CHOSEN}).status_code == 303
    assert enter(NEW, CHOSEN).status_code == 303
    assert {"account.address_asked", "account.address_changed"} <= set(trail())


def test_the_staff_asks_for_nobody_who_is_signed_in(staff, somebody, sign_in, mails):
    person = somebody()
    theirs = sign_in(person)
    path = f"/administration/comptes/{person.id}/adresse"

    answer = staff[Role.COORDINATOR].post(path, data={"email": NEW})

    assert "elle change son adresse elle-même" in answer.text
    assert mails() == []
    assert theirs.get("/plus/").status_code == 200


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_the_staff_asks_for_nobody_of_a_higher_role(staff, make, role):
    path = f"/administration/comptes/{make.account(role=role).id}/adresse"

    assert staff[Role.SECRETARY].post(path, data={"email": NEW}).status_code == 404


def test_the_staff_is_told_that_an_address_is_taken(staff, make):
    taken = make.account().email
    path = f"/administration/comptes/{make.account().id}/adresse"

    answer = staff[Role.COORDINATOR].post(path, data={"email": taken})

    assert answer.status_code == 422
    assert "Un compte existe déjà" in answer.text


def test_a_suspended_account_has_no_other_address(staff, make, app):
    person = make.account()
    path = f"/administration/comptes/{person.id}/adresse"
    with app.app_context(), transaction():
        db.session.get(Account, person.id).suspended_at = person.created_at

    assert staff[Role.COORDINATOR].get(path).status_code == 404
