"""What the push process lets in, decided before any protocol is spoken.

Flask-SocketIO asks its ``connect`` handler only after Engine.IO has accepted
the transport; a stranger would already hold a socket by then.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Request, session
from flask_babel import get_locale
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Response

from cpts_net import clock
from cpts_net.accounts.identity import Identity, identify
from cpts_net.live.connections import taken_over
from cpts_net.live.screens import Screens
from cpts_net.settings import Settings

WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
SOCKET_PATH = "/socket.io/"
# Where a page that lost its connection looks whether we are there again. A browser makes whoever
# opens many sockets in vain wait for seconds before the next; a question over HTTP is free.
READY_PATH = "/socket.io/ready"
MOST_SOCKETS = 50  # Open screens of one account.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Content-Type": "text/plain; charset=utf-8",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Gate:
    """WSGI application: whether it is there for anybody, a websocket for who is signed in, nothing else."""

    def __init__(self, app: Flask, settings: Settings, screens: Screens, is_healthy: Callable[[], bool]) -> None:
        self.app = app
        self.sockets: WSGI = app.wsgi_app
        self.settings = settings
        self.screens = screens
        self.is_healthy = is_healthy

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request, or hand it on to Engine.IO with its socket under our control."""
        request = Request(environ)
        if request.path == "/sante":
            return self._health()(environ, start_response)
        if request.path == READY_PATH:
            return self._readiness(request)(environ, start_response)
        if request.path != SOCKET_PATH:
            return refusal(404)(environ, start_response)
        identity, language = self._reader(request)
        if refused := self._refusal(request, identity):
            return refusal(refused)(environ, start_response)
        assert identity is not None
        # Browsers offer compression and the library always accepts: 150 KiB a screen.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        stream = environ["wsgi.input"]
        connection = taken_over(environ, identity, language)
        self.screens.add(connection)
        try:
            return self.sockets(environ, start_response)
        finally:
            connection.close()
            # Or the server takes frames that came too late for the next HTTP request.
            stream.close()
            self.screens.remove(connection)

    def _refusal(self, request: Request, identity: Identity | None) -> int | None:
        """The status that turns the request away; None to let it in."""
        if request.headers.get("Origin") not in self.settings.origins:
            return 403
        if identity is None:
            return 401
        is_websocket = request.headers.get("Upgrade", "").lower() == "websocket"
        is_ours = host_is_trusted(request.headers.get("Host"), self.settings.hosts)
        if not (is_ours and is_websocket) or request.args.get("transport") != "websocket" or request.method != "GET":
            return 400
        if not self.is_healthy():
            return 503
        if self.screens.sockets_of(identity.account_id) >= MOST_SOCKETS:
            return 429
        return None

    def _reader(self, request: Request) -> tuple[Identity | None, str]:
        """Who asks, and in which language their pages are drawn."""
        with self.app.request_context(request.environ):
            token = session.get("_user_id")
            identity = identify(token, clock.now()) if isinstance(token, str) else None
            return identity, str(get_locale())

    def _readiness(self, request: Request) -> Response:
        answer = refusal(204 if self.is_healthy() else 503)
        if (origin := request.headers.get("Origin")) in self.settings.origins:
            answer.headers["Access-Control-Allow-Origin"] = origin  # Without a proxy we are on another port.
        return answer

    def _health(self) -> Response:
        state = "ok" if self.is_healthy() else "late"
        return Response(
            f'{{"process":"live","watcher":"{state}","screens":{len(self.screens.connections)}}}\n',
            200 if state == "ok" else 503,
            {**HEADERS, "Content-Type": "application/json"},
        )


def refusal(status: int) -> Response:
    """An answer without content, and without a word about why."""
    return Response("", status, HEADERS)
