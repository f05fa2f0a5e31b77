"""Mails as they reach a server, and as they are read there."""

import threading
from base64 import b64encode
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from cpts_net import clock, worker
from cpts_net.accounts import link_mails
from cpts_net.mail_settings import mail_server
from cpts_net.notices.actions import write_letter
from cpts_net.notices.models import Delivery, State
from cpts_net.outbox import mailer
from cpts_net.outbox.mailer import Drawn
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.mail_server import running_mail_server


def test_a_mail_reaches_the_server(write_down, work_off, posting):
    write_down()

    assert work_off() == 1

    (mail,) = posting.read()
    assert (mail["To"], mail["Subject"]) == ("membre0@cpts.example", "Réunion déplacée")
    assert mail.get_content().strip() == "À 20 h 30."


def test_a_mail_is_sent_in_seven_bits_which_every_server_takes(write_down, work_off, posting):
    write_down()

    work_off()

    assert posting.mails[0].isascii()


def test_a_mail_without_a_server_becomes_a_file(write_down, work_off, settings):
    write_down()

    work_off()

    files = list((settings.data_dir / "mail").glob("*membre0@cpts.example.eml"))
    mail = message_from_bytes(files[-1].read_bytes(), policy=policy.default)
    assert mail["Subject"] == "Réunion déplacée"


def test_all_attempts_at_a_mail_have_one_id_and_one_date(context, make, work_off, posting, frozen, monkeypatch):
    account = make.account(email="anne@cpts.example")
    with transaction():
        write_letter(account.email, link_mails.PASSWORD_CHANGED, clock.now(), name="Anne")
    posting.answer = "451 4.3.0 Taken, and then the line broke"
    work_off()
    first = posting.answer
    posting.answer = "250 OK"
    sent = []
    for minutes in (1, 10):
        frozen.move_to(NOW.replace(minute=minutes))
        with monkeypatch.context() as patch:
            patch.setattr(worker, "_record", lambda _outcome: None)  # It died before it could note that it was sent.
            work_off()
        sent += posting.read()[len(sent) :]

    assert len(sent) == 2
    assert first.startswith("451")
    assert len({mail["Message-ID"] for mail in sent}) == 1
    assert {mail["Date"].datetime for mail in sent} == {NOW}


def test_a_mail_that_waited_for_an_upgrade_arrives_as_it_was_drawn(write_down, work_off, posting):
    write_down(message_id="<one@cpts.example>")

    work_off()

    (mail,) = posting.read()
    assert (mail["Subject"], mail["Message-ID"]) == ("Réunion déplacée", "<one@cpts.example>")
    assert mail.get_content().strip() == "À 20 h 30."


def test_a_mail_that_the_first_version_wrote_down_whole_arrives(context, write_down, work_off, posting):
    whole = mailer.compose("anne@cpts.example", Drawn("Été", "À 20 h 30.\n"), message_id="<one@cpts.example>", at=NOW)
    write_down(letter={"message": b64encode(bytes(whole)).decode()})

    work_off()

    (mail,) = posting.read()
    assert (mail["To"], mail["Subject"], mail["Message-ID"]) == ("anne@cpts.example", "Été", "<one@cpts.example>")


def test_a_mail_is_drawn_when_it_is_sent_and_its_link_forgotten(context, work_off, posting, rows):
    link = "https://cpts.example/mot-de-passe/secret"
    with transaction():
        write_letter("anne@cpts.example", link_mails.RESET, clock.now(), name="Anne", address=link)
    (waiting,) = rows(Delivery)

    work_off()

    assert waiting.letter == {"template": "mails/reset", "values": {"name": "Anne", "address": link}}
    mail = posting.read()[0]
    assert all(link in part.get_content() for part in mail.iter_parts())
    db.session.expire_all()
    assert rows(Delivery)[0].letter is None


def test_two_mails_in_the_same_words_are_two(context, make, work_off, posting):
    account = make.account(email="anne@cpts.example")
    with transaction():
        for _ in range(2):
            write_letter(account.email, link_mails.PASSWORD_CHANGED, clock.now(), name="Anne")

    work_off()

    first, second = posting.read()
    assert first["Message-ID"] != second["Message-ID"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("two words@cpts.example", "no mail address"),
        ("a@b\r\nBcc: x@y.example", "no mail address"),
        ("nobody", "no mail address"),
        ("prénom@cpts.example", "this mail server takes no accents"),
    ],
)
def test_an_address_that_cannot_be_sent_to_stops_nobody_else(write_down, work_off, posting, rows, address, words):
    write_down(address=address)
    write_down()

    assert work_off() == 2

    assert [mail["To"] for mail in posting.read()] == ["membre0@cpts.example"]
    assert rows(Delivery)[0].state == State.FAILED
    assert words in rows(Delivery)[0].error


def test_an_accent_in_a_domain_is_spelt_as_servers_know_it(write_down, work_off, posting):
    write_down(address="contact@santé-dunois.example")

    work_off()

    assert posting.read()[0]["To"] == "contact@xn--sant-dunois-ebb.example"


def test_an_accent_before_the_at_reaches_a_server_that_takes_it(app, settings, monkeypatch, write_down, work_off):
    with running_mail_server(knows_accents=True) as server:
        monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_server=mail_server(server.url)))
        write_down(address="prénom.nom@cpts.example")

        work_off()

        assert "To: prénom.nom@cpts.example" in server.mails[0].decode()
        assert server.read()[0]["Subject"] == "Réunion déplacée"


def test_an_answer_goes_to_where_somebody_reads(app, settings, monkeypatch, write_down, work_off, posting):
    monkeypatch.setitem(
        app.extensions,
        "settings",
        replace(settings, mail_server=mail_server(posting.url), contact="contact@cpts.example"),
    )
    write_down()

    work_off()

    (mail,) = posting.read()
    assert mail["Reply-To"] == "contact@cpts.example"
    assert "ne-pas-repondre@cpts.example" in mail["From"]


def test_a_worker_sends_what_is_due_over_one_connection_and_ends_it_when_nothing_is(app, write_down, posting):
    class Stop(threading.Event):
        """Set once the worker has nothing to do; waits until the server knows of it, as long as the test may take."""

        def wait(self, timeout=None):
            posting.await_end()
            self.set()
            return True

    write_down(count=3)
    worker.run(app, Stop())

    assert len(posting.mails) == 3
    assert len(set(posting.connections)) == 1
