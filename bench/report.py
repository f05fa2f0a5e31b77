"""The report: what was measured stands between marks in ``docs/performance.md``; what people write about it stays."""

import re
from collections.abc import Iterable
from pathlib import Path

from bench.servers import ROOT
from bench.tables import Section

REPORT = ROOT / "docs" / "performance.md"
MARKED = "<!-- measured: {name} -->\n{text}\n<!-- end -->"


def write(sections: Iterable[Section], path: Path = REPORT) -> None:
    """Put each section where its mark is.

    Raises:
        LookupError: when the report has no mark for one of them.
    """
    report = path.read_text(encoding="utf-8")
    for section in sections:
        report = with_section(report, section)
    path.write_text(report, encoding="utf-8")


def with_section(report: str, section: Section) -> str:
    """The report with what stands between the marks of the section replaced."""
    marked = re.compile(rf"<!-- measured: {section.name} -->\n.*?<!-- end -->", re.DOTALL)
    new = MARKED.format(name=section.name, text=section.text)
    report, places = marked.subn(lambda _found: new, report)
    if places != 1:
        raise LookupError(f"the report has {places} marks for {section.name}")
    return report
