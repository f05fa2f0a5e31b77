"""Readers beside writers: nobody is refused, and nobody waits for whoever writes.

First so many writes a second, while the board and the floor are asked in turn, half a second each. Then writes as
fast as they are answered, until there are enough of them, while the directory is imported and slots are opened.
"""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event, Thread

from bench import people
from bench.bases import Bases
from bench.directory_import import write_extract
from bench.figures import median, percentile
from bench.http_load import request
from bench.inside.locks import FILE, Lock, by_cause, locks
from bench.loads import MILLISECONDS, Target, asked, turn
from bench.servers import House
from bench.tables import Section, table
from bench.writers import Writers, intentions

MEMBERS = 500
PER_SECOND = 20
SLICE_SECONDS = 0.5
LONGEST_LOCK_MS = 100
IMPORTED_LINES = 1_000
CHORES_EVERY = 3.0  # Seconds.
SERVER_ERROR = 500
FLOORS_GOAL = 4
HEAD = ("longest lock, ms", "median", "most computing, ms", "of", "cause")


@dataclass
class MixedFigures:
    """What readers and writers were answered, and the locks meanwhile, the longest first."""

    board_ms: list[float]
    floor_ms: list[float]
    writes_a_second: float
    answered: Counter[int]
    locks: list[Lock]

    @property
    def floors(self) -> float:
        return percentile(self.board_ms, 95) / percentile(self.floor_ms, 95)

    def faults(self) -> list[str]:
        """What ought not to be."""
        found = [f"an answer of {status} to a write" for status in self.answered if status >= SERVER_ERROR]
        if self.floors > FLOORS_GOAL:
            found.append(f"board beside {PER_SECOND} writes a second")
        if self.locks and self.locks[0].milliseconds > LONGEST_LOCK_MS:
            found.append(f"a write lock of {self.locks[0].milliseconds:.0f} ms: {self.locks[0].cause}")
        return found

    def text(self) -> str:
        """The figures, and the longest lock of each cause."""
        board, floor = percentile(self.board_ms, 95), percentile(self.floor_ms, 95)
        said = (
            f"With {self.writes_a_second:.1f} writes a second on a base of {MEMBERS} people: board p95 {board:.1f} ms,"
            f" floor in the same seconds {floor:.1f} ms, so {self.floors:.1f} floors (goal {FLOORS_GOAL}). All in all"
            f" {sum(self.answered.values())} writes, answered {_counted(self.answered)};"
            f" {len(self.locks)} write locks, the longest {self.locks[0].milliseconds:.0f} ms"
            f" (goal {LONGEST_LOCK_MS})."
        )
        rows = [
            (
                f"{some[0].milliseconds:.0f}",
                f"{median(lock.milliseconds for lock in some):.0f}",
                f"{max(lock.computing_ms for lock in some):.0f}",
                str(len(some)),
                some[0].cause,
            )
            for some in by_cause(self.locks)
        ]
        return f"{said}\n\n{table(HEAD, rows)}"


def _counted(answered: Counter[int]) -> str:
    return ", ".join(f"{count} of {status}" for status, count in sorted(answered.items()))


def section(bases: Bases, seconds: float, writes: int) -> Section:
    """Run it: ``seconds`` of paced writes, and then on until there are so many writes."""
    figures = measured(bases, seconds, writes)
    return Section("mixed", figures.text(), figures.faults())


def measured(bases: Bases, seconds: float, writes: int) -> MixedFigures:
    """Run it on a base of its own."""
    house = bases.house(MEMBERS)
    scene = people.scene(house, viewers=10, declarers=20)
    house.environment[FILE] = str(house.folder / "locks")
    with ExitStack() as stack:
        web, floor = stack.enter_context(house.locked()), stack.enter_context(house.floor())
        stack.enter_context(house.live())
        stack.callback(house.worker("bench.inside.locks").terminate)
        targets = [
            Target("board", web, [asked(web, "/continuite/", viewer) for viewer in scene.viewers]),
            Target("floor", floor, [request(floor.port, "/")]),
        ]
        times: list[list[float]] = [[], []]
        sent = intentions(web.port, scene, bases.shown_day)
        with Writers(web, sent, PER_SECOND) as paced:
            for _slice in range(int(seconds / SLICE_SECONDS / len(targets))):
                for target, found in zip(targets, times, strict=True):
                    found += [each * MILLISECONDS for each in turn(target, SLICE_SECONDS).load.seconds]
        flat_out = Writers(web, sent, None, most=writes - paced.written)
        with chores_beside(house), flat_out:
            flat_out.wait()
    return MixedFigures(
        board_ms=times[0],
        floor_ms=times[1],
        writes_a_second=paced.written / paced.lasted,
        answered=paced.answered + flat_out.answered,
        locks=locks(house.folder / "locks"),
    )


def chores_beside(house: House) -> ExitStack:
    """Import an extract and open slots that are missing, again and again until the stack closes."""
    stop = Event()
    thread = Thread(target=_chores, args=(house, stop))
    stack = ExitStack()
    stack.callback(thread.join)
    stack.callback(stop.set)
    thread.start()
    return stack


def _chores(house: House, stop: Event) -> None:
    extract = house.folder / "extract.txt"
    write_extract(extract, IMPORTED_LINES)
    while not stop.is_set():
        house.command("directory", "import", str(extract), module="bench.inside.locks")
        house.command(module="bench.inside.without_slots")
        house.command("oncall", "generate", module="bench.inside.locks")
        stop.wait(CHORES_EVERY)
