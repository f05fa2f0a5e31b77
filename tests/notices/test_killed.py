"""A worker that is killed in the middle loses nothing, and what it had sent is known by its Message-ID."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from cpts_net import clock
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Delivery, Notice, State
from cpts_net.notices.queue import ABANDONED_AFTER
from cpts_net.oncall.notice_kinds import REMOVED
from cpts_net.oncall.reminders import remind_of_duties
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

PEOPLE = 100  # Two mails each: two hundred.
WORKERS = 3
PATIENT = 60  # Seconds.


@pytest.fixture
def start_worker(app, database_url, tmp_path, posting):
    """Starts workers on the database of the tests, sending to its mail server."""
    started = []

    def start():
        environment = {
            **os.environ,
            "CPTS_DATA": str(tmp_path),
            "DATABASE_URL": database_url,
            "CPTS_CLOCK_START": NOW.isoformat(),
            "SMTP_URL": posting.url,
            "PUBLIC_URL": "http://localhost:8000",
        }
        with (tmp_path / "log").open("a") as log:
            program = [sys.executable, "-m", "cpts_net", "worker"]
            started.append(subprocess.Popen(program, env=environment, stdout=log, stderr=log, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def told(app, make):
    """A hundred people are told of a duty that they have no more, and so is each of another one."""
    people = [make.person("Membre", f"N{number}") for number in range(PEOPLE)]
    for number, person in enumerate(people):
        make.account(person, email=f"membre{number}@cpts.example")
    duty = {"line": "Nuit", "starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=3)}
    with app.app_context(), transaction():
        for number in range(2):
            about = About(f"seat:{900 + number}", before=duty)
            notify(REMOVED, [person.id for person in people], about, by=None, now=clock.now())


def await_that(condition):
    waiting, until = threading.Event(), time.monotonic() + PATIENT
    while time.monotonic() < until:
        if condition():
            return
        waiting.wait(0.05)
    raise AssertionError("it did not come about")


def states(app):
    with app.app_context():
        return Counter(db.session.execute(select(Delivery.state)).scalars())


def make_claims_due(app):
    """As if five minutes had gone by since the dead one claimed them."""
    with app.app_context(), transaction():
        db.session.execute(update(Delivery).where(Delivery.state == State.WAITING).values(due_at=NOW))


def test_workers_that_are_killed_lose_nothing_and_what_comes_twice_has_one_id(app, told, start_worker, posting):
    for round_ in range(3):
        workers = [start_worker() for _ in range(WORKERS)]
        enough = (round_ + 1) * PEOPLE // 3
        await_that(lambda enough=enough: len(posting.mails) >= enough)
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        make_claims_due(app)
    start_worker()

    await_that(lambda: states(app)[State.SENT] == 2 * PEOPLE)

    sent = posting.read()
    by_id = {mail["Message-ID"]: mail["To"] for mail in sent}
    assert Counter(by_id.values()) == {f"membre{number}@cpts.example": 2 for number in range(PEOPLE)}
    # Only what a killed worker held in its hands may have come twice.
    assert len(sent) - len(by_id) <= 3 * WORKERS
    with app.app_context():
        assert db.session.scalar(select(func.count(Notice.id))) == 2 * PEOPLE


def test_one_killed_while_the_server_answers_leaves_it_to_the_next(app, told, start_worker, posting, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(PATIENT)
        monkeypatch.setattr(posting, "url", f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        worker = start_worker()
        caller, _address = silent.accept()
        with caller:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    with app.app_context():
        (held,) = db.session.scalars(select(Delivery).where(Delivery.attempts == 1))
        assert (held.state, held.outcomes) == (State.WAITING, 0)
        assert held.due_at - clock.now() > ABANDONED_AFTER - timedelta(minutes=2)
    assert posting.mails == []


def test_what_time_brings_is_written_once_however_many_begin_anew_at_once(app, make):
    person = make.person()
    make.account(person)
    start = (NOW + timedelta(days=1)).replace(hour=8)
    make.seat(make.slot(make.line(), start, start + timedelta(hours=2)), person)
    with app.app_context():
        threads = [threading.Thread(target=_tell, args=(app,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert db.session.scalar(select(func.count(Notice.id))) == 1


def _tell(app):
    with app.app_context():
        remind_of_duties(now=NOW)
