"""Open screens: one socket each, written to directly."""

import os
import time
from collections import deque
from contextlib import suppress
from typing import Any

import gevent
from gevent import socket

from cpts_net.accounts.identity import Identity
from cpts_net.live.frames import FrameLimit, FrameTooLong, TooManyFrames
from cpts_net.notices.queries import Unseen

CLOSE = b"\x88"  # The first byte of the frame that ends a connection.
GOODBYE = 2.0  # Seconds that a screen has to answer it.
MOST_FRAMES, FRAME_WINDOW = 50, 5.0  # A screen that sends more in so many seconds is cut off.
LARGEST_BACKLOG = 8 * 1024 * 1024  # Bytes a slow screen may be behind before it has to start anew.


class Connection:
    """The socket of one screen, in the shape that the websocket library expects of a socket.

    Everything that is sent goes through ``send``, whole frame by whole frame,
    so the library's pings and our pushes never mix. What the network takes at
    once is written at once: a broadcast costs one system call a screen, and no
    queue, task or wake-up.
    """

    def __init__(self, sock: socket.socket, identity: Identity, language: str) -> None:
        self._sock = sock
        self._limit = FrameLimit()
        self._backlog: deque[bytes] = deque()
        self._behind = 0
        self._times: deque[float] = deque(maxlen=MOST_FRAMES)
        self.is_open = True
        self.identity = identity
        self.language = language
        self.unseen: Unseen | None = None  # What its reader was last told to have not read.

    @property
    def is_behind(self) -> bool:
        """Whether the network has yet to take something that was sent earlier."""
        return bool(self._backlog)

    def dup(self) -> "Connection":
        """The library takes a copy of what it gets; this one is its own already."""
        return self

    def recv(self, size: int) -> bytes:
        """What the screen sends, checked frame by frame as it arrives."""
        data: bytes = self._sock.recv(size)
        before = self._limit.begun
        try:
            self._limit.feed(data)
            self._count(self._limit.begun - before)
        except (FrameTooLong, TooManyFrames):
            self.close()
            raise
        return data

    def _count(self, frames: int) -> None:
        """Whatever the frames hold: nonsense costs an answer, or a line of the log, as well."""
        now = time.monotonic()
        self._times.extend([now] * min(frames, MOST_FRAMES))
        if len(self._times) == MOST_FRAMES and now - self._times[0] < FRAME_WINDOW:
            raise TooManyFrames

    def send(self, frame: bytes) -> int:
        """Write a whole frame without waiting; what the network does not take follows by itself."""
        if not self.is_open:
            raise BrokenPipeError
        rest = frame if self._backlog else self._write_now(frame)
        if rest:
            self._backlog.append(rest)
            self._behind += len(rest)
            if self._behind > LARGEST_BACKLOG:
                self.close()
            elif len(self._backlog) == 1:
                gevent.spawn(self._catch_up)
        if frame.startswith(CLOSE):
            # The library says goodbye and then waits for an answer that a dead screen never gives.
            gevent.spawn_later(GOODBYE, self.close)
        return len(frame)

    def _write_now(self, frame: bytes) -> bytes:
        try:
            return frame[os.write(self._sock.fileno(), frame) :]
        except BlockingIOError:
            return frame
        except OSError:
            self.close()
            return b""

    def _catch_up(self) -> None:
        try:
            while self._backlog:
                self._sock.sendall(self._backlog[0])
                self._behind -= len(self._backlog.popleft())
        except OSError:
            self.close()

    def close(self) -> None:
        """End the connection; the screen notices at once and says that it is not live."""
        if not self.is_open:
            return
        self.is_open = False
        self._backlog.clear()
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()


def taken_over(environ: dict[str, Any], identity: Identity, language: str) -> Connection:
    """Put a ``Connection`` where the websocket library looks for the request's socket."""
    connection = Connection(environ["wsgi.input"].raw._sock.dup(), identity, language)  # noqa: SLF001
    environ["wsgi.input"] = _Reader(connection)
    environ["cpts.connection"] = connection
    return connection


class _Reader:
    """Looks like the server's input stream as far as the websocket library looks."""

    def __init__(self, connection: Connection) -> None:
        self.raw = self
        self._sock = connection
