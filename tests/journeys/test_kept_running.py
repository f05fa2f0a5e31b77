"""Journeys share a product and nothing else."""

from sqlalchemy import func, select

from cpts_net.accounts.models import Account
from cpts_net.directory.models import Person
from cpts_net.storage.connections import db
from tests.factories import Factory


def rows(product):
    with product.app.app_context():
        return [db.session.scalar(select(func.count()).select_from(model)) for model in (Account, Person)]


def test_what_a_journey_leaves_is_gone_before_the_next(kept_running):
    kept_running.close()  # It may be old by now.
    product = kept_running.get("")
    Factory(product.app).account()
    mail = product.folder / "mail" / "late.eml"
    mail.parent.mkdir(exist_ok=True)
    mail.touch()
    assert rows(product) == [1, 1]

    kept_running.tidy()

    assert kept_running.get("") is product
    assert rows(product) == [0, 0]
    assert not mail.exists()


def test_a_product_of_which_something_ended_or_whose_clock_was_turned_is_kept_no_more(kept_running):
    killed = kept_running.get("")
    killed.stop("worker")
    kept_running.tidy()
    turned = kept_running.get("")
    assert turned is not killed
    assert turned.running["worker"].poll() is None

    turned.began -= 60
    kept_running.tidy()

    assert kept_running.get("") is not turned
