"""How the web process serves: threads, because passwords and SQLite wait outside of the interpreter."""

import faulthandler
import gc
import os
import re
import socket
import struct
import sys
from typing import Any

from gunicorn.glogging import Logger

from cpts_net.settings import settings_or_end

# Here rather than in each worker: a wrong setting ends the start, and nothing is tried again.
serving = settings_or_end(os.environ).serving
bind = f"[{serving.host}]:{serving.port}" if ":" in serving.host else f"{serving.host}:{serving.port}"
worker_class = "gthread"
workers = serving.workers
# Forty people who sign in at the same moment wait for two cores to hash: with
# eight threads no page was answered for 2.5 s, with these it takes 0.07 s.
threads = serving.threads
# With no more connections than threads gunicorn closes each after its answer.
worker_connections = max(1000, 4 * threads)
backlog = 1024
keepalive = 65
timeout = 60
# Each statement lets go of the interpreter; with Python's 5 ms it would wait that long to get it back. Whoever
# holds the write lock waits too: a leave holds it for 26 ms with 0.5 ms, for 33 with 2 and 43 with 5, while heavy
# pages would take a tenth of the processor less (docs/performance.md).
sys.setswitchinterval(0.0005)
# Should the interpreter itself die, the log says in which line of ours (decision 0007).
faulthandler.enable()
graceful_timeout = serving.graceful_seconds
# Its control socket would be written into the operator's home.
control_socket_disable = True
# Only ProxyFix decides whom to believe about the client (TRUSTED_PROXIES).
forwarded_allow_ips = ""
# Seconds that a thread waits for the next bytes of somebody whose network is
# gone; without a limit it waits for ever. Who sends a byte now and then is the
# proxy's business: see "Behind a proxy" in docs/operating.md.
PATIENCE = 10


def when_ready(server: Any) -> None:
    """Limit how long each connection may keep a thread; those that are accepted inherit it."""
    limit = struct.pack("ll", PATIENCE, 0)
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, limit)


def post_fork(_server: Any, _worker: Any) -> None:
    """Look for no garbage while everything is loaded: all of it stays, and looking takes a tenth of the start."""
    gc.disable()


def post_worker_init(_worker: Any) -> None:
    """Leave what was made at the start to itself: the collector need not walk through it under load."""
    gc.freeze()
    gc.enable()


accesslog = serving.access_log or None


class DiscreetLogger(Logger):  # type: ignore[misc]
    """Writes no token that opens something: a calendar's address, a link from a mail."""

    TOKEN = re.compile(
        r"(/(?:agenda|invitation|mot-de-passe|demonstration|reunions/reponse|sondages/reponse|absences/relais"
        r"|astreintes/je-prends|mon-compte/adresse|adresse/refus|adresse|avis/moins)/)[^/\s?]+"
    )
    QUERY = re.compile(r"\?\S*")

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """What a line of the access log may be made of."""
        known: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        discreet = {name: self._mask(str(known[name])) for name in ("r", "U", "f")}
        # Headers and the environment hold cookies, and the address once more.
        return {name: value for name, value in known.items() if not name.startswith("{")} | discreet | {"q": ""}

    def _mask(self, text: str) -> str:
        return self.TOKEN.sub(r"\1…", self.QUERY.sub("", text))


logger_class = DiscreetLogger
