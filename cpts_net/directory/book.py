"""The directory as people search it: a list of some hundred lines, kept in memory whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from string import ascii_uppercase

from cpts_net.directory.searching import WordIndex, part_of, wanted_words
from cpts_net.directory.trades import Trade


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the directory."""

    id: int
    name: str
    trades: tuple[Trade, ...]  # The first one first.
    what: str  # The trades in the person's gender: « Infirmière · Ostéopathe »; else the words for what they do.
    communes: tuple[str, ...]
    phone: str  # As ``phones`` keeps it, of the first practice site that has one.
    basin: str  # Of the first place.
    letter: str  # Under which they stand: the first of the family name, folded; "#" where it is none.
    apart: (
        str  # What tells them from somebody of the same name, trade and communes: « Infirmière · Brou · 3 rue Haute ».
    )
    text: str  # Person.search_text and the words for the trades, each with a space before it.

    @property
    def trade(self) -> Trade | None:
        """The first one."""
        return self.trades[0] if self.trades else None


@dataclass(frozen=True)
class Book:
    """Everybody who is not hidden – or, in a book of their own, who is –, by name."""

    entries: Sequence[Entry]
    # What one may choose among: value and label of what is in use.
    trades: Sequence[tuple[str, str]]
    communes: Sequence[tuple[str, str]]

    def search(self, typed: str, *, trade: str = "", commune: str = "") -> Sequence[Entry]:
        """Those who are meant by every word that was typed, by name; see ``searching``.

        Where nobody is, a slip of one letter is forgiven in words that nobody has.
        ``trade`` is a key, ``commune`` a name; empty for any.
        """
        parts = [part_of(word) for word in wanted_words(typed)]
        found = self._found(parts) or self._found_with_slips(parts)
        if trade:
            found = [entry for entry in found if trade in (own.key for own in entry.trades)]
        if commune:
            found = [entry for entry in found if commune in entry.communes]
        return found

    def _found(self, parts: Sequence[str]) -> Sequence[Entry]:
        """Those whose text holds each of the parts."""
        return self._at([self._index.places(part) for part in parts]) if parts else self.entries

    def _found_with_slips(self, parts: Sequence[str]) -> Sequence[Entry]:
        meant = [self._index.meant(part) for part in parts]
        if not any(meant):
            return []
        ways = zip(parts, meant, strict=True)
        return self._at([set().union(*map(self._index.places, words or [part])) for part, words in ways])

    def _at(self, places: Sequence[set[int]]) -> Sequence[Entry]:
        return [self.entries[place] for place in sorted(set.intersection(*places))]

    @cached_property
    def by_id(self) -> Mapping[int, Entry]:
        """The lines, by person."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex(entry.text for entry in self.entries)


def letters(entries: Sequence[Entry], page_length: int) -> list[tuple[str, int]]:
    """Each letter of the alphabet, and on which page of these entries, which are by name, it begins; 0 on none."""
    begins: dict[str, int] = {}
    for place, entry in enumerate(entries):
        begins.setdefault(entry.letter, place // page_length + 1)
    return [(letter, begins.get(letter, 0)) for letter in ascii_uppercase]
