"""How long a process takes from its start until its first answer."""

from bench.bases import Bases
from bench.figures import median
from bench.tables import Section, reached, table

STARTS = 5
MEMBERS = 226
GOAL_SECONDS = 1.2
HEAD = ("process", "median s", "slowest s", "goal", "reached")


def section(bases: Bases) -> Section:
    """Start ``web`` and ``live`` some times, in turn, and the floor beside them."""
    house = bases.house(MEMBERS)
    seconds: dict[str, list[float]] = {"web": [], "live": [], "floor": []}
    for _ in range(STARTS):
        for start in (house.web, house.live, house.floor):
            with start() as server:
                seconds[server.name].append(server.first_answer)
    rows = [_row(name, times) for name, times in seconds.items()]
    missed = [f"first answer of {name}" for name in ("web", "live") if median(seconds[name]) > GOAL_SECONDS]
    return Section("starts", f"{STARTS} starts of each, in turn.\n\n{table(HEAD, rows)}", missed)


def _row(name: str, times: list[float]) -> tuple[str, ...]:
    middle = median(times)
    goal = ("", "") if name == "floor" else (f"{GOAL_SECONDS:g}", reached(middle <= GOAL_SECONDS))
    return (name, f"{middle:.2f}", f"{max(times):.2f}", *goal)
