"""A light HTTP/1.1 client: some keep-alive connections in one epoll loop, each asking again as soon as it is answered."""

import select
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

RECEIVE = 1 << 18


@dataclass
class Load:
    """What a target answered: seconds of each answer, statuses and bytes of the last body."""

    seconds: list[float] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)
    body_bytes: int = 0
    lasted: float = 0.0


class Connection:
    """One keep-alive connection with at most one question open."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()
        self.asked_at = 0.0

    def ask(self, request: bytes) -> None:
        """Send a question."""
        self.received.clear()
        self.asked_at = time.perf_counter()
        self.socket.sendall(request)

    def answer(self) -> tuple[int, int] | None:
        """The status and the bytes of the body, once the answer is whole."""
        data = self.socket.recv(RECEIVE)
        if not data:
            raise ConnectionError(f"closed by the server after {bytes(self.received[:300])!r}")
        self.received += data
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.received[:end]).lower()
        status = int(head[9:12])
        length = 0
        if (at := head.find(b"\r\ncontent-length:")) >= 0:
            length = int(head[at + 17 :].split(b"\r\n", 1)[0])
        elif status != 304:
            raise ValueError(f"an answer without a length: {head[:200]!r}")
        body = len(self.received) - end - 4
        return (status, body) if status == 304 or body >= length else None


def request(port: int, path: str, **headers: str) -> bytes:
    """A question as it goes over the wire."""
    lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def measure(port: int, requests: Sequence[bytes], *, connections: int, seconds: float, at_least: int = 0) -> Load:
    """Ask in turn for ``seconds``, on so many connections at once; for longer until so many answers are in."""
    load, questions = Load(), cycle(requests)
    poll = select.epoll()
    by_fd = {}
    for _ in range(connections):
        connection = Connection(port)
        by_fd[connection.socket.fileno()] = connection
        poll.register(connection.socket.fileno(), select.EPOLLIN)
        connection.ask(next(questions))
    began = time.perf_counter()
    stop = began + seconds
    while by_fd:
        for fd, _event in poll.poll(10):
            connection = by_fd[fd]
            if (answered := connection.answer()) is None:
                continue
            now = time.perf_counter()
            load.seconds.append(now - connection.asked_at)
            load.statuses.add(answered[0])
            load.body_bytes = answered[1]
            if now < stop or len(load.seconds) < at_least:
                connection.ask(next(questions))
            else:
                poll.unregister(fd)
                by_fd.pop(fd).socket.close()
    load.lasted = time.perf_counter() - began
    return load
