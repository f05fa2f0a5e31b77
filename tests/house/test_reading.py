"""Reading never needs a write, whatever the address and whoever opens it."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from cpts_net.storage.connections import WRITE, db
from tests.house.community import EVERYBODY
from tests.house.test_permissions import Visit, rules

pytestmark = pytest.mark.unmeasured


@pytest.fixture
def nobody_writes(app):
    """From when it is called, every write is refused, as on a disk that is full."""

    def refuse(connection):
        if WRITE in connection.get_execution_options():
            refused.append(1)
            raise OperationalError("BEGIN", {}, Exception("database or disk is full"))

    refused = []
    with app.app_context():
        engine = db.engine

    def begin():
        event.listen(engine, "begin", refuse)
        return refused

    yield begin
    if event.contains(engine, "begin", refuse):
        event.remove(engine, "begin", refuse)


@pytest.mark.parametrize("name", EVERYBODY)
def test_every_page_opens_while_nothing_can_be_written(app, make, sign_in, frozen, nobody_writes, name):
    visit = Visit(make, sign_in, name, is_guarded=False)
    frozen.shift(timedelta(minutes=6))  # So that a page wants to note that somebody was seen.
    refused = nobody_writes()

    statuses = {rule.endpoint: visit.send(rule, method).status_code for rule, method in rules(app) if method == "GET"}

    assert {endpoint: status for endpoint, status in statuses.items() if status >= 500} == {}
    assert statuses["feeds.feed"] == 200
    assert refused
