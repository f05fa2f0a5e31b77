"""Deliveries are made once, tried again when they fail, and forgotten in the end."""

import threading
from datetime import timedelta
from email import message_from_bytes

import pytest
from sqlalchemy import select

from cpts_net import clock, worker
from cpts_net.notices import queue
from cpts_net.notices.models import Delivery, Notice, State
from cpts_net.outbox import mailer, pauses
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("context")
SIX_MINUTES = timedelta(minutes=6)


def the_delivery() -> Delivery:
    db.session.rollback()
    return db.session.scalars(select(Delivery).order_by(Delivery.id)).first()


def test_what_was_sent_forgets_what_it_said(write_down, work_off):
    write_down()

    work_off()

    sent = the_delivery()
    assert (sent.state, sent.letter, sent.finished_at) == (State.SENT, None, NOW)


def test_a_refused_mail_is_sent_again_later(write_down, work_off, posting, frozen):
    posting.refusals = 1
    write_down()

    assert work_off() == 1
    assert posting.mails == []
    assert (the_delivery().state, the_delivery().due_at) == (State.WAITING, NOW + timedelta(seconds=30))

    frozen.move_to(NOW + timedelta(seconds=31))
    assert work_off() == 1
    assert len(posting.mails) == 1
    assert the_delivery().state == State.SENT


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


def test_a_mail_refused_for_days_is_given_up_keeps_the_reason_and_forgets_its_text(
    write_down, work_off, posting, frozen
):
    posting.refusals = 1000
    write_down()

    tries = 0
    while (waiting := the_delivery()).state == State.WAITING:
        frozen.move_to(waiting.due_at)
        tries += work_off()

    lost = the_delivery()
    assert tries == pauses.LAST_ATTEMPT
    assert NOW + timedelta(days=3) <= lost.finished_at < NOW + timedelta(days=3, hours=4)
    assert (lost.state, lost.address, lost.letter) == (State.FAILED, "membre0@cpts.example", None)
    assert "452" in lost.error


def test_a_recipient_whom_the_server_does_not_know_ends_at_once_and_alone(write_down, work_off, posting):
    posting.unknown = {"membre0@cpts.example"}
    write_down(count=2)

    assert work_off() == 2

    lost = the_delivery()
    assert (lost.state, lost.finished_at, lost.attempts) == (State.FAILED, NOW, 1)
    assert lost.error == "550 5.1.1 <membre0@cpts.example>: no such person here"
    assert (lost.address, lost.letter) == ("membre0@cpts.example", None)
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

    refused = the_delivery()
    assert (refused.state == State.FAILED) == is_over
    assert answer[:3] in refused.error
    assert answer[4:] in refused.error


def test_a_failure_is_logged_without_its_content(write_down, work_off, posting, caplog):
    posting.refusals = 1
    write_down(count=2)
    posting.unknown = {"membre1@cpts.example"}

    work_off()

    assert "failed: SMTPResponseException (mailer.py:" in caplog.text
    assert "refused for good" in caplog.text
    assert "membre" not in caplog.text


def test_one_of_an_unknown_kind_does_not_stop_the_others(write_down, work_off, posting, make):
    person = make.person()
    make.account(person)
    of_nothing = make.save(Notice(person_id=person.id, kind="nonsense", subject="a:1", occasion="", at=NOW))
    write_down(kind="nonsense", address="", letter=None, notice_id=of_nothing.id)
    write_down()

    assert work_off() == 2
    assert len(posting.mails) == 1


def test_one_left_by_a_worker_that_died_is_taken_up_again(write_down, work_off, posting, frozen):
    write_down()
    die_at_it()

    assert work_off() == 0
    frozen.move_to(NOW + queue.ABANDONED_AFTER)
    assert work_off() == 1
    assert len(posting.mails) == 1


def die_at_it() -> bool:
    """Claim one as a worker does that then dies; say whether there was one."""
    with transaction():
        return queue.claim(clock.now()) is not None


def test_one_that_kills_every_worker_is_given_up(write_down, work_off, posting, frozen):
    write_down()

    deaths = 0
    for turn in range(50):
        frozen.move_to(NOW + turn * SIX_MINUTES)
        deaths += die_at_it()

    assert deaths == queue.MOST_DEATHS
    lost = the_delivery()
    assert (lost.state, lost.error) == (State.FAILED, "the worker died at it 3 times")
    assert (lost.address, lost.letter) == ("membre0@cpts.example", None)


def test_failures_that_were_recorded_are_no_deaths(write_down, work_off, posting, frozen):
    posting.refusals = 1000
    write_down()

    for hours in range(queue.MOST_DEATHS + 2):
        frozen.move_to(NOW + timedelta(hours=9 * hours))
        work_off()

    assert the_delivery().state == State.WAITING


def test_a_worker_told_to_end_in_the_middle_leaves_it_as_it_was(write_down, work_off, posting, monkeypatch):
    def told_to_end(_message):
        raise SystemExit(0)

    write_down()
    with monkeypatch.context() as patch:
        patch.setattr(mailer, "deliver", told_to_end)
        for _ in range(queue.MOST_DEATHS + 1):
            with pytest.raises(SystemExit):
                worker.send_next()

    assert work_off() == 1
    assert len(posting.mails) == 1


@pytest.mark.parametrize("words", ["a\x00b", "lone \ud800 half", "é" * 5000])
def test_whatever_the_words_of_an_error_it_is_recorded(write_down, work_off, monkeypatch, words):
    def fail(_message):
        raise OSError(words)

    monkeypatch.setattr(mailer, "deliver", fail)
    write_down()

    assert work_off() == 1
    assert the_delivery().error[:1] == words[:1]
    assert len(the_delivery().error) <= 500


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
