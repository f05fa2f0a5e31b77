"""Two who say at the same instant that a browser rings: the second finds what the first one left, and nothing breaks."""

import threading

import pytest
from sqlalchemy import select, text

from cpts_net.accounts.identity import end_session, start_session
from cpts_net.accounts.models import LoginSession
from cpts_net.push import actions
from cpts_net.push.messages import Subscription
from cpts_net.push.models import PushDevice
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.push.service import Browser

WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def session_of(app, make):
    """Signs an account in; returns the number of its session."""

    def started(account):
        with app.app_context(), transaction():
            start_session(account.id, user_agent="Firefox", address="", now=NOW)
            db.session.flush()
            return db.session.scalars(select(LoginSession.id).order_by(LoginSession.id.desc())).first()

    return started


@pytest.fixture
def at_once(app):
    """Does two things, of which the second begins before the first one has ended; returns what each of them did."""

    def done(first, second):
        outcomes = []

        def follow():
            with app.app_context(), transaction():
                outcomes.append(second())

        follower = threading.Thread(target=follow)
        with app.app_context(), transaction():
            outcomes.append(first())
            follower.start()
            await_waiting(follower)
        follower.join()
        return outcomes

    return done


def await_waiting(follower):
    """Until the other one waits for this transaction; on SQLite it does before it begins."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as other:
            while follower.is_alive() and not other.scalar(WAITS):
                pass


def test_two_pages_of_a_session_say_so_at_once(make, session_of, at_once, rows):
    number, said = session_of(make.account()), Subscription(**Browser().said)

    def say():
        return actions.add(number, said, now=NOW)

    assert at_once(say, say) == [True, True]

    assert [(each.session_id, each.endpoint) for each in rows(PushDevice)] == [(number, said.endpoint)]


def test_a_browser_of_two_sessions_at_once_rings_for_the_last(make, session_of, at_once, rows):
    one, other = session_of(make.account()), session_of(make.account())
    said = Subscription(**Browser().said)

    def say(number):
        return lambda: actions.add(number, said, now=NOW)

    assert at_once(say(one), say(other)) == [True, True]

    assert [(each.session_id, each.shows_all) for each in rows(PushDevice)] == [(other, False)]


def test_whoever_signed_out_meanwhile_is_rung_no_more(make, session_of, at_once, rows):
    number, said = session_of(make.account()), Subscription(**Browser().said)

    def sign_out():
        end_session(number)

    assert at_once(sign_out, lambda: actions.add(number, said, now=NOW)) == [None, False]

    assert rows(PushDevice) == []
