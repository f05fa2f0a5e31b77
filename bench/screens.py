"""Many open screens in one epoll loop: websockets that speak Engine.IO 4 and Socket.IO 5."""

import base64
import json
import os
import resource
import select
import socket
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto

RECEIVE = 1 << 18
HANDSHAKES_AT_ONCE = 50
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
HEADER, SHORT, LONG = 2, 4, 10


class State(IntEnum):
    """How far a screen has come."""

    CONNECTING = auto()
    SHAKING_HANDS = auto()
    OPENING = auto()
    JOINING = auto()
    READY = auto()


@dataclass
class Screen:
    """One websocket."""

    socket: socket.socket
    cookie: str
    state: State = State.CONNECTING
    received: bytearray = field(default_factory=bytearray)
    is_served: bool = False


def masked(text: str, opcode: int = TEXT) -> bytes:
    """A client's frame; with a mask of zeros the payload stays as it is."""
    payload = text.encode()
    size = len(payload)
    short = 126
    head = bytes([0x80 | opcode, 0x80 | size]) if size < short else struct.pack(">BBH", 0x80 | opcode, 0xFE, size)
    return head + bytes(4) + payload


class Screens:
    """Open screens of one server; ``watch`` is the event that each sends once it is in."""

    def __init__(self, port: int, origin: str = "", watch: str = "") -> None:
        self.port, self.origin = port, origin or f"http://localhost:{port}"
        self.watch = masked(watch) if watch else b""
        self.poll = select.epoll()
        self.screens: dict[int, Screen] = {}
        self.ready = self.served = self.lost = 0
        self.reason = ""  # Why the last one was lost.
        self.mark = b""
        self.frame_bytes = 0
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def open(self, cookies: Sequence[str], *, patience: float = 120) -> float:
        """Open a screen for each cookie; return how many seconds it took.

        Raises:
            TimeoutError: when not all of them are in within ``patience`` seconds.
        """
        started_at = time.perf_counter()
        waiting = list(reversed(cookies))
        while self.ready < len(cookies):
            while waiting and len(self.screens) - self.ready < HANDSHAKES_AT_ONCE:
                self._connect(waiting.pop())
            self.pump(0.5)
            if time.perf_counter() - started_at > patience or self.lost:
                raise TimeoutError(f"{self.ready} of {len(cookies)} screens are in, {self.lost} lost: {self.reason}")
        return time.perf_counter() - started_at

    def deliver(self, trigger: Callable[[], None], mark: str, *, patience: float = 20) -> list[float]:
        """Pull the trigger; return after how many seconds each screen had text with ``mark`` in it."""
        self.mark, self.served = mark.encode(), 0
        for screen in self.screens.values():
            screen.is_served = False
        arrived: list[float] = []
        started_at = time.perf_counter()
        trigger()
        while self.served < len(self.screens) and time.perf_counter() - started_at < patience:
            before = self.served
            self.pump(0.5)
            arrived += [time.perf_counter() - started_at] * (self.served - before)
        self.mark = b""
        return arrived

    def rest(self, seconds: float) -> None:
        """Take what comes, and answer pings, for a while."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self.pump(left)

    def close(self) -> None:
        """Close every screen."""
        for screen in self.screens.values():
            screen.socket.close()
        self.screens.clear()

    def pump(self, patience: float) -> None:
        """Handle what has arrived, or wait ``patience`` seconds for something."""
        for fd, _event in self.poll.poll(patience, 256):
            screen = self.screens[fd]
            if screen.state is State.CONNECTING:
                screen.state = State.SHAKING_HANDS
                screen.socket.send(self._handshake(screen.cookie))
                self.poll.modify(fd, select.EPOLLIN)
                continue
            try:
                data = screen.socket.recv(RECEIVE)
                if not data:
                    raise ConnectionError("closed by the server")
                screen.received += data
                self._read(screen)
            except BlockingIOError:
                continue
            except OSError as error:
                self.lost += 1
                self.reason = str(error)
                self.poll.unregister(fd)
                self.screens.pop(fd).socket.close()

    def _connect(self, cookie: str) -> None:
        screen = Screen(socket.socket(), cookie)
        screen.socket.setblocking(False)
        screen.socket.connect_ex(("127.0.0.1", self.port))
        self.screens[screen.socket.fileno()] = screen
        self.poll.register(screen.socket.fileno(), select.EPOLLOUT)

    def _handshake(self, cookie: str) -> bytes:
        key = base64.b64encode(os.urandom(16)).decode()
        return (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            f"Host: localhost:{self.port}\r\nOrigin: {self.origin}\r\nCookie: {cookie}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n"
        ).encode()

    def _read(self, screen: Screen) -> None:
        """Take every whole frame that has arrived."""
        if screen.state is State.SHAKING_HANDS:
            end = screen.received.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in screen.received[:20]:
                raise ConnectionError(bytes(screen.received[:200]))
            del screen.received[: end + 4]
            screen.state = State.OPENING
        while (frame := self._next_frame(screen.received)) is not None:
            opcode, payload = frame
            if opcode == TEXT:
                self._on_text(screen, payload)
            elif opcode == PING:
                screen.socket.send(masked(payload.decode(), PONG))
            elif opcode == CLOSE:
                raise ConnectionError("closed by the server")

    def _next_frame(self, received: bytearray) -> tuple[int, bytes] | None:
        """The next whole frame, taken out of ``received``; a server's frame has no mask."""
        if len(received) < HEADER:
            return None
        size, start = received[1] & 127, HEADER
        if size == 126:
            size, start = int.from_bytes(received[2:SHORT], "big"), SHORT
        elif size == 127:
            size, start = int.from_bytes(received[2:LONG], "big"), LONG
        if len(received) < start + size:
            return None
        frame = received[0] & 15, bytes(received[start : start + size])
        del received[: start + size]
        return frame

    def _on_text(self, screen: Screen, text: bytes) -> None:
        if text == b"2":
            screen.socket.send(masked("3"))
        elif screen.state is State.OPENING:
            screen.state = State.JOINING
            screen.socket.send(masked("40"))
        elif screen.state is State.JOINING:
            if text.startswith(b"40") and self.watch:
                screen.socket.send(self.watch)
            elif text.startswith((b"40", b"42")):
                screen.state = State.READY
                self.ready += 1
        elif self.mark and not screen.is_served and self.mark in text:
            screen.is_served = True
            self.served += 1
            self.frame_bytes = len(text)


def event(name: str, what: object) -> str:
    """A Socket.IO event as text."""
    return "42" + json.dumps([name, what], ensure_ascii=False, separators=(",", ":"))
