"""How long others could not write, and because of whom: the product, with a line for each write lock on SQLite.

``python -m bench.inside.locks worker`` is ``cpts-net worker`` so; ``bench.inside.locks:application()`` is what gunicorn serves.
``CPTS_BENCH_LOCKS`` names the file.
"""

import os
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask, has_request_context, request
from sqlalchemy import Engine, Pool, event

from cpts_net.__main__ import main
from cpts_net.app import create_app
from cpts_net.pictures.drawer import Drawer
from cpts_net.settings import Settings
from cpts_net.wiring import DRAWN_AHEAD

FILE = "CPTS_BENCH_LOCKS"
PACKAGE = str(Path(__file__).parent.parent.parent / "cpts_net")
KEY = "locked"


@dataclass(frozen=True)
class Lock:
    """A time during which nobody else could write."""

    milliseconds: float
    computing_ms: float  # Of them, what the thread that held it computed; the rest waited for others and for the disk.
    cause: str


def locks(path: Path) -> list[Lock]:
    """What was written down, the longest first."""
    if not path.exists():
        return []
    lines = [line.split("\t", 2) for line in path.read_text().splitlines()]
    found = [Lock(float(milliseconds), float(computing), cause) for milliseconds, computing, cause in lines]
    return sorted(found, key=lambda lock: -lock.milliseconds)


def by_cause(found: list[Lock]) -> list[list[Lock]]:
    """The locks of each cause, the longest first; the cause of the longest first."""
    of_cause: dict[str, list[Lock]] = defaultdict(list)
    for lock in found:
        of_cause[lock.cause].append(lock)
    return list(of_cause.values())


def watch() -> None:
    """Write down every lock of this process from now on."""
    file = Path(os.environ[FILE]).open("a", buffering=1)  # noqa: SIM115  As long as the process.

    def begun(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            connection.info[KEY] = (time.perf_counter(), time.thread_time(), _cause())

    def given_back(_connection: Any, record: Any) -> None:
        # After the commit, which waits for the disk.
        if since := record.info.pop(KEY, None):
            lasted, computed = time.perf_counter() - since[0], time.thread_time() - since[1]
            file.write(f"{lasted * 1000:.3f}\t{computed * 1000:.3f}\t{since[2]}\n")

    event.listen(Engine, "after_cursor_execute", begun)
    event.listen(Pool, "checkin", given_back)


def _cause() -> str:
    """The line of ours that began it, and for which address."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001  There is no other way to the caller's caller.
    while frame and not _is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    code = f"{Path(frame.f_code.co_filename).relative_to(PACKAGE)} {frame.f_code.co_name}" if frame else "?"
    return f"{code} ({request.method} {request.url_rule})" if has_request_context() else code


def _is_ours(file: str) -> bool:
    return file.startswith(PACKAGE) and not file.startswith(f"{PACKAGE}/storage/")


def application() -> Flask:
    """The pages."""
    watch()
    app = create_app(Settings.from_env(os.environ))
    Drawer(app, DRAWN_AHEAD).start()  # As wsgi.py does.
    return app


if __name__ == "__main__":
    watch()
    main()
