"""What stands around every page is the reader's own, and as it is now: what others look at changes none of it."""

import re

import pytest

from cpts_net import clock
from cpts_net.accounts import identity
from cpts_net.accounts.models import Account, LoginSession
from cpts_net.notices.actions import About, notify
from cpts_net.oncall.notice_kinds import REMOVED
from cpts_net.roles import Role
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

PAGE = "/a-propos/"


@pytest.fixture
def anne(make):
    return make.account(make.person())


@pytest.fixture
def paul(make):
    return make.account(make.person("Paul", "Roux"))


def bell(browser):
    """How much the bell of the page says to be new."""
    (shown,) = {*re.findall(r'data-bell="(\d+)"', browser.get(PAGE).text)}
    return int(shown)


def tell(app, account):
    with app.app_context(), transaction():
        duty = {"line": "Nuit", "starts_at": clock.now(), "ends_at": clock.now()}
        notify(REMOVED, [account.person_id], About("seat:999", before=duty), by=None, now=clock.now())


def test_a_bell_is_of_one_person_and_rings_on_the_next_page(app, sign_in, anne, paul):
    hers, his = sign_in(anne), sign_in(paul)
    assert (bell(hers), bell(his)) == (0, 0)

    tell(app, anne)

    assert (bell(hers), bell(his), bell(hers)) == (1, 0, 1)


def test_whoever_is_signed_out_elsewhere_has_no_frame_on_the_next_page(app, sign_in, anne, paul):
    hers, his = sign_in(anne), sign_in(paul)
    assert "data-account" in hers.get(PAGE).text
    with app.app_context():
        session_id = db.session.query(LoginSession.id).filter_by(account_id=anne.id).scalar()

    with app.app_context(), transaction():
        identity.end_session(session_id)

    assert "data-account" not in hers.get(PAGE).text
    assert f'data-account="{paul.id}"' in his.get(PAGE).text


def test_another_role_has_another_frame_on_the_next_page(app, sign_in, anne):
    browser = sign_in(anne)
    assert 'id="touches"' in browser.get(PAGE).text

    with app.app_context(), transaction():
        revisions.bump(revisions.SESSIONS)
        db.session.get(Account, anne.id).role = Role.GUEST

    page = browser.get(PAGE).text
    assert 'id="touches"' not in page
    assert "/continuite/" not in page


def test_a_look_is_of_one_browser(sign_in, anne):
    dark, light, neither = (sign_in(anne) for _ in range(3))
    dark.set_cookie("look", "dark")
    light.set_cookie("look", "light")

    shown = [
        re.findall(r'data-look="(\w+)"|name="color-scheme" content="([\w ]+)"', browser.get(PAGE).text)
        for browser in (dark, light, neither, dark)
    ]

    assert shown == [[(look, ""), ("", look)] for look in ("dark", "light")] + [
        [("", "light dark")],
        [("dark", ""), ("", "dark")],
    ]


def test_forms_of_two_browsers_carry_tokens_of_their_own(sign_in, anne, paul):
    tokens = [re.findall(r'"X-CSRFToken": "([^"]+)"', sign_in(each).get(PAGE).text) for each in (anne, paul)]

    assert tokens[0] != tokens[1]
    assert all(len(each) == 1 for each in tokens)
