"""Mails, as they are drawn from templates, put together and handed to a server.

Without ``SMTP_URL`` they become ``.eml`` files under ``<data>/mail/``.
"""

import re
import smtplib
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from flask import render_template

from cpts_net import clock
from cpts_net.mail_settings import MailServer, Security
from cpts_net.outbox.headers import MAIL
from cpts_net.settings import Settings, current_settings

FOR_GOOD = 500  # Codes from here on; below, the server asks to come back.
SIGN_IN_FIRST = 530  # Said to whoever may not send at all, so not for this recipient.


class RefusedForGood(Exception):
    """A mail will be refused whenever it is tried; says in whose words."""


class AddressRefused(RefusedForGood):
    """The server has nobody at the ``address``."""

    def __init__(self, words: str, address: str) -> None:
        super().__init__(words)
        self.address = address


def render_mail(template: str, **values: Any) -> dict[str, str]:
    """The ``subject`` and ``body`` that a pair of templates gives."""
    body = render_template(f"{template}/body.txt", **values).strip() + "\n"
    return {"subject": render_subject(template, **values), "body": body}


def render_subject(template: str, **values: Any) -> str:
    """What a mail is about, in one line."""
    return re.sub(r"\s+", " ", render_template(f"{template}/subject.txt", **values)).strip()


def compose(to: str, subject: str, body: str, *, message_id: str, at: datetime, reply_to: str = "") -> EmailMessage:
    """A plain mail from the community to one address, written at an instant; answers go to ``reply_to`` or its contact.

    Raises:
        RefusedForGood: for an address to which no mail can go.
        ValueError: for a subject with a line break.
    """
    settings = current_settings()
    message = EmailMessage(policy=MAIL)
    message["From"] = settings.mail_from
    message["To"] = recipient(to)
    if answered_at := _answerable(reply_to) or settings.contact:
        message["Reply-To"] = Address(addr_spec=answered_at)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def recipient(address: str) -> str:
    """The address as it stands in a mail; an accent in its domain is spelt as servers know it.

    Raises:
        RefusedForGood: when it is none.
    """
    local, _at, domain = address.rpartition("@")
    try:
        sendable = f"{local}@{domain.encode('idna').decode()}"
        # The library knows no accent before the @; servers with SMTPUTF8 do.
        Address(addr_spec="".join(sign if sign.isascii() else "x" for sign in sendable))
    except (ValueError, MessageError, IndexError) as unsound:
        raise RefusedForGood(f"no mail address: {address}") from unsound
    return sendable


def _answerable(address: str) -> str:
    """The address as an answer may go to it, empty where some server would not take the mail for its sake."""
    try:
        sendable = recipient(address)
    except RefusedForGood:
        return ""
    return sendable if sendable.isascii() else ""


def deliver(message: EmailMessage) -> None:
    """Hand the mail to the server, or write it to a file when there is none.

    Raises:
        RefusedForGood: when the server will not have this mail, whenever it is asked.
        OSError, smtplib.SMTPException: when it cannot be reached, or refuses for now.
    """
    settings = current_settings()
    if settings.mail_server:
        _send(message, settings.mail_server)
    else:
        _write(message, settings)


def _send(message: EmailMessage, server: MailServer) -> None:
    with _connected(server) as connection:
        if server.user:
            connection.login(server.user, server.password)
        _hand_over(message, connection)


def _connected(server: MailServer) -> smtplib.SMTP:
    """A connection that is as private as it has to be."""
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=20, context=server.tls())
    connection = smtplib.SMTP(server.host, server.port, timeout=20)
    if server.security is Security.STARTTLS:
        try:
            connection.starttls(context=server.tls())
        except BaseException:
            connection.close()
            raise
    return connection


def _hand_over(message: EmailMessage, server: smtplib.SMTP) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPNotSupportedError as unable:
        raise RefusedForGood(f"this mail server takes no accents in an address: {unable}") from unable
    except smtplib.SMTPRecipientsRefused as refused:
        # Each mail has one recipient.
        ((address, (code, words)),) = refused.recipients.items()
        refusal = _refusal(code, words)
        if isinstance(refusal, RefusedForGood):
            raise AddressRefused(str(refusal), address) from refused
        raise refusal from refused
    except smtplib.SMTPDataError as refused:
        raise _refusal(refused.smtp_code, refused.smtp_error) from refused


def _refusal(code: int, words: bytes | str) -> Exception:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    if code >= FOR_GOOD and code != SIGN_IN_FIRST:
        return RefusedForGood(f"{code} {said}")
    return smtplib.SMTPResponseException(code, said)


def _write(message: EmailMessage, settings: Settings) -> None:
    folder = settings.data_dir / "mail"
    folder.mkdir(exist_ok=True)
    name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{re.sub(r'[^a-z0-9.@-]', '_', message['To'].lower())}.eml"
    half = folder / f".{name}"
    half.write_bytes(message.as_bytes(policy=MAIL.clone(utf8=not str(message["To"]).isascii())))
    half.rename(folder / name)
