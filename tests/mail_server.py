"""A mail server for tests: keeps what it is sent, and refuses when told to."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

PATIENT = 30  # Seconds.


class MailServer:
    """A real SMTP server on a free port.

    ``refusals`` says how many of the next mails it refuses for now;
    ``unknown`` has the addresses that it refuses for good; ``answer`` is what
    it says to a mail, if not OK. ``connections`` has, for each mail, the one over
    which it came. With ``breaks_off`` it ends the next one without an answer,
    once it has the mail.
    """

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.refusals = 0
        self.unknown: set[str] = set()
        self.answer = "250 OK"
        self.connections: list[tuple[str, int]] = []
        self.breaks_off = False
        self.url = ""
        self._last: Any = None
        self._ended = threading.Event()

    def read(self) -> list[EmailMessage]:
        """The mails as a mail program reads them."""
        return [message_from_bytes(mail, policy=policy.default) for mail in self.mails]  # type: ignore[misc]

    def hang_up(self) -> None:
        """End the connection over which the last mail came, as after a while without any."""

        async def end() -> None:
            self._last.transport.close()

        asyncio.run_coroutine_threadsafe(end(), self._last.loop).result()

    def await_end(self) -> None:
        """Wait until the sender has ended a connection."""
        assert self._ended.wait(PATIENT)

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802  aiosmtpd's name.
        self._ended.set()
        return "221 Bye"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name.
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.unknown:
            return f"550 5.1.1 <{address}>: no such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name.
        self._last = server
        if self.refusals:
            self.refusals -= 1
            return "452 4.3.1 Come back later"
        if self.answer.startswith("250"):
            self.mails.append(envelope.content)
            self.connections.append(session.peer)
        if self.breaks_off:
            self.breaks_off = False
            server.transport.abort()
        return self.answer


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        # The first connection must know which port the system gave.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_mail_server(*, knows_accents: bool = False, **options: Any) -> Iterator[MailServer]:
    """Start one, with the ``options`` of aiosmtpd's own."""
    server = MailServer()
    controller = _AnyPort(
        server, hostname="127.0.0.1", port=0, enable_SMTPUTF8=knows_accents, ready_timeout=PATIENT, **options
    )
    controller.start()
    server.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield server
    finally:
        controller.stop()
