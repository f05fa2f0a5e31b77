"""The processes that are measured, as an operator would start them, on a data directory of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parent.parent
SOCKET_IO = "socket.io@4.8"
PEER = Path(tempfile.gettempdir()) / f"cpts-bench-{SOCKET_IO}"  # Installed once, and kept for the next run.
STARTS_WITHIN = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Server(AbstractContextManager["Server"]):
    """One process; ``first_answer`` is how many seconds it took from its start to its first 200."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path, tree: Path = ROOT
    ) -> None:
        self.name, self.command, self.environment, self.log, self.tree = name, command, environment, log, tree
        self.port = int(environment["PORT"])
        self.first_answer = 0.0

    def __enter__(self) -> "Server":
        """Start it and wait for its first good answer."""
        started_at = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.tree, env={**os.environ, **self.environment}, stdout=log, stderr=log
            )
        try:
            self._wait_until(started_at + STARTS_WITHIN)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.first_answer = time.perf_counter() - started_at
        return self

    def _wait_until(self, latest: float) -> None:
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() > latest:
                raise RuntimeError(f"{self.name} does not answer:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.01)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def pid(self) -> int:
        return self.process.pid

    def _answers(self) -> bool:
        path = "/" if self.name in {"floor", "peer"} else "/sante"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False


class House:
    """The product of a tree on a base of its own: its environment, its command and its three processes."""

    def __init__(self, folder: Path, clock_start: str, tree: Path = ROOT) -> None:
        self.folder, self.tree = folder, tree
        self.web_port, self.live_port = free_port(), free_port()
        self.environment = {
            "CPTS_DATA": str(folder),
            "CPTS_CLOCK_START": clock_start,
            "CPTS_DEMO": "1",
            "PORT": str(self.web_port),
            "LIVE_PORT": str(self.live_port),
        }

    def command(self, *arguments: str, module: str = "cpts_net") -> str:
        """Run ``cpts-net`` with these arguments, perhaps as another module has it; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.tree,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout.strip()

    def web(self, application: str = "wsgi:app") -> Server:
        """The pages."""
        return Server("web", gunicorn(application), self.environment, self.folder / "web.log", self.tree)

    def live(self) -> Server:
        """The push process."""
        environment = {**self.environment, "PORT": str(self.live_port)}
        environment["PUBLIC_URL"] = f"http://localhost:{self.web_port}"
        environment["LIVE_URL"] = f"http://localhost:{self.live_port}"
        command = [sys.executable, "-m", "cpts_net.live"]
        return Server("live", command, environment, self.folder / "live.log", self.tree)

    def floor(self) -> Server:
        """The route that answers "ok", alone."""
        return self._beside("floor", "bench.floor:app")

    def locked(self) -> Server:
        """The pages, with a line for each write lock."""
        return self.web("bench.inside.locks:application()")

    def floor_inside(self) -> Server:
        """The route that answers "ok" to people who are signed in, in the product."""
        return self._beside("inside", "bench.inside.ok:application()")

    def _beside(self, name: str, application: str) -> Server:
        environment = {**self.environment, "PORT": str(free_port())}
        # The product's own address stays: it decides on hosts and on the cookie's name.
        environment["PUBLIC_URL"] = f"http://localhost:{self.web_port}"
        return Server(name, gunicorn(application), environment, self.folder / f"{name}.log", self.tree)

    def worker(self, module: str = "cpts_net") -> subprocess.Popen[bytes]:
        """The worker, which nobody asks anything."""
        return subprocess.Popen(
            [sys.executable, "-m", module, "worker"],
            cwd=self.tree,
            env={**os.environ, **self.environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def peer(self) -> Server | None:
        """Socket.IO on Node, when there is a Node and npm can install it."""
        npm, node = shutil.which("npm"), shutil.which("node")
        if npm is None or node is None:
            return None
        folder = PEER
        quiet = ["--no-audit", "--no-fund", "--silent", "--prefer-offline", "--prefix", str(folder)]
        if not (folder / "node_modules" / "socket.io").exists():
            folder.mkdir(parents=True, exist_ok=True)
            if subprocess.run([npm, "install", *quiet, SOCKET_IO], capture_output=True, check=False).returncode:
                return None
        port = free_port()
        environment = {"PORT": str(port), "NODE_PATH": str(folder / "node_modules")}
        script = str(Path(__file__).parent / "node_sio.js")
        return Server("peer", [node, script, str(port)], environment, self.folder / "peer.log")


def gunicorn(application: str) -> list[str]:
    """The web server as the Procfile starts it."""
    return [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", application]
