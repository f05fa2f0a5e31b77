"""``python -m bench``: measure everything, print the figures, and with ``--write`` keep them."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path

from bench import mixed, pages, pushes
from bench.people import application, browsers
from bench.report import Run, markdown
from bench.servers import ROOT, House, Server

RESULT = ROOT / "docs" / "performance.md"
STARTS = 3


def main() -> int:
    """Return how many goals were missed."""
    asked = arguments()
    shown_day = date.fromisoformat(asked.date)
    with tempfile.TemporaryDirectory(prefix="cpts-bench-") as folder, ExitStack() as stack:
        house = House(Path(folder), f"{asked.date}T10:00:00+02:00")
        run = measure(house, shown_day, asked, stack)
    run.mixed = mixed.on_a_base_of(mixed.MEMBERS, asked.date, asked.mixed) if asked.mixed else None
    report = markdown(run)
    print(report)
    if asked.write:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(report + "\n", encoding="utf-8")
    for missed in run.missed():
        print(f"missed: {missed}")
    return len(run.missed())


def arguments() -> argparse.Namespace:
    """What to measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--members", type=int, default=10_000, help="people in the base (10000)")
    parser.add_argument("--screens", type=int, default=1_000, help="open sockets (1000)")
    parser.add_argument("--rounds", type=int, default=20, help="leaves that are declared (20)")
    parser.add_argument("--seconds", type=float, default=4, help="seconds for each page and turn (4)")
    parser.add_argument("--mixed", type=float, default=20, help="seconds of readers beside writers, 0 for none (20)")
    parser.add_argument("--date", default="2026-06-17", help="the day that the base shows (2026-06-17)")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.relative_to(ROOT)}")
    return parser.parse_args()


def measure(house: House, shown_day: date, asked: argparse.Namespace, stack: ExitStack) -> Run:
    """Load, start, ask, push; everything is stopped when ``stack`` closes."""
    house.command("db", "upgrade")
    started_at = time.perf_counter()
    house.command("demo", "load", "--members", str(asked.members), "--date", asked.date)
    load_seconds = time.perf_counter() - started_at
    app = application({**os.environ, **house.environment})
    declarers = browsers(app, asked.rounds, there_from_today=True)
    viewers = browsers(app, asked.screens, there_from_today=False)
    feed = house.command("feeds", "create", viewers[0].email, "--kind", "duty")
    first_answers = {name: first_answer(start) for name, start in (("web", house.web), ("live", house.live))}
    web, live = stack.enter_context(house.web()), stack.enter_context(house.live())
    stack.callback(house.worker().terminate)
    with house.floor() as floor, house.floor_inside() as inside:
        every = pages.targets(web, floor, inside, viewers[0], feed)
        page_figures = pages.measured(every, asked.seconds)
    own = pushes.of_the_product(web, live, viewers, declarers, shown_day)
    return Run(
        measured_on=datetime.now(UTC).date(),
        members=asked.members,
        shown_day=shown_day,
        feed_events=pages.events_of(web.port, feed),
        load_seconds=load_seconds,
        first_answers=first_answers,
        pages=page_figures,
        pushes=[own, *peer_pushes(house, own)],
    )


def first_answer(start: Callable[[], Server]) -> float:
    """The median of some starts."""
    times = []
    for _ in range(STARTS):
        with start() as server:
            times.append(server.first_answer)
    return sorted(times)[STARTS // 2]


def peer_pushes(house: House, own: pushes.PushFigures) -> list[pushes.PushFigures]:
    """The same on Node's socket.io, when it can be installed."""
    peer = house.peer()
    if peer is None:
        print("Node's socket.io could not be installed; nothing to compare with.")
        return []
    with peer:
        return [pushes.of_the_peer(peer, own.screens, own.rounds, own.frame_bytes)]


if __name__ == "__main__":
    raise SystemExit(main())
