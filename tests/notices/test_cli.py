"""``cpts-net mail``: what does not get through, and another try."""

from datetime import timedelta

import pytest

from cpts_net.accounts import link_mails
from cpts_net.accounts.actions import send_another_reset
from cpts_net.notices import choice_actions
from cpts_net.notices.actions import About, notify, write_letter
from cpts_net.notices.cli import mail
from cpts_net.notices.models import Channel, Delivery, State
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL
from cpts_net.oncall.notice_kinds import ASSIGNED
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW


@pytest.fixture
def run(app):
    def ran(*arguments: str):
        return app.test_cli_runner().invoke(mail, arguments)

    return ran


@pytest.fixture
def failed(app, make, write_down, work_off, posting):
    """A link that is refused for good, a mail that waits, and one that went out."""
    posting.unknown = {"perdu@cpts.example"}
    write_down(address="parti@cpts.example")
    account = make.account(email="perdu@cpts.example")
    with app.app_context(), transaction():
        send_another_reset(account, now=NOW)
    work_off()
    posting.refusals = 1
    write_down(address="plus.tard@cpts.example")
    work_off()
    posting.mails.clear()


def test_a_list_says_who_waits_and_in_the_server_s_words_why(failed, run):
    result = run("list")

    lost, later, summary = result.output.splitlines()
    assert "failed at 2026-08-12 08:00 UTC" in lost
    assert "perdu@cpts.example accounts.reset" in lost  # Its text is forgotten.
    assert "550 5.1.1 <perdu@cpts.example>: no such person here" in lost
    assert "again at 2026-08-12 08:00 UTC" in later
    assert "plus.tard@cpts.example Réunion déplacée" in later
    assert "452" in later
    assert summary == "1 waiting, 1 failed"


def test_a_list_says_what_a_mail_that_nobody_drew_yet_is_about(context, run):
    with transaction():
        write_letter("anne@cpts.example", link_mails.RESET, NOW, name="Anne", address="https://a.example/secret")

    line, _summary = run("list").output.splitlines()

    assert "anne@cpts.example Choisir un nouveau mot de passe\tnot tried yet" in line
    assert "secret" not in line


@pytest.fixture
def digest(app, make):
    """A digest of three duties that waits for the morning; whose it is."""
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    line, start = make.line("Nuit"), NOW + timedelta(days=10)
    slots = [make.slot(line, start + timedelta(days=n), start + timedelta(days=n, hours=2)) for n in range(3)]
    seats = [make.seat(slot, anne) for slot in slots]
    with app.app_context(), transaction():
        choice_actions.choose(anne.id, {(ASSIGNED, Channel.MAIL): When.DAILY}, USUAL, now=NOW)
        for seat in seats:
            duty = {"line": "Nuit", "starts_at": seat.starts_at, "ends_at": seat.ends_at}
            notify(ASSIGNED, [anne.id], About(f"seat:{seat.id}", after=duty), by=None, now=NOW)
    return anne


def test_a_digest_is_one_mail(digest, run, rows, work_off, posting):
    number = min(each.id for each in rows(Delivery))

    line, summary = run("list").output.splitlines()
    assert line.startswith(f"{number}\tagain at 2026-08-13 05:30 UTC\t")
    assert f"anne@cpts.example {ASSIGNED} and 2 more\tnot tried yet" in line
    assert summary == "1 waiting, 0 failed"
    assert run("retry", "--all").output == "0 on their way again\n"  # Nothing went wrong: it waits for its hour.
    assert work_off() == 0


def test_one_number_of_a_digest_sends_all_of_it(digest, run, rows, work_off, posting):
    last = max(each.id for each in rows(Delivery))

    assert run("retry", str(last)).output == "1 on their way again\n"
    work_off()

    assert len(posting.mails) == 1
    assert {each.state for each in rows(Delivery)} == {State.SENT}


def test_nothing_to_say_is_said(app, run):
    assert run("list").output == "0 waiting, 0 failed\n"


def test_one_is_sent_again_with_another_link(failed, run, rows, work_off, posting):
    posting.unknown.clear()
    number = next(each.id for each in rows(Delivery) if each.state == State.FAILED)

    result = run("retry", str(number))

    assert (result.exit_code, result.output) == (0, "1 on their way again\n")
    assert work_off() == 1
    (sent,) = posting.read()
    assert (sent["To"], sent["Subject"]) == ("perdu@cpts.example", "Choisir un nouveau mot de passe")
    assert "/mot-de-passe/" in sent.get_body(("plain",)).get_content()
    assert run("list").output.splitlines()[-1] == "1 waiting, 0 failed"


def test_all_are_sent_again_with_every_attempt_before_them(failed, run, rows, work_off, posting):
    posting.unknown.clear()

    assert run("retry", "--all").output == "2 on their way again\n"

    assert [each.attempts for each in rows(Delivery) if each.state == State.WAITING] == [0, 0]
    assert work_off() == 2
    assert len(posting.mails) == 2
    assert [each.state for each in rows(Delivery)] == [State.SENT, State.VOID, State.SENT, State.SENT]


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["x"]])
def test_what_to_send_again_must_be_said(run, app, arguments):
    assert run("retry", *arguments).exit_code == 2


def test_one_of_which_nothing_is_left_is_named(write_down, work_off, posting, run):
    posting.unknown = {"membre0@cpts.example"}
    write_down()
    work_off()

    result = run("retry", "--all")

    assert result.exit_code == 1
    assert "0 on their way again; nothing is left of: " in result.output


def test_a_number_that_is_not_in_the_list_is_named(failed, run, rows):
    done = next(each.id for each in rows(Delivery) if each.state == State.SENT)

    result = run("retry", str(done), "99999")

    assert result.exit_code == 1
    assert f"no such mail: {done}, 99999" in result.output
