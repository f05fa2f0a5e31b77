"""Jobs are done once, tried again when they fail, and forgotten in the end."""

import threading
from datetime import timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import select

from cpts_net import clock, worker
from cpts_net.outbox import jobs, mailer, pauses
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("context")
SIX_MINUTES = timedelta(minutes=6)


def the_job() -> jobs.Job:
    db.session.rollback()
    return db.session.scalars(select(jobs.Job).order_by(jobs.Job.id)).first()


def test_a_job_that_is_done_forgets_what_it_was_about(write_down, work_off):
    write_down()

    work_off()

    job = the_job()
    assert (job.run_at, job.payload, job.finished_at) == (None, {}, NOW)


def test_a_refused_mail_is_sent_again_later(write_down, work_off, posting, frozen):
    posting.refusals = 1
    write_down()

    assert work_off() == 1
    assert posting.mails == []
    assert the_job().run_at == NOW + timedelta(seconds=30)

    frozen.move_to(NOW + timedelta(seconds=31))
    assert work_off() == 1
    assert len(posting.mails) == 1
    assert the_job().run_at is None


def test_a_mail_outlives_a_server_that_is_away_for_three_days(write_down, work_off, posting, frozen):
    posting.refusals = 1000
    write_down()
    for hours in range(70):
        frozen.move_to(NOW + timedelta(hours=hours))
        work_off()

    posting.refusals = 0
    frozen.move_to(NOW + timedelta(hours=76))
    work_off()

    assert len(posting.mails) == 1


def test_a_mail_refused_for_days_is_given_up_and_keeps_the_reason(write_down, work_off, posting, frozen):
    posting.refusals = 1000
    write_down()

    tries = 0
    while (due := the_job().run_at) is not None:
        frozen.move_to(due)
        tries += work_off()

    job = the_job()
    assert tries == pauses.LAST_ATTEMPT
    assert NOW + timedelta(days=3) <= job.finished_at < NOW + timedelta(days=3, hours=4)
    assert "452" in job.last_error
    assert job.payload["to"] == "membre0@cpts.example"


def test_a_recipient_whom_the_server_does_not_know_ends_at_once_and_alone(write_down, work_off, posting):
    posting.unknown = {"membre0@cpts.example"}
    write_down(count=2)

    assert work_off() == 2

    job = the_job()
    assert (job.run_at, job.finished_at, job.attempts) == (None, NOW, 1)
    assert job.last_error == "550 5.1.1 <membre0@cpts.example>: no such person here"
    assert job.payload["to"] == "membre0@cpts.example"
    assert [mail["To"] for mail in posting.read()] == ["membre1@cpts.example"]


@pytest.mark.parametrize(
    ("answer", "is_over"),
    [
        ("554 5.7.1 Rejected", True),
        ("552 5.3.4 Too big", True),
        ("451 4.3.0 Later", False),
        ("530 First sign in", False),
    ],
)
def test_what_the_server_says_to_the_mail_itself_decides(write_down, work_off, posting, answer, is_over):
    posting.answer = answer
    write_down()

    work_off()

    job = the_job()
    assert (job.run_at is None) == is_over
    assert answer[:3] in job.last_error
    assert answer[4:] in job.last_error


def test_a_failure_is_logged_without_its_content(write_down, work_off, posting, caplog):
    posting.refusals = 1
    write_down(count=2)
    posting.unknown = {"membre1@cpts.example"}

    work_off()

    assert "failed: SMTPResponseException (mailer.py:" in caplog.text
    assert "refused for good" in caplog.text
    assert "membre" not in caplog.text


def test_a_job_of_an_unknown_kind_does_not_stop_the_others(write_down, work_off, posting):
    write_down(kind="nonsense")
    write_down()

    assert work_off() == 2
    assert len(posting.mails) == 1


def test_a_job_left_by_a_worker_that_died_is_taken_up_again(write_down, work_off, posting, frozen):
    write_down()
    die_at_it()

    assert work_off() == 0
    frozen.move_to(NOW + jobs.ABANDONED_AFTER)
    assert work_off() == 1
    assert len(posting.mails) == 1


def die_at_it() -> bool:
    """Claim a job as a worker does that then dies; say whether there was one."""
    with transaction():
        return jobs.claim(clock.now()) is not None


def test_a_job_that_kills_every_worker_is_given_up(write_down, work_off, posting, frozen):
    write_down()

    deaths = 0
    for turn in range(50):
        frozen.move_to(NOW + turn * SIX_MINUTES)
        deaths += die_at_it()

    assert deaths == jobs.MOST_DEATHS
    job = the_job()
    assert job.run_at is None
    assert job.last_error == "the worker died at it 3 times"
    assert job.payload["to"] == "membre0@cpts.example"


def test_failures_that_were_recorded_are_no_deaths(write_down, work_off, posting, frozen):
    posting.refusals = 1000
    write_down()

    for hours in range(jobs.MOST_DEATHS + 2):
        frozen.move_to(NOW + timedelta(hours=9 * hours))
        work_off()

    assert the_job().run_at is not None


def test_a_worker_told_to_end_in_the_middle_leaves_the_job_as_it_was(write_down, work_off, posting, monkeypatch):
    def told_to_end(_message):
        raise SystemExit(0)

    write_down()
    with monkeypatch.context() as patch:
        patch.setattr(mailer, "deliver", told_to_end)
        for _ in range(jobs.MOST_DEATHS + 1):
            with pytest.raises(SystemExit):
                worker.do_next_job()

    assert work_off() == 1
    assert len(posting.mails) == 1


@pytest.mark.parametrize("words", ["a\x00b", "lone \ud800 half", "é" * 5000])
def test_whatever_the_words_of_an_error_it_is_recorded(write_down, work_off, monkeypatch, words):
    def fail(_message):
        raise OSError(words)

    monkeypatch.setattr(mailer, "deliver", fail)
    write_down()

    assert work_off() == 1
    assert the_job().last_error[:1] == words[:1]
    assert len(the_job().last_error) <= 500


def test_workers_side_by_side_send_each_mail_once(write_down, work_off, posting):
    write_down(count=40)
    start = threading.Barrier(4)

    def compete() -> None:
        start.wait()
        work_off()

    workers = [threading.Thread(target=compete) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    addresses = [message_from_bytes(mail)["To"] for mail in posting.mails]
    assert sorted(addresses) == sorted(f"membre{number}@cpts.example" for number in range(40))
