"""How long a declared leave takes to the last of many open screens, and what it costs the push process."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

from bench import people
from bench.bases import Bases
from bench.figures import cpu_seconds, descendants, median, memory_kib, percentile
from bench.forms import Form
from bench.http_load import Connection
from bench.people import Browser
from bench.screens import Screens, event
from bench.servers import House, Server
from bench.tables import Section, reached, table

REST = 0.6  # Seconds between two rounds.
MILLISECONDS, MICROSECONDS = 1000, 1_000_000
ROUNDS = 20
SPREAD = 1.5  # How many medians the 95th percentile may be.
CPU_GOAL, CPU_GOAL_MEMBERS = 1.7, 226  # Times what Node computes for a delivery.
IDLE_GOAL_PERCENT, IDLE_SCREENS = 2, 1000
HEAD: tuple[str, ...] = (
    "server",
    "members",
    "sockets",
    "first ms",
    "last ms",
    "p95 ms",
    "goal ms",
    "CPU µs a delivery",
    "times Node's",
)
HEAD += ("frame bytes", "KiB a socket", "connect s", "ms a socket", "lost", "missing", "reached")


@dataclass(frozen=True)
class Crowd:
    """So many screens on a base of so many people, and until when the last one is to show a leave."""

    members: int
    screens: int
    goal_ms: float


CROWDS = (Crowd(226, 1_000, 60), Crowd(226, 5_000, 115), Crowd(10_000, 1_000, 150))


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


def section(bases: Bases, idle_seconds: float, sizes: set[int]) -> Section:
    """Every crowd on the product and on Node's socket.io; then a while in which nothing happens."""
    rows, missed, idle = [], [], ""
    for crowd in (each for each in CROWDS if each.members in sizes):
        own, share = of_the_product(bases, crowd, idle_seconds if not idle else 0)
        peer = of_the_peer(bases.house(crowd.members), own)
        rows += [_row(crowd, own, peer), *([_peer_row(crowd, peer)] if peer else [])]
        missed += _missed(crowd, own, peer)
        if not idle:
            missed += [f"live idles at {share:.1f} % of a core"] * (share > IDLE_GOAL_PERCENT)
            idle = _idle_text(crowd, share, idle_seconds)
    return Section("pushes", f"{table(HEAD, rows)}\n\n{idle}", missed)


def of_the_product(bases: Bases, crowd: Crowd, idle_seconds: float) -> tuple[PushFigures, float]:
    """Every viewer looks at the board; one after the other the declarers say that they are away today.

    Also returns how many percent of a core ``live`` takes while nothing happens.
    """
    house = bases.house(crowd.members)
    scene = people.scene(house, crowd.screens, ROUNDS)
    with ExitStack() as stack:
        web, live = stack.enter_context(house.web()), stack.enter_context(house.live())
        stack.callback(house.worker().terminate)
        screens = Screens(live.port, f"http://localhost:{web.port}", _watch(web.port, scene.viewers[0].cookie))
        stack.callback(screens.close)
        leaves = _leaves(web.port, scene.declarers, bases.shown_day)
        figures = _run("CPTS-Net", live, screens, [viewer.cookie for viewer in scene.viewers], leaves)
        return figures, _idle_percent(live, screens, idle_seconds) if idle_seconds else 0


def _idle_percent(live: Server, screens: Screens, seconds: float) -> float:
    pids = descendants(live.pid)
    screens.rest(1)
    computed = cpu_seconds(pids)
    screens.rest(seconds)
    return (cpu_seconds(pids) - computed) / seconds * 100


def of_the_peer(house: House, own: PushFigures) -> PushFigures | None:
    """The same number of screens on Node's socket.io, with a message of the same size."""
    if (server := house.peer()) is None:
        print("Node's socket.io could not be installed; nothing to compare with.")
        return None
    with server as peer:
        screens = Screens(peer.port)
        posts = _posts(peer.port, own.rounds, own.frame_bytes)
        figures = _run("Node socket.io", peer, screens, ["x=1"] * own.screens, posts)
        screens.close()
        return figures


def _watch(port: int, cookie: str) -> str:
    """What the board says to the push process when it connects, as it stands in the page."""
    connection = http.client.HTTPConnection("localhost", port)
    connection.request("GET", "/continuite/", headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    connection.close()
    said = {name: re.findall(f'data-{name}="([^"]*)"', page)[0] for name in ("live", "revision")}
    return event("watch", {"scope": said["live"], "revision": said["revision"], "question": 1})


def _leaves(port: int, declarers: list[Browser], today: date) -> Iterator[tuple[Trigger, str]]:
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(1)).isoformat()}
    for declarer in declarers:
        post = Form(port, declarer.cookie, "/absences/nouvelle", "first_day").filled(**days)
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


def _row(crowd: Crowd, own: PushFigures, peer: PushFigures | None) -> tuple[str, ...]:
    times = f"{own.cpu_us_per_delivery / peer.cpu_us_per_delivery:.1f}" if peer else ""
    return (*_cells(crowd, own, f"{crowd.goal_ms:g}", times), reached(not _missed(crowd, own, peer)))


def _peer_row(crowd: Crowd, peer: PushFigures) -> tuple[str, ...]:
    return (*_cells(crowd, peer, "", ""), "")


def _cells(crowd: Crowd, push: PushFigures, goal: str, times: str) -> tuple[str, ...]:
    return (
        push.name,
        str(crowd.members),
        str(push.screens),
        f"{push.first_ms:.0f}",
        f"{push.last_ms:.0f}",
        f"{push.last_p95_ms:.0f}",
        goal,
        f"{push.cpu_us_per_delivery:.0f}",
        times,
        str(push.frame_bytes),
        f"{push.kib_per_screen:.0f}",
        f"{push.connect_seconds:.1f}",
        f"{push.connect_seconds / push.screens * MILLISECONDS:.2f}",
        str(push.lost),
        str(push.missing),
    )


def _missed(crowd: Crowd, own: PushFigures, peer: PushFigures | None) -> list[str]:
    name = f"{own.screens} sockets, {crowd.members} members"
    is_dear = peer and crowd.members == CPU_GOAL_MEMBERS
    faults = {
        f"push to {name}: median": own.last_ms > crowd.goal_ms,
        f"push to {name}: p95": own.last_p95_ms > SPREAD * own.last_ms,
        f"push to {name}: something lost": own.lost or own.missing,
        f"push to {name}: CPU": is_dear and peer and own.cpu_us_per_delivery > CPU_GOAL * peer.cpu_us_per_delivery,
    }
    return [fault for fault, is_so in faults.items() if is_so]


def _idle_text(crowd: Crowd, share: float, seconds: float) -> str:
    return (
        f"`live` with {crowd.screens} sockets and nothing to push takes {share:.1f} % of a core, heartbeats included"
        f" ({seconds:.0f} s); goal {IDLE_GOAL_PERCENT} %, reached: {reached(share <= IDLE_GOAL_PERCENT)}."
    )
