"""Mails handed to a server: several over one connection, where several are due.

A connection costs more than a mail: a name is looked up, keys are exchanged, a password is checked, and each
of these goes there and back.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from email.message import EmailMessage

from cpts_net.mail_settings import MailServer, Security

PATIENCE = 20  # Seconds for each answer.
MOST_MAILS = 100  # Over one connection: a server takes from others too.
OK = 250
CLOSES = 421  # The server ends the connection, whatever it was asked, and has not taken what it was given last.
REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)


class AccentsRefused(Exception):
    """The server takes no accents in an address; says in whose words."""


class Connection:
    """One that is made for its first mail, kept for the next ones, and made anew when the server ended it."""

    def __init__(self) -> None:
        self._smtp: smtplib.SMTP | None = None
        self._mails = 0

    def hand_over(self, message: EmailMessage, server: MailServer) -> None:
        """Give the mail to the server.

        Once it may have the whole of it, nothing is tried a second time here, or the mail could come twice.

        Raises:
            AccentsRefused: when it cannot write to such an address.
            OSError, smtplib.SMTPException: when it cannot be reached, or refuses.
        """
        if self._smtp and self._still_serves(self._smtp):
            try:
                self._say(message, self._smtp)
            except REFUSED as refused:
                if not _closes(refused):
                    raise
            else:
                return
        self.close()
        self._smtp, self._mails = _connected(server), 0
        self._say(message, self._smtp)

    def _still_serves(self, smtp: smtplib.SMTP) -> bool:
        """Whether it may have another mail; asked as Postfix asks, with a word that also ends what failed before."""
        if self._mails >= MOST_MAILS:
            return False
        try:
            code, _words = smtp.rset()
        except OSError:  # Those of the library are of this kind too.
            return False
        return code == OK

    def _say(self, message: EmailMessage, smtp: smtplib.SMTP) -> None:
        self._mails += 1
        try:
            smtp.send_message(message)
        except smtplib.SMTPNotSupportedError as unable:
            raise AccentsRefused(str(unable)) from unable
        except REFUSED:
            raise
        except BaseException:
            # An answer may still come, and would be taken for that to the next mail.
            smtp.close()
            raise

    def close(self) -> None:
        """End it politely, if it is there."""
        if self._smtp:
            with suppress(OSError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None


_open: ContextVar[Connection | None] = ContextVar("smtp-connection", default=None)


@contextmanager
def one_connection() -> Iterator[Connection]:
    """Within, all mails go over one connection, which ends with the block; inside of another such block, over that one's."""
    if outer := _open.get():
        yield outer
        return
    connection = Connection()
    token = _open.set(connection)
    try:
        yield connection
    finally:
        _open.reset(token)
        connection.close()


def hand_over(message: EmailMessage, server: MailServer) -> None:
    """Give one mail to the server, over the connection of the block that this is in or over one of its own.

    Raises:
        AccentsRefused, OSError, smtplib.SMTPException: as ``Connection.hand_over``.
    """
    with one_connection() as connection:
        connection.hand_over(message, server)


def _closes(refused: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused) -> bool:
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        return any(code == CLOSES for code, _words in refused.recipients.values())
    return refused.smtp_code == CLOSES


def _connected(server: MailServer) -> smtplib.SMTP:
    """A connection that is as private as it has to be, to a server that knows who calls."""
    if server.security is Security.TLS:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=server.tls())
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.security is Security.STARTTLS:
            smtp.starttls(context=server.tls())
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp
