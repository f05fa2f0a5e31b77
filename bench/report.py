"""The report: what was measured stands between marks in ``docs/performance.md``; what people write about it stays."""

import re
from collections.abc import Iterable

from bench.servers import ROOT
from bench.tables import Section

REPORT = ROOT / "docs" / "performance.md"


def check(names: Iterable[str]) -> None:
    """Look before anything is measured whether the report has a place for all of it.

    Raises:
        LookupError: when it has none, or several, for one of the sections.
    """
    report = REPORT.read_text(encoding="utf-8")
    for name in names:
        if len(_place(name).findall(report)) != 1:
            raise LookupError(f"{REPORT.name} needs one place that is marked with {name}")


def write(section: Section) -> None:
    """Put a section where its mark is."""
    new = f"<!-- measured: {section.name} -->\n{section.text}\n<!-- end -->"
    report = REPORT.read_text(encoding="utf-8")
    REPORT.write_text(_place(section.name).sub(lambda _found: new, report), encoding="utf-8")


def _place(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- measured: {name} -->\n.*?<!-- end -->", re.DOTALL)
