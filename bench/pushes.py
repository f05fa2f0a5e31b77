"""How long a declared leave takes to the last of many open screens, and what it costs the push process."""

import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bench.figures import cpu_seconds, descendants, median, memory_kib, percentile
from bench.forms import filled_form
from bench.http_load import Connection
from bench.people import Browser
from bench.screens import Screens, event
from bench.servers import Server

REST = 0.6  # Seconds between two rounds.
MILLISECONDS, MICROSECONDS = 1000, 1_000_000


@dataclass(frozen=True)
class PushFigures:
    """What so many screens took: medians and the 95th percentile over the rounds, costs per screen."""

    name: str
    screens: int
    rounds: int
    last_ms: float
    last_p95_ms: float
    first_ms: float
    cpu_us_per_delivery: float
    kib_per_screen: float
    frame_bytes: int
    connect_seconds: float
    lost: int
    missing: int


Trigger = Callable[[], None]


def of_the_product(
    web: Server, live: Server, viewers: list[Browser], declarers: list[Browser], today: date
) -> PushFigures:
    """Every viewer looks at the board; one after the other the declarers say that they are away today."""
    revision = _board_revision(web.port, viewers[0].cookie)
    watch = event("watch", {"scope": "continuity", "revision": revision, "question": 1})
    screens = Screens(live.port, f"http://localhost:{web.port}", watch)
    return _run("CPTS-Net", live, screens, [viewer.cookie for viewer in viewers], _leaves(web.port, declarers, today))


def of_the_peer(peer: Server, count: int, rounds: int, frame_bytes: int) -> PushFigures:
    """The same number of screens on Node's socket.io, with a message of the same size."""
    return _run("Node socket.io", peer, Screens(peer.port), ["x=1"] * count, _posts(peer.port, rounds, frame_bytes))


def _board_revision(port: int, cookie: str) -> str:
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", "/continuite/sections", headers={"Cookie": cookie})
    revision = str(json.loads(connection.getresponse().read())["revision"])
    connection.close()
    return revision


def _leaves(port: int, declarers: list[Browser], today: date) -> Iterator[tuple[Trigger, str]]:
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(1)).isoformat()}
    for declarer in declarers:
        post = filled_form(port, "/absences/nouvelle", declarer.cookie, "first_day", **days)
        yield from _asked(port, post, declarer.name, "303")


def _posts(port: int, rounds: int, frame_bytes: int) -> Iterator[tuple[Trigger, str]]:
    for number in range(rounds):
        mark = f"round-{number}-"
        body = json.dumps({"mark": mark, "sections": "x" * max(0, frame_bytes - 60)}).encode()
        head = f"POST /emit HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: {len(body)}\r\n\r\n"
        yield from _asked(port, head.encode() + body, mark, "200")


def _asked(port: int, post: bytes, mark: str, status: str) -> Iterator[tuple[Trigger, str]]:
    """A trigger that sends and does not wait; its answer is checked after the round."""
    connection = Connection(port)
    yield lambda: connection.ask(post), mark
    while (answered := connection.answer()) is None:
        pass
    if answered[0] != int(status):
        raise RuntimeError(f"the trigger was answered with {answered[0]}")
    connection.socket.close()


def _run(
    name: str, server: Server, screens: Screens, cookies: list[str], triggers: Iterator[tuple[Trigger, str]]
) -> PushFigures:
    pids = descendants(server.pid)
    before = memory_kib(pids)
    connect_seconds = screens.open(cookies)
    screens.rest(2)
    after = memory_kib(pids)
    firsts, lasts, costs, missing = [], [], [], 0
    for trigger, mark in triggers:
        screens.rest(REST)
        computed = cpu_seconds(pids)
        arrived = screens.deliver(trigger, mark)
        screens.rest(0.1)
        costs.append((cpu_seconds(pids) - computed) / len(cookies))
        missing += len(cookies) - len(arrived)
        if arrived:
            firsts.append(arrived[0])
            lasts.append(arrived[-1])
    screens.close()
    return PushFigures(
        name=name,
        screens=len(cookies),
        rounds=len(lasts),
        last_ms=median(lasts) * MILLISECONDS,
        last_p95_ms=percentile(lasts, 95) * MILLISECONDS,
        first_ms=median(firsts) * MILLISECONDS,
        cpu_us_per_delivery=median(costs) * MICROSECONDS,
        kib_per_screen=(after - before) / len(cookies),
        frame_bytes=screens.frame_bytes,
        connect_seconds=connect_seconds,
        lost=screens.lost,
        missing=missing,
    )
