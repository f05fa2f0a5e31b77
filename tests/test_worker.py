"""Jobs are done once, tried again when they fail, and forgotten in the end."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from cpts_net import clock, worker
from cpts_net.accounts.models import AccountLink, Attempt, LoginSession, Purpose
from cpts_net.oncall.models import DutySlot
from cpts_net.outbox import jobs, mailer
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.mail_server import MailServer, running_mail_server


@pytest.fixture
def posting(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server to which the application sends."""
    with running_mail_server() as server:
        monkeypatch.setitem(app.extensions, "settings", replace(settings, smtp_url=server.url))
        yield server


def write_down(count: int = 1, kind: str = mailer.PLAIN_MAIL) -> None:
    with transaction():
        for number in range(count):
            mail = {"to": f"membre{number}@cpts.example", "subject": "Réunion déplacée", "body": "À 20 h 30.\n"}
            jobs.enqueue(kind, mail, clock.now())


def work_off(app: Flask) -> int:
    """Do jobs until none is due; return how many were tried."""
    done = 0
    with app.app_context():
        while worker.do_next_job():
            done += 1
    return done


def the_job() -> jobs.Job:
    db.session.rollback()
    return db.session.scalars(select(jobs.Job)).one()


def test_a_mail_reaches_the_server(app, context, posting):
    write_down()

    assert work_off(app) == 1

    mail = message_from_bytes(posting.mails[0], policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("membre0@cpts.example", "Réunion déplacée")
    assert mail.get_content().strip() == "À 20 h 30."


def test_a_mail_without_a_server_becomes_a_file(app, context, settings):
    write_down()

    work_off(app)

    files = list((settings.data_dir / "mail").glob("*membre0@cpts.example.eml"))
    mail = message_from_bytes(files[-1].read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Réunion déplacée"


def test_a_job_that_is_done_forgets_what_it_was_about(app, context):
    write_down()

    work_off(app)

    job = the_job()
    assert (job.run_at, job.payload, job.finished_at) == (None, {}, NOW)


def test_a_refused_mail_is_sent_again_later(app, context, posting, frozen):
    posting.refusals = 1
    write_down()

    assert work_off(app) == 1
    assert posting.mails == []
    assert the_job().run_at == NOW + timedelta(seconds=30)

    frozen.move_to(NOW + timedelta(seconds=31))
    assert work_off(app) == 1
    assert len(posting.mails) == 1
    assert the_job().run_at is None


def test_a_mail_refused_for_good_is_given_up_and_keeps_the_reason(app, context, posting, frozen):
    posting.refusals = 1000
    write_down()

    tries = 0
    for hours in range(10):
        frozen.move_to(NOW + timedelta(hours=3 * hours))
        tries += work_off(app)

    job = the_job()
    assert tries == jobs.LAST_ATTEMPT
    assert job.run_at is None
    assert "452" in job.last_error
    assert job.payload["to"] == "membre0@cpts.example"


def test_a_failure_is_logged_without_its_content(app, context, posting, caplog):
    posting.refusals = 1
    write_down()

    work_off(app)

    assert "failed: SMTPDataError" in caplog.text
    assert "membre0" not in caplog.text


def test_a_job_of_an_unknown_kind_does_not_stop_the_others(app, context, posting):
    write_down(kind="nonsense")
    write_down()

    assert work_off(app) == 2
    assert len(posting.mails) == 1


def test_a_job_left_by_a_worker_that_died_is_taken_up_again(app, context, posting, frozen):
    write_down()
    with transaction():
        assert jobs.claim(clock.now()) is not None

    assert work_off(app) == 0
    frozen.move_to(NOW + jobs.ABANDONED_AFTER)
    assert work_off(app) == 1
    assert len(posting.mails) == 1


def test_workers_side_by_side_send_each_mail_once(app, context, posting):
    write_down(count=40)
    start = threading.Barrier(4)

    def compete() -> None:
        start.wait()
        work_off(app)

    workers = [threading.Thread(target=compete) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    addresses = [message_from_bytes(mail)["To"] for mail in posting.mails]
    assert sorted(addresses) == sorted(f"membre{number}@cpts.example" for number in range(40))


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
        jobs.enqueue("mail", {}, NOW)
        db.session.flush()
        jobs.finish(db.session.scalar(select(jobs.Job.id)), NOW)

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
    models = (LoginSession, AccountLink, Attempt, jobs.Job)
    return [db.session.scalar(select(func.count()).select_from(model)) for model in models]


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

    assert process.wait(timeout=15) == 0


def test_a_mail_server_that_never_answers_does_not_keep_the_process(start_process, context):
    write_down()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        process = start_process(SMTP_URL=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
        caller, _ = silent.accept()
        with caller:
            process.send_signal(signal.SIGTERM)

            # The worker itself would have waited for 20 seconds.
            assert process.wait(timeout=15) == 0
