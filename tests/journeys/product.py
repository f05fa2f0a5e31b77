"""The running product: web, live and worker, each a process that a journey may stop and start."""

import contextlib
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from cpts_net.accounts.identity import start_session
from cpts_net.accounts.models import Account
from cpts_net.app import create_app
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from cpts_net.web import unsent
from tests.conftest import NOW
from tests.journeys.proxy import Proxy
from tests.shipped import variables

ROOT = Path(__file__).parent.parent.parent
PROCESSES = {
    "web": ["-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
    "live": ["-m", "cpts_net.live"],
    "worker": ["-m", "cpts_net", "worker"],
}
PATIENCE_SECONDS = 60


def free_port() -> int:
    """A port at which nobody listens, below those from which the system lets programs call out: none of them takes it."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Product:
    """One installation in a folder of its own, whose clock began on the Wednesday of the tests.

    With a ``public_url`` it is what ``docs/operating.md`` leads to: the shipped
    environment, and the shipped nginx in front. Its database is a file unless
    ``database_url`` names another.
    """

    def __init__(self, folder: Path, public_url: str = "", database_url: str = "") -> None:
        self.folder = folder
        self.began = time.monotonic()
        self.serial = count(1)  # Of the people whom tests make.
        self.ports = {"web": free_port(), "live": free_port()}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.root = ROOT  # Where the version lies that is started next.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CPTS_", "COV_"))}
        for name in ("DATABASE_URL", "PUBLIC_URL", "LIVE_URL", "SMTP_URL"):
            inherited.pop(name, None)
        self.proxy = Proxy(folder / "nginx", public_url, self.ports) if public_url else None
        shipped = variables() | {"PUBLIC_URL": public_url} if public_url else {"CPTS_DEMO": "1"}
        self.environment = {
            **inherited,
            **shipped,
            **({"DATABASE_URL": database_url} if database_url else {}),
            "CPTS_DATA": str(folder),
            "PORT": str(self.ports["web"]),
            "LIVE_PORT": str(self.ports["live"]),
            "ARGON2_MEMORY_KIB": "64",
            "ARGON2_PASSES": "1",
        }
        self.app: Flask = create_app(Settings.from_env(self.environment))

    @property
    def url(self) -> str:
        """Where browsers find it."""
        url: str = self.app.extensions["settings"].public_url
        return url

    def _command_of(self, name: str) -> list[str]:
        if name == "nginx":
            assert self.proxy is not None
            return self.proxy.command
        return [sys.executable, *PROCESSES[name]]

    def now(self) -> datetime:
        """What every process of the product takes for the present."""
        return NOW + timedelta(seconds=time.monotonic() - self.began)

    def start(self, *names: str) -> None:
        """Start processes, all unless named, and wait until they answer."""
        names = names or (*PROCESSES, *(["nginx"] if self.proxy else []))
        for name in names:
            with (self.folder / f"{name}.log").open("a") as log:
                self.running[name] = subprocess.Popen(
                    self._command_of(name),
                    cwd=self.root,
                    env=self._environment_now(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        for name in names:
            if name in self.ports:
                self._await_health(name)
            elif name == "nginx":
                self._await_proxy()

    def start_as_people_do(self) -> None:
        """Start all three as ``make run`` does once everything is installed."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{self.environment['PATH']}"
        with (self.folder / "start.log").open("a") as log:
            self.running["start"] = subprocess.Popen(
                ["scripts/start"],
                cwd=ROOT,
                env={**self._environment_now(), "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        for name in self.ports:
            self._await_health(name, of="start")

    def stop(self, name: str, with_signal: signal.Signals = signal.SIGTERM) -> None:
        """End a process, gently unless told otherwise, and wait until it is gone."""
        process = self.running.pop(name)
        process.send_signal(with_signal)
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise

    def interrupt(self, name: str) -> None:
        """What Ctrl-C does: everything that a terminal started hears it. Wait until it is gone."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        """End everything."""
        if "start" in self.running:
            self.interrupt("start")  # Its processes are in groups of their own, and end with it.
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def command(self, *arguments: str, typed: str = "") -> str:
        """Run ``cpts-net`` with these arguments; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "cpts_net", *arguments],
            cwd=ROOT,
            env=self._environment_now(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def cookie_of(self, account: Account) -> str:
        """The cookie of a browser in which the account has just signed in."""
        with self.app.app_context(), transaction():
            token = start_session(account.id, user_agent="Journey", address="127.0.0.1", now=self.now())
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return str(serializer.dumps({"_user_id": token, "_fresh": True, unsent.SENDER: account.id}))

    def mails(self, to: str, at_least: int = 1) -> list[EmailMessage]:
        """The mails sent to an address, once there are so many."""
        for _ in self._patiently():
            files = sorted((self.folder / "mail").glob(f"[!.]*{to}*.eml"))  # What is half written is hidden.
            if len(files) >= at_least:
                return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        raise AssertionError(f"no {at_least} mails to {to}: {self.logs()}")

    def logs(self) -> str:
        """What the processes wrote, for the message of a failure."""
        return "\n".join(f"== {path.name}\n{path.read_text()[-3000:]}" for path in self.folder.rglob("*.log"))

    def use(self, base: Path) -> None:
        """Begin with a copy of a database, and of what its last writer left in its log."""
        with closing(sqlite3.connect(base)) as source, closing(sqlite3.connect(self.folder / "cpts.sqlite3")) as copy:
            source.backup(copy)

    def _environment_now(self) -> dict[str, str]:
        return {**self.environment, "CPTS_CLOCK_START": self.now().isoformat()}

    def _await_health(self, name: str, of: str = "") -> None:
        for _ in self._patiently():
            assert self.running[of or name].poll() is None, f"{name} ended: {self.logs()}"
            try:
                with urllib.request.urlopen(f"http://localhost:{self.ports[name]}/sante", timeout=PATIENCE_SECONDS):
                    return
            except OSError:  # Refused, unreachable, or not in time.
                continue
        raise AssertionError(f"{name} does not answer: {self.logs()}")

    def _await_proxy(self) -> None:
        assert self.proxy is not None
        for _ in self._patiently():
            assert self.running["nginx"].poll() is None, f"nginx ended: {self.logs()}"
            if self.proxy.is_listening():
                return
        raise AssertionError(f"nginx does not answer: {self.logs()}")

    def _patiently(self) -> Sequence[None]:
        """Turns of waiting, a twentieth of a second each."""
        pause = threading.Event()
        end = time.monotonic() + PATIENCE_SECONDS
        return (pause.wait(0.05) and None for _ in iter(lambda: time.monotonic() < end, False))
