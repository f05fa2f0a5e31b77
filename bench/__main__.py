"""``python -m bench``: measure everything, or a part, and print the figures; with ``--write`` keep them."""

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from subprocess import run

from bench import against, mixed, pages, pushes, report, serving, starts
from bench.bases import Bases
from bench.figures import machine
from bench.servers import ROOT
from bench.tables import Section

SIZES = (226, 10_000)
PARTS = ("starts", "pages", "pushes", "mixed", "serving")


def main() -> None:
    """Measure; a goal that is missed is said, and is no failure of the measuring."""
    asked = arguments()
    began = time.perf_counter()
    with Bases(date.fromisoformat(asked.date)) as bases:
        if asked.against:
            print(against.compared(bases, asked.against, asked.members, asked.seconds))
            return
        sections = []
        for section in measured(bases, asked):
            print(f"## {section.name}\n\n{section.text}\n", flush=True)
            sections.append(section)
    sections.append(how(bases, sections, time.perf_counter() - began))
    if asked.write:
        report.write(sections)
    missed = [fault for section in sections for fault in section.missed]
    print(sections[-1].text, *(f"missed: {fault}" for fault in missed), sep="\n")


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


def measured(bases: Bases, asked: argparse.Namespace) -> Iterator[Section]:
    """Part after part, as each is done."""
    parts = asked.only or PARTS
    if "starts" in parts:
        yield starts.section(bases)
    if "pages" in parts:
        for members in asked.members:
            yield pages.section(bases, members, asked.seconds)
    if "pushes" in parts:
        yield pushes.section(bases, asked.idle, set(asked.members))
    if "mixed" in parts:
        yield mixed.section(bases, asked.paced, asked.writes)
    if "serving" in parts:
        yield serving.section(bases)


def how(bases: Bases, sections: list[Section], seconds: float) -> Section:
    """When, where and on what it was measured; and the goals that were missed."""
    commit = run(["git", "-C", ROOT, "log", "-1", "--format=%h"], capture_output=True, text=True, check=False).stdout
    missed = [f"- {fault}" for section in sections for fault in section.missed] or ["None."]
    said = (
        f"Measured on {datetime.now(UTC):%-d %B %Y} at {commit.strip() or 'an unknown commit'}: {machine()}."
        f" The client ran on the same cores. The bases show {bases.shown_day:%A %-d %B %Y}. It took"
        f" {seconds / 60:.0f} minutes.\n\nGoals that were missed in this run:"
    )
    return Section("run", "\n".join([said, "", *missed]))


if __name__ == "__main__":
    main()
