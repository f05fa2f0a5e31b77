"""An entry keeps its name in calendars for ever, whatever address the network moves to."""

from dataclasses import replace

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from cpts_net import clock, worker
from cpts_net.calendars import actions, items, queries
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

BEFORE = "0007"  # What knew of no frozen host.
MOVED = "https://nouveau.cpts.example"


@pytest.fixture
def move(app, settings, monkeypatch):
    """Give the network another address, as a restart with another ``PUBLIC_URL`` does."""
    return lambda: monkeypatch.setitem(app.extensions, "settings", replace(settings, public_url=MOVED))


def uid_of_a_meeting(app):
    with app.app_context():
        return items._uid(items.EntryKind.MEETING, 7)


def test_before_the_first_start_it_is_the_address(app, move):
    move()

    assert uid_of_a_meeting(app) == "meeting-7@nouveau.cpts.example"


def test_what_the_first_start_found_stays(app, move):
    with app.app_context():
        assert worker.keep_house(clock.now())
    move()
    with app.app_context():
        assert worker.keep_house(clock.now())

    assert uid_of_a_meeting(app) == "meeting-7@localhost"


def test_two_machines_that_start_at_once_agree(app, context, move):
    with transaction():
        actions.freeze_uid_host(now=clock.now())
    move()
    with transaction():
        actions.freeze_uid_host(now=clock.now())

    assert queries.uid_host() == "localhost"


@pytest.mark.parametrize("known", [["alt.example", "reseau.example"], []])
def test_an_installation_of_the_first_version_keeps_what_its_calendars_know(app, context, move, known):
    downgrade(revision=BEFORE)
    for day, host in enumerate(known):
        entry = "INSERT INTO ledger_entry (uid, view, content_hash, sequence, modified_at) VALUES (:uid, 'mine', 'hash', 0, :at)"
        with transaction():
            db.session.execute(text(entry), {"uid": f"duty-1@{host}", "at": f"2026-08-0{day + 1} 08:00:00+00:00"})

    upgrade()

    assert queries.uid_host() == (known[-1] if known else None)
