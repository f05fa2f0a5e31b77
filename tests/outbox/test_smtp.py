"""Mails over one connection: when it is kept, when another one is made, and that no mail comes twice by it."""

import smtplib
import ssl
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import AuthResult

from cpts_net.mail_settings import mail_server
from cpts_net.outbox import smtp
from tests.journeys.proxy import certificate
from tests.mail_server import running_mail_server


@pytest.fixture
def server():
    with running_mail_server() as running:
        yield running


def mail(number=0):
    message = EmailMessage()
    message["From"], message["To"] = "reseau@cpts.example", f"membre{number}@cpts.example"
    message["Subject"] = f"Mail {number}"
    return message


def hand_over(server, *numbers):
    for number in numbers:
        smtp.hand_over(mail(number), mail_server(server.url))


def arrived(server):
    return [message["Subject"] for message in server.read()]


def test_mails_that_are_due_together_go_over_one_connection(server):
    with smtp.one_connection():
        hand_over(server, 0, 1, 2)

    assert arrived(server) == ["Mail 0", "Mail 1", "Mail 2"]
    assert len(set(server.connections)) == 1


def test_a_mail_of_no_block_has_a_connection_of_its_own(server):
    hand_over(server, 0, 1)

    assert len(set(server.connections)) == 2


def test_a_block_within_another_keeps_its_connection(server):
    with smtp.one_connection():
        with smtp.one_connection():
            hand_over(server, 0)
        hand_over(server, 1)

    assert len(set(server.connections)) == 1


def test_a_connection_that_the_server_ended_meanwhile_is_made_anew(server):
    with smtp.one_connection():
        hand_over(server, 0)
        server.hang_up()
        hand_over(server, 1, 2)

    assert arrived(server) == ["Mail 0", "Mail 1", "Mail 2"]
    first, second, third = server.connections
    assert first != second == third


@pytest.mark.parametrize(
    "limit", [{"MAIL": 2, "*": 100}, {"RCPT": 2, "*": 100}, {"DATA": 2, "*": 100}, {"RSET": 1, "*": 100}]
)
def test_a_server_that_takes_two_mails_over_one_connection_gets_each_of_five_once(limit):
    # It says 421 to the next word of this sort.
    with running_mail_server(command_call_limit=limit) as server, smtp.one_connection():
        hand_over(server, *range(5))

        assert arrived(server) == [f"Mail {number}" for number in range(5)]
        assert len(set(server.connections)) == 3


def test_a_server_that_ends_a_new_connection_is_not_asked_again(monkeypatch):
    connected = []
    connect = smtplib.SMTP.connect
    monkeypatch.setattr(smtplib.SMTP, "connect", lambda *given: connected.append(given) or connect(*given))
    closing = running_mail_server(command_call_limit={"MAIL": 0, "*": 100})
    with closing as server, smtp.one_connection(), pytest.raises(smtplib.SMTPSenderRefused):
        hand_over(server, 0)

    assert len(connected) == 1


def test_a_mail_that_the_server_may_have_is_not_sent_again(server):
    with smtp.one_connection():
        hand_over(server, 0)
        server.breaks_off = True
        with pytest.raises(smtplib.SMTPServerDisconnected):
            hand_over(server, 1)
        hand_over(server, 2)

    assert arrived(server) == ["Mail 0", "Mail 1", "Mail 2"]
    first, second, third = server.connections
    assert first == second != third


def test_an_answer_that_nobody_waited_for_is_not_taken_for_that_to_the_next_mail(server, monkeypatch):
    def told_to_end(*_given):
        raise SystemExit(0)

    with smtp.one_connection():
        hand_over(server, 0)
        with monkeypatch.context() as patch:
            patch.setattr(smtplib.SMTP, "getreply", told_to_end)
            patch.setattr(smtplib.SMTP, "rset", lambda _smtp: (250, b"OK"))
            with pytest.raises(SystemExit):
                hand_over(server, 1)
        hand_over(server, 2)

    assert arrived(server) == ["Mail 0", "Mail 2"]
    assert len(set(server.connections)) == 2


def test_a_refusal_leaves_the_connection_to_the_next_mail(server):
    server.unknown = {"membre1@cpts.example"}
    with smtp.one_connection():
        hand_over(server, 0)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            hand_over(server, 1)
        server.refusals = 1
        with pytest.raises(smtplib.SMTPDataError):
            hand_over(server, 2)
        hand_over(server, 3)

    assert arrived(server) == ["Mail 0", "Mail 3"]
    assert len(set(server.connections)) == 1


def test_no_connection_has_more_than_its_share(server, monkeypatch):
    monkeypatch.setattr(smtp, "MOST_MAILS", 3)
    with smtp.one_connection():
        hand_over(server, *range(7))

    assert len(server.connections) == 7
    assert len(set(server.connections)) == 3


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A folder with the certificate of a server at localhost."""
    folder = tmp_path_factory.mktemp("keys")
    certificate(folder, "localhost")
    return folder


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_each_connection_is_private_and_says_who_calls(keys, scheme):
    asked = []

    def authenticator(_server, session, _envelope, _mechanism, given):
        asked.append((session.ssl is not None or scheme == "smtps", given.login, given.password))
        return AuthResult(success=True)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys / "certificate.pem", keys / "key.pem")
    private = {"tls_context": context, "require_starttls": True} if scheme == "smtp" else {"ssl_context": context}
    known = {"auth_require_tls": scheme == "smtp", "authenticator": authenticator}
    with running_mail_server(**private, **known) as running, smtp.one_connection():
        port = running.url.rpartition(":")[2]
        at = mail_server(f"{scheme}://reseau:secret@localhost:{port}", str(keys / "certificate.pem"))
        for number in range(2):
            smtp.hand_over(mail(number), at)
        running.hang_up()
        smtp.hand_over(mail(2), at)

    assert arrived(running) == ["Mail 0", "Mail 1", "Mail 2"]
    assert asked == [(True, b"reseau", b"secret")] * 2


def test_a_server_that_cannot_keep_a_secret_gets_neither_password_nor_mail(server):
    at = mail_server(f"smtp://reseau:secret@127.0.0.1:{server.url.rpartition(':')[2]}")

    with pytest.raises(smtplib.SMTPNotSupportedError, match="STARTTLS"):
        smtp.hand_over(mail(), at)

    assert server.mails == []
