"""Tables and sections of the report, as Markdown that reads well unrendered too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Section:
    """A part of the report: the text that was measured, and which goals were missed."""

    name: str
    text: str
    missed: list[str] = field(default_factory=list)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of one width."""
    lines = [head, *rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def reached(is_reached: bool) -> str:
    """How a row says whether it reached its goal."""
    return "yes" if is_reached else "**no**"
