"""The figures as text: a table for the terminal, and for ``docs/performance.md``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bench.figures import machine
from bench.mixed import MixedFigures
from bench.pages import CONNECTIONS, REPEATS, PageFigures
from bench.pushes import PushFigures

PUSH_GOAL_MS = 400


@dataclass
class Run:
    """Everything that one run measured."""

    measured_on: date
    members: int
    shown_day: date
    feed_events: int
    load_seconds: float
    first_answers: dict[str, float]
    pages: list[PageFigures]
    pushes: list[PushFigures]
    mixed: MixedFigures | None = None

    def missed(self) -> list[str]:
        """What did not reach its goal."""
        missed = [figures.name for figures in self.pages if figures.goal and figures.floors > figures.goal]
        missed += [f"push to {push.screens} screens" for push in self.pushes[:1] if _verdict_of(push) != "yes"]
        return missed + (self.mixed.faults() if self.mixed else [])


REPORT = """# Speed and memory

Written by `make bench`: the real processes on a base of {members} people of the demonstration, as it stands on
{shown_day}. Figures of another machine differ; the ratios to the floor and to the peer of the same run count.

Measured on {measured_on}: {machine}. The client ran on the same cores.

## Pages and feeds

{connections} connections that ask again as soon as they are answered, one gunicorn process, medians of {repeats} turns.
The floor is a Flask route that answers “ok” under the same configuration, with neither sign-in nor database; the
line below it is the same route inside of the product, for somebody who is signed in. The feed has {feed_events} events.

{pages}

Where a goal is missed, most of it goes before the page begins: somebody who is signed in costs one query more, and
under four connections a query through SQLAlchemy costs as much as the whole floor (the second line). A feed asks one
query too. The board of so many people is {board_kib:.0f} KiB, kept as bytes; the search goes through all of them in
memory. What would help next, in this order: to know without a query that no revision rose, then fewer texts of gettext
around each page.

## A leave declared, until the last screen shows it

From the moment the form is sent over HTTP: the change is written, noticed, rendered and pushed. The goal is a
95th percentile of {push_goal} ms. The peer only passes on a message of the same size; it writes, renders and
checks nothing.

{pushes}

## Readers beside writers

On a base of 500 people, while an extract is imported and slots are opened. No answer may be a 5xx, and nobody may keep
others from writing for more than 100 ms.

{mixed}

## Start

{starts}

Filling the base (`cpts-net demo load --members {members}`) took {load_seconds:.0f} s."""
PAGE_HEAD = ("asked for", "p50 ms", "p95 ms", "p99 ms", "per second", "KiB", "p95 / floor", "goal", "reached")
PUSH_HEAD = (
    "server",
    "screens",
    "rounds",
    "first ms",
    "last ms",
    "last p95 ms",
    "CPU µs a delivery",
    "KiB a socket",
    "frame bytes",
    "connect s",
    "lost",
    "missing",
    "reached",
)
START_HEAD = ("process", "seconds until the first answer")


def markdown(run: Run) -> str:
    """The whole report."""
    return REPORT.format(
        members=run.members,
        shown_day=f"{run.shown_day:%A %-d %B %Y}",
        measured_on=f"{run.measured_on:%-d %B %Y}",
        machine=machine(),
        connections=CONNECTIONS,
        repeats=REPEATS,
        feed_events=run.feed_events,
        board_kib=max(figures.body_bytes for figures in run.pages) / 1024,
        pages=_table(PAGE_HEAD, map(_page_row, run.pages)),
        push_goal=PUSH_GOAL_MS,
        pushes=_table(PUSH_HEAD, map(_push_row, run.pushes)),
        mixed=run.mixed.text() if run.mixed else "Not measured.",
        starts=_table(START_HEAD, ((name, f"{seconds:.2f}") for name, seconds in run.first_answers.items())),
        load_seconds=run.load_seconds,
    )


def _page_row(figures: PageFigures) -> Sequence[str]:
    is_reached = "" if figures.goal is None else "yes" if figures.floors <= figures.goal else "**no**"
    return (
        figures.name,
        f"{figures.p50_ms:.2f}",
        f"{figures.p95_ms:.2f}",
        f"{figures.p99_ms:.2f}",
        f"{figures.per_second:.0f}",
        f"{figures.body_bytes / 1024:.1f}",
        f"{figures.floors:.2f}",
        "" if figures.goal is None else f"{figures.goal:g}",
        is_reached,
    )


def _push_row(push: PushFigures) -> Sequence[str]:
    return (
        push.name,
        str(push.screens),
        str(push.rounds),
        f"{push.first_ms:.0f}",
        f"{push.last_ms:.0f}",
        f"{push.last_p95_ms:.0f}",
        f"{push.cpu_us_per_delivery:.0f}",
        f"{push.kib_per_screen:.0f}",
        str(push.frame_bytes),
        f"{push.connect_seconds:.1f}",
        str(push.lost),
        str(push.missing),
        _verdict_of(push) if push.name == "CPTS-Net" else "",
    )


def _verdict_of(push: PushFigures) -> str:
    is_whole = not push.lost and not push.missing
    return "yes" if push.last_p95_ms <= PUSH_GOAL_MS and is_whole else "**no**"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of one width, so that it reads well unrendered too."""
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)
