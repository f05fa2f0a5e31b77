"""A mail server for tests: keeps what it is sent, and refuses when told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


class MailServer:
    """A real SMTP server on a free port; ``refusals`` says how many of the next mails it refuses."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.refusals = 0
        self.url = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name.
        if self.refusals:
            self.refusals -= 1
            return "452 4.3.1 Come back later"
        self.mails.append(envelope.content)
        return "250 OK"


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        # The first connection must know which port the system gave.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    server = MailServer()
    controller = _AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    server.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield server
    finally:
        controller.stop()
