"""The directory as people search it: a list of some hundred lines, kept in memory whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from cpts_net.directory.trades import Trade
from cpts_net.folding import fold

SHORTEST_PART = 3  # A word of fewer letters is looked for at the beginning of words only.


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the directory."""

    id: int
    name: str
    trade: Trade
    what: str  # The trade in the person's gender.
    communes: tuple[str, ...]
    phone: str  # As ``phones`` keeps it, of the first practice site that has one.
    text: str  # Member.search_text, after a space: each of its words has one before it.


@dataclass(frozen=True)
class Book:
    """Everybody who is not hidden – or, in a book of their own, who is –, by name, as of one revision."""

    revision: int
    entries: Sequence[Entry]
    # What one may choose among: value and label of what is in use.
    trades: Sequence[tuple[str, str]]
    communes: Sequence[tuple[str, str]]

    def search(self, words: str, *, trade: str = "", commune: str = "") -> Sequence[Entry]:
        """Those whose name, trade or commune hold every word, by name.

        Case and accents do not matter. ``trade`` is a key, ``commune`` a name;
        empty for any.
        """
        found = self.entries
        # The longest word first: it leaves the fewest for the others.
        for word in sorted(fold(words).split(), key=len, reverse=True):
            part = word if len(word) >= SHORTEST_PART else f" {word}"
            found = [entry for entry in found if part in entry.text]
        if trade:
            found = [entry for entry in found if entry.trade.key == trade]
        if commune:
            found = [entry for entry in found if commune in entry.communes]
        return found
