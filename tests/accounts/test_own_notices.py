"""What owners are told of their accounts: by whom it was done, or from where, and never who did it themselves."""

from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.accounts import own_kinds
from cpts_net.accounts.models import Account
from cpts_net.admin import actions as admin
from cpts_net.notices.models import Delivery
from cpts_net.notices.rules import When
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.telling import drawn_mails, told

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def boss(make):
    return make.account(role=Role.ADMINISTRATOR)


def do(app, deed, account, *args, by):
    with app.app_context(), transaction():
        deed(db.session.get_one(Account, account.id), *args, actor_id=by.id, now=clock.now())


def read(app):
    with app.app_context():
        return [kind for kind, _subject, _person in told()], [(mail.to, mail.subject) for mail in drawn_mails()]


def test_another_role_is_told(app, make, boss):
    account = make.account()

    do(app, admin.change_role, account, Role.COORDINATOR, by=boss)
    do(app, admin.change_role, account, Role.COORDINATOR, by=boss)

    subject = "Votre compte a maintenant le rôle « Coordination »"
    assert read(app) == (["accounts.role_changed"], [(account.email, subject)])


def test_a_role_that_is_another_again_is_not_mailed(app, make, boss):
    account = make.account()

    do(app, admin.change_role, account, Role.COORDINATOR, by=boss)
    do(app, admin.change_role, account, Role.MEMBER, by=boss)

    assert [subject for _to, subject in read(app)[1]] == ["Votre compte a maintenant le rôle « Membre »"]


def test_an_account_opened_again_is_told(app, make, boss):
    account = make.account(suspended_at=clock.now())

    do(app, admin.reactivate, account, by=boss)

    assert read(app) == (["accounts.reactivated"], [(account.email, "Votre compte est de nouveau ouvert")])


def test_who_is_signed_out_by_somebody_else_is_told_and_who_does_it_themselves_is_not(app, make, boss):
    account = make.account()

    do(app, admin.end_sessions, account, by=boss)
    do(app, admin.end_sessions, boss, by=boss)

    subject = "Vos appareils ont été déconnectés de votre compte"
    assert read(app) == (["accounts.signed_out"], [(account.email, subject)])


def test_a_browser_that_is_new_to_the_account_is_told_once(app, client, somebody, enter):
    account = somebody()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX

    enter(account.email, browser=client)
    enter(account.email, browser=client)

    subject = "Nouvelle connexion à votre compte : Firefox, Linux"
    assert read(app) == (["accounts.new_device"], [(account.email, subject)])
    with app.app_context():
        (mail,) = drawn_mails()
        assert "mercredi 12 août à 10\u202fh" in mail.body


def test_a_password_that_is_wrong_tells_nobody(app, client, somebody, enter):
    enter(somebody().email, "une autre phrase de passe", browser=client)

    assert read(app) == ([], [])


def test_nobody_can_keep_it_quiet():
    mailed = [kind for kind in own_kinds.KINDS if kind.is_mailed]

    assert {(kind.floor, kind.is_security) for kind in mailed} == {(When.AT_ONCE, True)}


def test_what_is_about_security_waits_for_no_morning(app, make, boss, rows, frozen):
    account, midnight = make.account(), NOW + timedelta(hours=14)  # In Paris.
    frozen.move_to(midnight)

    do(app, admin.change_role, account, Role.COORDINATOR, by=boss)

    assert [(each.kind, each.due_at) for each in rows(Delivery)] == [("accounts.role_changed", midnight)]
