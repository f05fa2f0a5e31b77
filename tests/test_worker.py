"""The worker keeps the house, outlives every fault, and ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from cpts_net import clock, wiring, worker
from cpts_net.accounts.models import AccountLink, Attempt, LoginSession, Purpose
from cpts_net.notices import queue
from cpts_net.notices.models import Delivery
from cpts_net.oncall.models import DutySlot
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW


def delivery(**columns):
    """A mail that waits."""
    at = clock.now()
    return Delivery(
        **{"kind": "mail", "message_id": f"<{uuid4()}@cpts.example>", "written_at": at, "due_at": at, **columns}
    )


def write_down(count: int = 1) -> None:
    with transaction():
        for number in range(count):
            letter = {"subject": "Réunion déplacée", "body": "À 20 h 30.\n"}
            db.session.add(delivery(address=f"membre{number}@cpts.example", letter=letter))


def test_house_keeping_deletes_what_nobody_can_use_any_more(context, make, sign_in, frozen):
    account = make.account()
    sign_in(account)
    with transaction():
        db.session.add(Attempt(key="a", at=NOW))
        db.session.add(
            AccountLink(
                account_id=account.id,
                purpose=Purpose.INVITATION,
                token_hash="a",
                created_at=NOW,
                expires_at=NOW + timedelta(days=7),
            )
        )
        db.session.add(delivery(address="anne@cpts.example", letter={}))
        db.session.flush()
        queue.finish([db.session.scalar(select(Delivery.id))], NOW)

    assert kept_after(timedelta(hours=23), frozen) == [1, 1, 1, 1]
    assert kept_after(timedelta(days=2), frozen) == [1, 1, 0, 1]
    assert kept_after(timedelta(days=15), frozen) == [0, 1, 0, 1]
    assert kept_after(timedelta(days=38), frozen) == [0, 0, 0, 0]


def test_house_keeping_opens_the_slots_to_come(context, make):
    make.pattern(make.line())

    worker.keep_house(clock.now())

    last = db.session.scalar(select(func.max(DutySlot.starts_at)))
    assert last is not None
    assert NOW + timedelta(weeks=11) < last


def kept_after(time_passed: timedelta, frozen) -> list[int]:
    frozen.move_to(NOW + time_passed)
    worker.keep_house(clock.now())
    models = (LoginSession, AccountLink, Attempt, Delivery)
    return [db.session.scalar(select(func.count()).select_from(model)) for model in models]


@pytest.mark.parametrize(
    "fault", [NotImplementedError("no such area"), OperationalError("", {}, OSError()), KeyError(1)]
)
def test_a_chore_that_fails_stops_neither_the_others_nor_the_worker(app, monkeypatch, caplog, fault):
    stop, done = threading.Event(), []

    def failing(*, now):
        done.append("failing")
        raise fault

    def last(*, now):
        done.append("last")
        stop.set()

    monkeypatch.setattr(wiring, "CHORES", (failing, last))
    worker.run(app, stop)

    assert done == ["failing", "last"]
    assert f"failing failed: {type(fault).__name__} (test_worker.py:" in caplog.text


def test_a_chore_that_failed_leaves_nothing_half_done_and_is_tried_again_within_minutes(app, make, monkeypatch, frozen):
    account, times = make.account(), []

    def fails_once(*, now):
        db.session.add(
            AccountLink(
                account_id=account.id, purpose=Purpose.RESET, token_hash=f"{now}", created_at=now, expires_at=now
            )
        )
        db.session.flush()
        times.append(now)
        if len(times) == 1:
            raise ZeroDivisionError

    class Stop(threading.Event):
        def wait(self, timeout=None):
            frozen.shift(timedelta(seconds=timeout))
            return super().wait(0)

    def ends(*, now):
        if now > NOW + timedelta(minutes=30):
            stop.set()

    stop = Stop()
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 20)
    monkeypatch.setattr(wiring, "CHORES", (fails_once, ends))
    worker.run(app, stop)

    assert times[:2] == [NOW, NOW + worker.KEEP_HOUSE_AGAIN_AFTER]
    assert times[2] == times[1] + worker.KEEP_HOUSE_EVERY
    with app.app_context():
        assert db.session.scalar(select(func.count(AccountLink.id))) == 2


def test_what_cannot_wait_is_done_between_mails_too(app, monkeypatch, frozen):
    stop, times = threading.Event(), []

    def sends_for_three_minutes():
        frozen.shift(timedelta(seconds=30))
        is_left = clock.now() < NOW + timedelta(minutes=3)
        if not is_left:
            stop.set()
        return is_left

    monkeypatch.setattr(worker, "send_next", sends_for_three_minutes)
    monkeypatch.setattr(wiring, "PROMPT_CHORES", (lambda *, now: times.append(now),))
    worker.run(app, stop)

    assert times == [NOW + minutes * worker.BE_PROMPT_EVERY for minutes in range(3)]


@pytest.mark.parametrize("step", ["claim", "finish"])
def test_a_fault_in_the_outbox_itself_does_not_end_the_worker(app, context, monkeypatch, step):
    stop, faults = threading.Event(), []

    def fails(*_arguments):
        faults.append(step)
        stop.set()
        raise RuntimeError

    write_down()
    monkeypatch.setattr(queue, step, fails)
    worker.run(app, stop)

    assert faults == [step]


@pytest.fixture
def start_process(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Starts the worker as `make run` does, on the database of the tests."""
    started = []

    def start(**environment: str) -> "subprocess.Popen[bytes]":
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "cpts_net", "worker"],
                env={
                    **os.environ,
                    "CPTS_DATA": str(tmp_path),
                    "DATABASE_URL": database_url,
                    "CPTS_CLOCK_START": NOW.isoformat(),
                    **environment,
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def await_files(folder: Path, count: int) -> list[Path]:
    """Wait until the folder holds that many mails; half a minute at the most."""
    waiting = threading.Event()
    for _ in range(600):
        found = sorted(folder.glob("*.eml"))
        if len(found) >= count:
            return found
        waiting.wait(0.05)
    raise AssertionError(f"{count} mails expected in {folder}")


def test_the_process_sends_what_is_written_down_and_ends_when_told(start_process, context, tmp_path):
    write_down(count=2)
    process = start_process()
    await_files(tmp_path / "mail", 2)

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=60) == 0


def test_a_mail_server_that_never_answers_does_not_keep_the_process(start_process, context):
    write_down()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        process = start_process(SMTP_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        caller, _ = silent.accept()
        with caller:
            process.send_signal(signal.SIGTERM)

            # The worker itself would have waited for 20 seconds.
            assert process.wait(timeout=60) == 0


def test_a_process_looks_for_garbage_among_what_is_new_alone():
    # What it has loaded takes 50 ms to look through, perhaps inside a write transaction.
    program = "import gc; from cpts_net.__main__ import _create; app = _create(); print(gc.get_freeze_count())"
    environment = {**os.environ, "SECRET_KEY": "long enough for a test that keeps nothing", "CPTS_DEMO": "1"}

    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert int(done.stdout) > 10_000


def test_what_cannot_wait_is_done_every_minute_and_a_fault_of_it_stops_nothing(app, monkeypatch, frozen):
    times = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            frozen.shift(timedelta(seconds=timeout))
            return super().wait(0)

    def prompt(*, now):
        times.append(now)
        if len(times) == 3:
            stop.set()
        raise ZeroDivisionError

    stop = Stop()
    monkeypatch.setattr(worker, "LOOK_EVERY_SECONDS", 20)
    monkeypatch.setattr(wiring, "PROMPT_CHORES", (prompt,))
    monkeypatch.setattr(wiring, "LONG_CHORES", ())
    worker.run(app, stop)

    assert times == [NOW + number * worker.BE_PROMPT_EVERY for number in range(3)]
