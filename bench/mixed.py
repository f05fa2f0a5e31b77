"""Readers beside writers: nobody is refused, and nobody waits for whoever writes.

    python -m bench.mixed [--seconds 200] [--members 500]

Sixteen connections read boards, months, searches and feeds as fast as they are answered; two people declare leaves,
the directory is imported and slots are opened
meanwhile. Fails for any answer of 5xx, and for a write lock above 100 ms.
"""

import argparse
import http.client
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select, text

from bench.directory_import import write_extract
from bench.figures import median, percentile
from bench.forms import filled_form
from bench.http_load import Load, measure, request
from bench.locks import FILE, Lock, by_cause, locks
from bench.people import Browser, application, browsers
from bench.servers import House
from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.calendars.actions import create_feed
from cpts_net.calendars.feed_addresses import feed_address
from cpts_net.calendars.models import FeedKind
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

MEMBERS = 500
READERS, WRITERS, FEEDS = 16, 2, 12
LONGEST_LOCK_MS = 100
PAUSE = 0.1  # Between two leaves of one person, in seconds.
IMPORTED_LINES = 1_000
SERVER_ERROR = 500


@dataclass
class MixedFigures:
    """What readers and writers were answered, and the locks meanwhile, the longest first."""

    seconds: float
    reading: Load = field(default_factory=Load)
    writing: Counter[int] = field(default_factory=Counter)
    locks: list[Lock] = field(default_factory=list)

    @property
    def read_p95_ms(self) -> float:
        return percentile(self.reading.seconds, 95) * 1000

    def faults(self) -> list[str]:
        """What ought not to be."""
        refused = {status for status in (*self.reading.statuses, *self.writing) if status >= SERVER_ERROR}
        found = [f"an answer of {status} in the mixed run" for status in sorted(refused)]
        if self.locks and self.locks[0].milliseconds > LONGEST_LOCK_MS:
            found.append(f"a write lock of {self.locks[0].milliseconds:.0f} ms: {self.locks[0].cause}")
        return found

    def text(self) -> str:
        """The figures, and the longest lock of each cause."""
        said = (
            f"{READERS} readers and {WRITERS} writers for {self.seconds:.0f} s: {len(self.reading.seconds)} answers"
            f" {sorted(self.reading.statuses)}, p95 {self.read_p95_ms:.0f} ms;"
            f" {sum(self.writing.values())} writes {dict(sorted(self.writing.items()))}; {len(self.locks)} write locks."
        )
        rows = [
            f"| {some[0].milliseconds:.0f} | {median(lock.milliseconds for lock in some):.0f} |"
            f" {max(lock.computing_ms for lock in some):.0f} | {len(some)} | {some[0].cause} |"
            for some in by_cause(self.locks)
        ]
        head = ["| longest lock, ms | median | most computing, ms | of | cause |", "|---|---|---|---|---|"]
        return "\n".join([said, "", *head, *rows])


def mixed(house: House, app: Flask, shown_day: date, seconds: float) -> MixedFigures:
    """Run it on a base that is loaded; starts and stops ``web`` and a worker of its own."""
    figures, path = MixedFigures(seconds), house.folder / "locks"
    path.unlink(missing_ok=True)
    house.environment[FILE] = str(path)
    writers = browsers(app, WRITERS, there_from_today=True)
    viewers = browsers(app, FEEDS, there_from_today=False)
    feeds = feeds_of(app, viewers)
    stop = Event()
    with house.web("bench.locks:application()") as web, ExitStack() as stack:
        stack.callback(house.worker("bench.locks").terminate)
        threads = [
            Thread(target=declare, args=(web.port, writer, shown_day, stop, figures.writing)) for writer in writers
        ]
        threads.append(Thread(target=chores, args=(house, app, stop)))
        for thread in threads:
            thread.start()
        figures.reading = measure(web.port, questions(web.port, viewers, feeds), connections=READERS, seconds=seconds)
        stop.set()
        for thread in threads:
            thread.join()
    figures.locks = locks(path)
    return figures


def feeds_of(app: Flask, people: Sequence[Browser]) -> list[str]:
    """The path of a feed for each of the people, of every kind that has no line."""
    kinds = (FeedKind.MINE, FeedKind.DUTY, FeedKind.ABSENCES)
    with app.app_context(), transaction():
        accounts = db.session.scalars(select(Account.id).where(Account.email.in_([each.email for each in people])))
        made = [
            create_feed(account_id, kinds[place % len(kinds)], "Mesure", now=clock.now())
            for place, account_id in enumerate(accounts)
        ]
        return [urlsplit(feed_address(feed)).path for feed in made]


def questions(port: int, viewers: Sequence[Browser], feeds: Sequence[str]) -> list[bytes]:
    """A page and a feed in turn."""
    pages = ("/continuite/", "/annuaire/?q=martin", "/astreintes/", "/mon-planning/", "/absences/", "/reunions/")
    asked = []
    for place, feed in enumerate(feeds):
        asked.append(request(port, pages[place % len(pages)], Cookie=viewers[place % len(viewers)].cookie))
        asked.append(request(port, feed))
    return asked


def declare(port: int, writer: Browser, today: date, stop: Event, answered: Counter[int]) -> None:
    """Declare one leave after the other, each of a day."""
    day = today + timedelta(days=30)
    while not stop.is_set():
        day += timedelta(days=1)
        sent = filled_form(
            port, "/absences/nouvelle", writer.cookie, "first_day", first_day=f"{day}", last_day=f"{day}"
        )
        answered[post(port, sent)] += 1
        stop.wait(PAUSE)


def post(port: int, sent: bytes) -> int:
    """Send a form as it goes over the wire; the status of the answer."""
    head, _, body = sent.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("POST", first.split()[1], body, dict(line.split(": ", 1) for line in lines))
    status = connection.getresponse().status
    connection.close()
    return status


def chores(house: House, app: Flask, stop: Event) -> None:
    """Import an extract, open slots that are missing, again and again."""
    extract = house.folder / "extract.txt"
    write_extract(extract, IMPORTED_LINES)
    while not stop.is_set():
        house.command("directory", "import", str(extract), module="bench.locks")
        with app.app_context(), transaction():
            db.session.execute(
                text(
                    "DELETE FROM duty_slot WHERE starts_at > '2026-07-20' AND id NOT IN (SELECT slot_id FROM duty_seat)"
                )
            )
        house.command("oncall", "generate", module="bench.locks")
        stop.wait(1)


def on_a_base_of(members: int, day: str, seconds: float) -> MixedFigures:
    """Load a base of so many people, as it stands on a day, and run it there."""
    with tempfile.TemporaryDirectory(prefix="cpts-bench-") as folder:
        house = House(Path(folder), f"{day}T10:00:00+02:00")
        house.command("db", "upgrade")
        house.command("demo", "load", "--members", str(members), "--date", day)
        app = application({**os.environ, **house.environment})
        return mixed(house, app, date.fromisoformat(day), seconds)


def run() -> int:
    """Return how many faults there were."""
    parser = argparse.ArgumentParser(prog="python -m bench.mixed", description=__doc__)
    parser.add_argument("--members", type=int, default=MEMBERS, help=f"people in the base ({MEMBERS})")
    parser.add_argument("--seconds", type=float, default=200, help="how long (200)")
    parser.add_argument("--date", default="2026-06-17", help="the day that the base shows (2026-06-17)")
    asked = parser.parse_args()
    figures = on_a_base_of(asked.members, asked.date, asked.seconds)
    print(figures.text())
    for fault in figures.faults():
        print(f"missed: {fault}")
    return len(figures.faults())


if __name__ == "__main__":
    sys.exit(run())
