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
from typing import Any, NamedTuple

from flask import current_app, render_template
from jinja2 import Environment
from markupsafe import Markup

from cpts_net import clock
from cpts_net.mail_settings import MailServer
from cpts_net.outbox import smtp
from cpts_net.outbox.headers import MAIL
from cpts_net.settings import Settings, current_settings

KEY = "page-templates"
FOOT = "outbox/foot.jinja"
TEXT, PAGE = "outbox/words.txt", "outbox/words.html"
FOR_GOOD = 500  # Codes from here on; below, the server asks to come back.
SIGN_IN_FIRST = 530  # Said to whoever may not send at all, so not for this recipient.


class RefusedForGood(Exception):
    """A mail will be refused whenever it is tried; says in whose words."""


class AddressRefused(RefusedForGood):
    """The server has nobody at the ``address``."""

    def __init__(self, words: str, address: str) -> None:
        super().__init__(words)
        self.address = address


class Drawn(NamedTuple):
    """A mail as it reads: in plain text, and as an HTML page that says the same; those of before have no page."""

    subject: str
    text: str
    page: str = ""


def render_mail(template: str, *, why: str = "", fewer: str = "", choices: str = "", **values: Any) -> Drawn:
    """What a folder of templates says: ``subject.txt``, and ``mail.jinja``, which is drawn in either form.

    ``why`` says to its reader why they get it; ``fewer`` is where they may ask for no more of its sort, ``choices``
    where they choose what they get at all, if they may.
    """
    subject = render_subject(template, **values)
    source = f"{template}/mail.jinja"
    foot = {"why": why, "fewer": fewer, "choices": choices}
    text = _tidied(render_template(source, form=TEXT, **values) + "\n" + render_template(FOOT, form=TEXT, **foot))
    words, below = _html(source, form=PAGE, **values), _html(FOOT, form=PAGE, **foot)
    return Drawn(subject, text, _html("outbox/page.html", subject=subject, words=words, foot=below))


def render_subject(template: str, **values: Any) -> str:
    """What a mail is about, in one line, with the spaces that every program shows."""
    return re.sub(r"\s+", " ", render_line(template, **values))


def render_line(template: str, **values: Any) -> str:
    """What a mail is about, in one line of a page: an hour is not torn apart, nor a colon from its word."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", render_template(f"{template}/subject.txt", **values)).strip()


def _tidied(text: str) -> str:
    """Without the blanks by which templates are indented, and with one empty line where there are several."""
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _html(template: str, **values: Any) -> Markup:
    """A template in HTML: what it is given is escaped, whatever its name ends in."""
    if KEY not in current_app.extensions:
        current_app.extensions[KEY] = current_app.jinja_env.overlay(autoescape=True)
    templates: Environment = current_app.extensions[KEY]
    return Markup(templates.get_template(template).render(**values))  # noqa: S704  Escaped as it was drawn.


def compose(to: str, drawn: Drawn, *, message_id: str, at: datetime, reply_to: str = "") -> EmailMessage:
    """A mail from the community to one address, written at an instant; answers go to ``reply_to`` or its contact.

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
    message["Subject"] = drawn.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(drawn.text)
    if drawn.page:
        message.add_alternative(drawn.page, subtype="html")
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
    try:
        smtp.hand_over(message, server)
    except smtp.AccentsRefused as unable:
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
