"""``cpts-net mail``: what does not get through, and another try."""

import pytest

from cpts_net.outbox import jobs, mailer
from cpts_net.outbox.cli import mail
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW


@pytest.fixture
def run(app):
    def ran(*arguments: str):
        return app.test_cli_runner().invoke(mail, arguments)

    return ran


@pytest.fixture
def failed(write_down, work_off, posting):
    """A mail that is refused for good, one that waits, and one that went out."""
    posting.unknown = {"perdu@cpts.example"}
    write_down(to="parti@cpts.example")
    write_down(to="perdu@cpts.example")
    work_off()
    posting.refusals = 1
    write_down(to="plus.tard@cpts.example")
    work_off()
    posting.mails.clear()


def test_a_list_says_who_waits_and_in_the_server_s_words_why(failed, run):
    result = run("list")

    lost, later, summary = result.output.splitlines()
    assert "failed at 2026-08-12 08:00 UTC" in lost
    assert "perdu@cpts.example Réunion déplacée" in lost
    assert "550 5.1.1 <perdu@cpts.example>: no such person here" in lost
    assert "again at 2026-08-12 08:00 UTC" in later
    assert "452" in later
    assert summary == "1 waiting, 1 failed"


@pytest.mark.parametrize(
    ("template", "words"),
    [("mails/reset", "Choisir un nouveau mot de passe"), ("mails/gone", "mails/gone")],
)
def test_a_list_says_what_a_mail_that_nobody_drew_yet_is_about(context, run, template, words):
    with transaction():
        mailer.enqueue_mail("anne@cpts.example", template, NOW, name="Anne", address="https://a.example/secret")

    line, _summary = run("list").output.splitlines()

    assert f"anne@cpts.example {words}\tnot tried yet" in line


def test_nothing_to_say_is_said(app, run):
    assert run("list").output == "0 waiting, 0 failed\n"


def test_one_is_sent_again(failed, run, rows, work_off, posting):
    posting.unknown.clear()
    number = next(job.id for job in rows(jobs.Job) if job.finished_at and job.last_error)

    result = run("retry", str(number))

    assert (result.exit_code, result.output) == (0, "1 on their way again\n")
    assert work_off() == 1
    assert [mail["To"] for mail in posting.read()] == ["perdu@cpts.example"]


def test_all_are_sent_again_with_every_attempt_before_them(failed, run, rows, work_off, posting):
    posting.unknown.clear()

    assert run("retry", "--all").output == "2 on their way again\n"

    assert [job.attempts for job in rows(jobs.Job) if job.run_at] == [0, 0]
    assert work_off() == 2
    assert len(posting.mails) == 2
    assert {job.finished_at for job in rows(jobs.Job)} == {NOW}


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["x"]])
def test_what_to_send_again_must_be_said(run, app, arguments):
    assert run("retry", *arguments).exit_code == 2


def test_a_number_that_is_not_in_the_list_is_named(failed, run, rows):
    done = next(job.id for job in rows(jobs.Job) if job.finished_at and not job.last_error)

    result = run("retry", str(done), "99999")

    assert result.exit_code == 1
    assert f"no such mail: {done}, 99999" in result.output
