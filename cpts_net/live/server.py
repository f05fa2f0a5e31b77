"""The push process put together: the gate, Socket.IO behind it, the watcher beside it."""

import gc
import logging
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import gevent
from flask import Flask, request
from flask_socketio import SocketIO
from gevent.pywsgi import WSGIServer

from cpts_net import clock
from cpts_net.accounts.identity import identify
from cpts_net.app import create_app
from cpts_net.live.connections import Connection
from cpts_net.live.frames import LARGEST_MESSAGE
from cpts_net.live.gate import Gate
from cpts_net.live.rooms import OneRoom
from cpts_net.live.screens import Screens
from cpts_net.live.watcher import Watcher
from cpts_net.settings import Settings
from cpts_net.storage import revisions

log = logging.getLogger(__name__)

EXPIRE_EVERY = timedelta(minutes=1)  # A session that expires is announced by nobody.
BACKLOG = 4096
# Engine.IO's own options, which the type stubs of Flask-SocketIO do not know.
ENGINE: dict[str, Any] = {"transports": ["websocket"], "serve_client": False}
OPEN_FILES = 65536
# Seconds. Pages call themselves live for 8 after a proof: two beats may be late.
BEAT, GAP = 3.0, 0.5
LARGEST_QUESTION = 2**31  # A page counts its own; what is longer is no page's.
FIRST_LOOK = 5.0  # Seconds to wait for the database before listening without it.
CLOSED_BY_THE_OTHER = 8  # TCP_CLOSE_WAIT, of Linux.
YOUNG_OBJECTS = 100_000  # New objects after which garbage is looked for; a large board is made of as many.


class LiveServer:
    """One push process. It reads the database and writes nothing to it."""

    def __init__(self, settings: Settings, host: str, port: int) -> None:
        self.app = create_app(settings)
        self.screens = Screens(self.app)
        self._expire_at = clock.now()
        self.watcher = Watcher(self.app, self._on_change, self._on_look)
        _socketio(self.app, settings, self.screens)
        gate = Gate(self.app, settings, self.screens, lambda: not self.watcher.is_late())
        self.server = Server(bound(host, port), gate, log=None, error_log=log)

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, self.stop)
        # What is loaded stays: looking through it for garbage, in the middle of a push, holds up every screen.
        gc.freeze()
        gc.set_threshold(YOUNG_OBJECTS)
        gc.enable()
        beside = [gevent.spawn(each) for each in (self.watcher.run, self._close_when_late, self._beat)]
        self._await_first_look()
        self.server.socket.listen(BACKLOG)
        self.server.serve_forever(stop_timeout=1)
        gevent.killall(beside)

    def _await_first_look(self) -> None:
        """Let nobody in who would be sent away again; without a database our health has to say so."""
        with gevent.Timeout(FIRST_LOOK, False):
            while self.watcher.is_late() and self.watcher.is_running:
                gevent.sleep(0.01)

    def stop(self) -> None:
        """Close every screen and stop."""
        self.watcher.is_running = False
        self.screens.close_all()
        self.server.stop(timeout=1)

    def _on_change(self, scopes: set[str]) -> None:
        with self._or_nobody_is_live():
            if revisions.SESSIONS in scopes:
                self.screens.close_ended_sessions()
            self.screens.refresh(scopes)

    def _on_look(self) -> None:
        now = clock.now()
        with self._or_nobody_is_live():
            if now >= self._expire_at:
                self._expire_at = now + EXPIRE_EVERY
                self.screens.close_ended_sessions()
            self.screens.refresh_what_is_due(now)

    @contextmanager
    def _or_nobody_is_live(self) -> Iterator[None]:
        """Close every screen when one cannot be brought up to date: better stale and saying so."""
        try:
            yield
        except Exception:
            self.screens.close_all()
            raise

    def _beat(self) -> None:
        while True:
            self.screens.beat(self._sure_of, gevent.sleep, BEAT - GAP)
            gevent.sleep(GAP)

    def _sure_of(self) -> float | None:
        """The instant whose state every screen shows; None when we do not know any more."""
        return None if self.watcher.is_late() else self.watcher.looked_at

    def _close_when_late(self) -> None:
        while True:
            gevent.sleep(0.5)
            if self.watcher.is_late() and self.screens.connections:
                self.screens.close_all()


def _socketio(app: Flask, settings: Settings, screens: Screens) -> SocketIO:
    """Give ``app`` its one event: a screen says what it shows and is kept up to date."""
    socketio = SocketIO(
        app,
        async_mode="gevent",
        cors_allowed_origins=list(settings.origins),
        manage_session=False,
        max_http_buffer_size=LARGEST_MESSAGE,
        # Beats say more, and oftener, to the screen; of one that is gone without a word we learn so. Each costs 0.2 ms.
        ping_interval=60,
        ping_timeout=20,
        client_manager=OneRoom(),
        **ENGINE,
    )

    @socketio.on("connect")  # type: ignore[untyped-decorator]
    def connect(_auth: object = None) -> bool:
        return "cpts.connection" in request.environ

    @socketio.on("watch")  # type: ignore[untyped-decorator]
    def watch(what: object = None) -> bool:
        connection: Connection = request.environ["cpts.connection"]
        if not _is_still_signed_in(connection):
            connection.close()
            return False
        match what:
            case {"scope": str(scope), "revision": str(version), "question": int(question)} if (
                0 <= question <= LARGEST_QUESTION
            ):
                return screens.watch(connection, scope, version, question)
        return False

    return socketio


def _is_still_signed_in(connection: Connection) -> bool:
    """Asked again at every event, however short ago it was asked at the door."""
    return identify(connection.identity.token, clock.now()) is not None


class Server(WSGIServer):
    """Serves whoever is still there when their turn comes."""

    def handle(self, client: socket.socket, address: Any) -> None:
        """Answer; whoever hung up while we were stopped or busy is passed over at once."""
        if not has_hung_up(client):
            super().handle(client, address)


def has_hung_up(client: socket.socket) -> bool:
    """Whether the other side has closed, known without reading what it had sent before."""
    return client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == CLOSED_BY_THE_OTHER


def bound(host: str, port: int) -> socket.socket:
    """A socket for many screens, at its address and not yet listening.

    Accepted sockets inherit TCP_NODELAY; gevent's server sets it on none, and
    every small answer would wait 40 ms for an acknowledgement.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, OPEN_FILES)), hard))
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind(address)
    listener.setblocking(False)
    return listener
