"""A notice to a thousand people: how long nobody else can write, and how long until a mail server has all of it."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from bench.bases import Bases
from bench.figures import cpu_seconds
from bench.inside.locks import FILE, locks
from bench.servers import House, free_port
from bench.tables import Section

PEOPLE = 1_000
LONGEST_LOCK_MS = 100
LONGEST_SENDING = 60.0  # Seconds.
PATIENCE = 300.0
LEFT = "SELECT count(*) FROM delivery WHERE state = 'waiting' AND in_digest = 0"


def section(bases: Bases) -> Section:
    """Tell them, look at the bell of one of them, then let one worker send."""
    house = bases.house(PEOPLE + 100)
    house.environment[FILE] = str(house.folder / "locks")
    told = int(house.command(str(PEOPLE), module="bench.inside.told"))
    lock = locks(house.folder / "locks")[0]
    bell = json.loads(house.command(module="bench.inside.bell"))
    waiting = _left(house)
    with _mail_server(house), ExitStack() as stack:
        worker = house.worker()
        stack.callback(worker.wait)
        stack.callback(worker.terminate)
        seconds = _sent_within(house)
        computed = cpu_seconds([worker.pid])
    said = (
        f"A notice to {told} people, of whom one in ten chose something, holds the write lock for"
        f" {lock.milliseconds:.0f} ms, {lock.computing_ms:.0f} of them computing (goal {LONGEST_LOCK_MS}). One worker"
        f" hands the {waiting} mails that go at once to a server on the same machine in {seconds:.0f} s, of which it"
        f" computes {computed:.0f}, its start included (goal {LONGEST_SENDING:.0f} for a thousand). The board of somebody"
        f" who was told asks the database {bell['first']} times at the first look and {bell['last']} times at the third,"
        f" {bell['about_notices']} of them for the bell (goal 0)."
    )
    missed = [f"a notice to {told} people"] * (lock.milliseconds > LONGEST_LOCK_MS)
    missed += [f"{waiting} mails"] * (seconds > LONGEST_SENDING * waiting / PEOPLE)
    missed += ["a page for the bell"] * (bell["about_notices"] > 0)
    return Section("telling", said, missed)


@contextmanager
def _mail_server(house: House) -> Iterator[None]:
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    house.environment["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
    try:
        yield
    finally:
        server.stop()


def _sent_within(house: House) -> float:
    """The seconds from now until nothing waits any more, the start of the worker included."""
    began = time.perf_counter()
    while _left(house) and time.perf_counter() - began < PATIENCE:
        time.sleep(0.1)
    return time.perf_counter() - began


def _left(house: House) -> int:
    with sqlite3.connect(house.folder / "cpts.sqlite3") as base:
        return int(base.execute(LEFT).fetchone()[0])
