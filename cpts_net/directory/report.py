"""What an import did, to be told to the operator."""

from dataclasses import dataclass, field
from typing import NamedTuple

MOST_NOTES = 1000


class Note(NamedTuple):
    """Something to tell about a line of the file; the header is line 1."""

    line: int
    reason: str


@dataclass
class ImportReport:
    """Counts of people created, updated and unchanged, of lines refused, and warnings.

    A file may be damaged from end to end: all are counted, the first thousand noted.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    warned: int = 0
    refusals: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)  # Communes and départements asked for in which nobody works.

    @property
    def imported(self) -> int:
        """How many people lie in the territory."""
        return self.created + self.updated + self.unchanged

    def refuse(self, line: int, reason: str) -> None:
        """Note a line of which nothing is kept."""
        self.refused += 1
        if len(self.refusals) < MOST_NOTES:
            self.refusals.append(Note(line, reason))

    def warn(self, line: int, reason: str) -> None:
        """Note a line that is kept, with a doubt."""
        self.warned += 1
        if len(self.warnings) < MOST_NOTES:
            self.warnings.append(Note(line, reason))
