import threading

import pytest
from sqlalchemy import func, select, update

from cpts_net.accounts.models import Account
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot, transaction


def test_a_block_that_fails_leaves_nothing_behind(app, make):
    account = make.account()
    before = None

    with app.app_context():
        before = revisions.number("group:7")
        with pytest.raises(ZeroDivisionError):
            fail_after_writing(account)
        db.session.rollback()

        assert db.session.scalar(select(Account.email)) == account.email
        assert revisions.number("group:7") == before


def fail_after_writing(account):
    with transaction():
        revisions.bump("group:7")
        db.session.execute(update(Account).values(email="change@cpts.example"))
        raise ZeroDivisionError


def test_what_is_changed_outside_of_a_transaction_is_refused(app, make):
    make.account()

    with app.app_context():
        db.session.scalars(select(Account)).one().email = "a.cote@cpts.example"
        with pytest.raises(RuntimeError, match="outside"), transaction():
            pass


def test_writers_of_one_scope_take_turns_and_none_is_lost(app):
    def write_ten():
        for _ in range(10):
            with app.app_context(), transaction():
                revisions.bump("group:8")

    with app.app_context():
        before = revisions.number("group:8")
    threads = [threading.Thread(target=write_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with app.app_context():
        assert revisions.number("group:8") == before + 40


def test_a_snapshot_shows_one_state_however_often_it_reads(app, make):
    make.account()

    with app.app_context(), snapshot():
        first = db.session.scalar(select(func.count()).select_from(Account))
        writer = threading.Thread(target=make.account)
        writer.start()
        writer.join()
        second = db.session.scalar(select(func.count()).select_from(Account))
    with app.app_context():
        after = db.session.scalar(select(func.count()).select_from(Account))

    assert (first, second, after) == (1, 1, 2)
