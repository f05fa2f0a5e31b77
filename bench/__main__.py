"""``python -m bench``: measure everything, or a part, and print the figures; with ``--write`` keep them."""

import argparse
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from subprocess import run

from bench import against, mixed, pages, paint, pushes, report, serving, starts, telling
from bench.bases import Bases
from bench.figures import machine
from bench.servers import ROOT
from bench.tables import Section

SIZES = (226, 10_000)
Part = Callable[[], Section]
PARTS = ("starts", "pages", "paint", "pushes", "mixed", "telling", "serving")


def main() -> None:
    """Measure; a goal that is missed is said, and is no failure of the measuring."""
    asked = arguments()
    with Bases(date.fromisoformat(asked.date)) as bases:
        if asked.against:
            print(against.compared(bases, asked.against, asked.members, asked.seconds))
            return
        parts = dict(parts_of(bases, asked))
        if asked.write:
            report.check([*parts, "run"])
        measure(bases, parts, is_written=asked.write)


def measure(bases: Bases, parts: dict[str, Part], *, is_written: bool) -> None:
    """Print each part as soon as it is measured, and put it into the report; what goes wrong in one spares the others."""
    began = time.perf_counter()
    missed = []
    for name, part in parts.items():
        try:
            section = part()
        except Exception:
            section = Section(name, "Not measured: it went wrong.", [f"all of {name}: it went wrong"])
            traceback.print_exc()
        missed += section.missed
        publish(section, is_written=is_written)
    publish(how(bases, missed, time.perf_counter() - began), is_written=is_written)


def publish(section: Section, *, is_written: bool) -> None:
    """Show what was measured."""
    print(f"## {section.name}\n\n{section.text}\n", flush=True)
    if is_written:
        report.write(section)


def arguments() -> argparse.Namespace:
    """What to measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part (may be said again)")
    parser.add_argument("--members", type=int, action="append", help=f"people in the base ({SIZES}; may be said again)")
    parser.add_argument("--against", metavar="COMMIT", help="compare the pages with an earlier commit, and no more")
    parser.add_argument("--seconds", type=float, default=0.8, help="for each page and turn (0.8)")
    parser.add_argument("--paced", type=float, default=30, help="seconds of twenty writes a second (30)")
    parser.add_argument("--writes", type=int, default=10_000, help="all in all (10000)")
    parser.add_argument("--idle", type=float, default=60, help="seconds of `live` with nothing to push (60)")
    parser.add_argument("--date", default="2026-06-17", help="the day that the base shows (2026-06-17)")
    parser.add_argument("--write", action="store_true", help=f"write {report.REPORT.relative_to(ROOT)}")
    asked = parser.parse_args()
    asked.members = asked.members or list(SIZES)
    return asked


def parts_of(bases: Bases, asked: argparse.Namespace) -> Iterator[tuple[str, Part]]:
    """What is to be measured, by the names of the sections."""
    of_part: dict[str, Callable[[], list[tuple[str, Part]]]] = {
        "starts": lambda: [("starts", partial(starts.section, bases))],
        "pages": lambda: [
            (f"pages-{members}", partial(pages.section, bases, members, asked.seconds)) for members in asked.members
        ],
        "paint": lambda: [("paint", paint.section)],
        "pushes": lambda: [("pushes", partial(pushes.section, bases, asked.idle, set(asked.members)))],
        "mixed": lambda: [("mixed", partial(mixed.section, bases, asked.paced, asked.writes))],
        "telling": lambda: [("telling", partial(telling.section, bases))],
        "serving": lambda: [("serving", partial(serving.section, bases))],
    }
    for name in PARTS:
        if name in (asked.only or PARTS):
            yield from of_part[name]()


def how(bases: Bases, missed: list[str], seconds: float) -> Section:
    """When, where and on what it was measured; and the goals that were missed."""
    commit = run(["git", "-C", ROOT, "log", "-1", "--format=%h"], capture_output=True, text=True, check=False).stdout
    said = (
        f"Measured on {datetime.now(UTC):%-d %B %Y} at {commit.strip() or 'an unknown commit'}: {machine()}."
        f" The client ran on the same cores. The bases show {bases.shown_day:%A %-d %B %Y}. It took"
        f" {seconds / 60:.0f} minutes.\n\nGoals that were missed in this run:"
    )
    return Section("run", "\n".join([said, "", *(f"- {fault}" for fault in missed or ["none"])]))


if __name__ == "__main__":
    main()
