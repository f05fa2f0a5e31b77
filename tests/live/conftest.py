"""A running push process on the tests' database, and screens that speak to it over real sockets."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
import websocket
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from cpts_net import clock
from cpts_net.accounts.identity import Identity, identify, start_session
from cpts_net.accounts.models import Account
from cpts_net.live.screens import Screens
from cpts_net.settings import Settings
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.journeys.product import ROOT, free_port
from tests.live.greenlets import measured_on_greenlets
from tests.meetings.conftest import anne, group, hidden, ines, luc, make_poll  # noqa: F401

PATIENT = 60  # Seconds; nothing here is silent for so long when all is well.
ORIGIN = "http://localhost:8000"  # Where the tests' settings have the pages.


@pytest.fixture(autouse=True)
def frozen() -> None:
    """Sockets live in real time; the push process's own clock begins where the tests' does."""


class Live:
    """The push process, at the address that ``settings`` give it."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.port = free_port()
        self.log = log
        self.settings = settings
        self.environment = {
            **os.environ,
            **measured_on_greenlets(),
            "CPTS_DATA": str(settings.data_dir),
            "SECRET_KEY": settings.secret_key,
            "DATABASE_URL": settings.database_url,
            "PUBLIC_URL": settings.public_url,
            "CPTS_NAME": settings.community,
            "LIVE_PORT": str(self.port),
            "CPTS_CLOCK_START": NOW.isoformat(),
        }

    def start(self) -> None:
        self.began = time.monotonic()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cpts_net.live"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        pause = threading.Event()
        for _ in range(1200):
            assert self.process.poll() is None, self.log.read_text()
            try:
                if self.health()["watcher"] == "ok":
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pause.wait(0.05)
        raise AssertionError(self.log.read_text())

    def now_at_most(self) -> datetime:
        """What the process takes for the present, or a little later."""
        return NOW + timedelta(seconds=time.monotonic() - self.began)

    def health(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://localhost:{self.port}/sante", timeout=PATIENT) as answer:
            said: dict[str, Any] = json.load(answer)
            return said

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> None:
        self.process.send_signal(with_signal)
        try:
            self.process.wait(timeout=PATIENT)
        finally:
            self.process.kill()  # Leaves none behind, however the test ended.


@pytest.fixture(scope="module")
def kept_running(migrated_app: Flask, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    process = Live(settings, tmp_path_factory.mktemp("live") / "log")
    try:
        process.start()
        yield process
    finally:
        process.stop()
    assert "Traceback" not in process.log.read_text(), process.log.read_text()


@pytest.fixture
def live(app: Flask, kept_running: Live) -> Live:
    """The running push process; the same for many tests, each with rows of its own."""
    return kept_running


def html_of(news: dict[str, Any]) -> str:
    """All that a page is told to show from now on."""
    sections = news["sections"].values() if "sections" in news else [put["html"] for put in news["changes"]["put"]]
    return "".join(sections)


class Screen:
    """One open socket, spoken to as a page speaks to it."""

    def __init__(self, live: Live, cookie: str, **options: Any) -> None:
        address = f"ws://localhost:{live.port}/socket.io/?EIO=4&transport=websocket"
        name = "__Host-cpts" if live.settings.is_https else "cpts"
        known_as = urlsplit(live.settings.public_url).netloc
        options = {"origin": live.settings.public_url, "host": known_as, "timeout": PATIENT, **options}
        self.socket = websocket.create_connection(address, cookie=f"{name}={cookie}", **options)
        assert self.socket.recv()[:1] == "0"
        self.socket.send("40")
        assert self.socket.recv()[:2] == "40"

    def watch(self, scope: str, revision: str = "", question: int = 1) -> None:
        what = {"scope": scope, "revision": revision, "question": question}
        self.socket.send("42" + json.dumps(["watch", what]))

    def news(self) -> dict[str, Any]:
        """The next picture that arrives."""
        return self._next("picture")

    def beat(self) -> dict[str, Any]:
        """The next proof that arrives: an answer, or what is said every few seconds."""
        return self._next("beat")

    def until_answered(self, question: int) -> list[dict[str, Any]]:
        """What arrives up to the answer to a question; the answer is the last."""
        arrived = [self._next("picture", "beat")]
        while arrived[-1].get("question") != question:
            arrived.append(self._next("picture", "beat"))
        return arrived

    def _next(self, *events: str) -> dict[str, Any]:
        while True:
            said = self.socket.recv()
            if said == "2":
                self.socket.send("3")
            elif not said:
                raise ConnectionError("closed")
            elif said.startswith("42"):
                name, what = json.loads(said[2:])
                if name in events:
                    return what

    def is_closed_by_the_server(self) -> bool:
        """Wait for the end; a picture that comes instead, or beat after beat, is an answer of False."""
        beats = 0
        try:
            while beats < 4:
                if not (said := self.socket.recv()):
                    return True
                if said.startswith('42["picture"'):
                    return False
                beats += said.startswith('42["beat"')
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            return True
        return False


@pytest.fixture
def cookie_of(app: Flask) -> Callable[[Account], str]:
    def cookie(account: Account) -> str:
        with app.app_context(), transaction():
            token = start_session(account.id, user_agent="tests", address="127.0.0.1", now=clock.now())
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        return str(serializer.dumps({"_user_id": token}))

    return cookie


@pytest.fixture
def screen(live: Live, make: Any, cookie_of: Callable[[Account], str]) -> Iterator[Callable[..., Screen]]:
    opened: list[Screen] = []

    def open_screen(account: Account | None = None, **options: Any) -> Screen:
        opened.append(Screen(live, cookie_of(account or make.account()), **options))
        return opened[-1]

    yield open_screen
    for each in opened:
        each.socket.close()


class Paper:
    """A screen that keeps what it was sent."""

    is_behind = False
    language = "fr"

    def __init__(self, identity: Identity | None) -> None:
        self.identity, self.is_open = identity, True
        self.unseen = None
        self.sent: list[str] = []

    def send(self, frame: bytes) -> None:
        self.sent.append(frame[frame.index(b"42[") :].decode())

    def close(self) -> None:
        self.is_open = False

    def events(self, name: str) -> list[dict[str, Any]]:
        """What it was sent under this name."""
        return [what for kind, what in (json.loads(sent[2:]) for sent in self.sent) if kind == name]


@pytest.fixture
def standing() -> Iterator[time_machine.Traveller]:
    """A clock that stands still again, where no process of its own reads it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def screens(app: Flask, standing: time_machine.Traveller) -> Screens:
    return Screens(app)


@pytest.fixture
def open_screen(app: Flask, make: Any, screens: Screens) -> Callable[..., "Paper"]:
    """A screen of a member, counted in; it watches a scope if one is named."""

    def opened(person: Any = None, scope: str = "", role: str = "member", account: Any = None) -> Paper:
        account = account or (make.account(person) if person else make.account(role=role))
        with app.app_context():
            with transaction():
                token = start_session(account.id, user_agent="tests", address="127.0.0.1", now=clock.now())
            screen = Paper(identify(token, clock.now()))
        screens.add(screen)
        if scope:
            assert screens.watch(screen, scope, "")
        return screen

    return opened
