"""Mails: written down with the change that causes them, sent by the worker.

Without ``SMTP_URL`` they become ``.eml`` files under ``<data>/mail/``.
"""

import base64
import email
import re
import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import render_template

from cpts_net import clock
from cpts_net.outbox import jobs
from cpts_net.settings import Settings, current_settings

PLAIN_MAIL = "mail"
WHOLE_MAIL = "whole-mail"


def enqueue_mail(to: str, template: str, at: datetime, **values: Any) -> None:
    """Render ``templates/<template>/{subject.txt,body.txt}`` and send it after the commit."""
    jobs.enqueue(PLAIN_MAIL, {"to": to, **render_mail(template, **values)}, at)


def render_mail(template: str, **values: Any) -> dict[str, str]:
    """The ``subject`` and ``body`` that a pair of templates gives."""
    subject = render_template(f"{template}/subject.txt", **values)
    return {
        "subject": re.sub(r"\s+", " ", subject).strip(),
        "body": render_template(f"{template}/body.txt", **values).strip() + "\n",
    }


def compose(to: str, subject: str, body: str) -> EmailMessage:
    """A plain mail from the community to one address.

    Raises:
        ValueError: for an address or a subject with a line break.
    """
    settings = current_settings()
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.mail_from
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=settings.host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    return message


def handle_mail(payload: Any) -> None:
    """Send one mail that was written down; the handler of the jobs of this kind."""
    deliver(compose(payload["to"], payload["subject"], payload["body"]))


def enqueue_message(message: EmailMessage, at: datetime) -> None:
    """Send a mail that is composed already, whatever its parts, after the commit."""
    jobs.enqueue(WHOLE_MAIL, {"message": base64.b64encode(bytes(message)).decode()}, at)


def handle_message(payload: Any) -> None:
    """Send one mail that was written down whole; the handler of the jobs of this kind."""
    deliver(email.message_from_bytes(base64.b64decode(payload["message"]), policy=SMTP))


def deliver(message: EmailMessage) -> None:
    """Hand the mail to the server, or write it to a file when there is none.

    Raises:
        OSError, smtplib.SMTPException: when the server cannot be reached or refuses.
    """
    settings = current_settings()
    if settings.smtp_url:
        _send(message, settings.smtp_url)
    else:
        _write(message, settings)


def _send(message: EmailMessage, smtp_url: str) -> None:
    """Send through ``smtp://user:password@host:port`` (``?starttls=1``) or ``smtps://``."""
    url = urlsplit(smtp_url)
    host = url.hostname or "localhost"
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 465, timeout=20, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=20)
    with server:
        if "starttls=1" in url.query:
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def _write(message: EmailMessage, settings: Settings) -> None:
    folder = settings.data_dir / "mail"
    folder.mkdir(exist_ok=True)
    name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{re.sub(r'[^a-z0-9.@-]', '_', message['To'].lower())}.eml"
    half = folder / f".{name}"
    half.write_bytes(bytes(message))
    half.rename(folder / name)
