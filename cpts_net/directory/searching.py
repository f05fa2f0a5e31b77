"""What somebody who types a few words looks for. Pure.

People type "dr baron", "ndiaye", "st jean", "kiné brou", the last digits of a
number, and slip on a key. Titles do not matter, gaps inside names neither;
words for a trade lead to it; one slip is forgiven where nothing else is found.
"""

import re
from collections.abc import Iterable, Iterator

from cpts_net.folding import name_words
from cpts_net.phones import dialled, digits_dialled

SHORTEST_PART = 3  # A word of fewer letters is looked for at the beginning of words only.
SHORTEST_WITH_SLIP = 4
_ALONE = {"dr": "docteur", "docteure": "docteur"}
_ABROAD = re.compile(r"(?:\+|\b00)33[\d\s.()-]+")


def wanted_words(typed: str) -> list[str]:
    """The folded words that somebody must have, the longest first: it leaves the fewest for the others."""
    words = list(_with_numbers_joined(name_words(_ABROAD.sub(_as_dialled, typed))))
    meant = [_ALONE.get(word, word) for word in words]  # Only where titles stand alone.
    return sorted(dict.fromkeys(meant), key=len, reverse=True)


def part_of(word: str) -> str:
    """What a text whose words have a space before them must hold for ``word``."""
    return word if len(word) >= SHORTEST_PART else f" {word}"


class WordIndex:
    """Texts by the words in them: ten thousand texts hold few words, and these are looked through in a moment."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for word in text.split():
                self._places.setdefault(word, []).append(place)
        self._words = f" {' '.join(self._places)} "

    def places(self, part: str) -> set[int]:
        """The numbers of the texts in which some word holds ``part``, or begins with it after its space."""
        found: set[int] = set()
        at = self._words.find(part)
        while at >= 0:
            end = self._words.find(" ", at + len(part))
            found.update(self._places[self._words[self._words.rfind(" ", 0, at + 1) + 1 : end]])
            at = self._words.find(part, end)
        return found

    def meant(self, part: str) -> list[str]:
        """The words that somebody may have meant who typed what is in none."""
        if not may_slip(part) or part in self._words:
            return []
        return [word for word in self._places if may_slip(word) and is_slip(part, word)]


def may_slip(word: str) -> bool:
    """Whether a word is long enough to be meant for another; a number is not."""
    return len(word) >= SHORTEST_WITH_SLIP and not word.isdigit()


def is_slip(typed: str, word: str) -> bool:
    """Whether ``word``, or its beginning, was typed with one letter wrong, too many, forgotten, or two exchanged."""
    half = len(typed) // 2
    tail = typed[half + 1 :]
    if not (word.startswith(typed[:half]) or any(word.startswith(tail, half + moved) for moved in (0, 1, 2))):
        return False  # One of the halves is as it should be; nearly every word ends here.
    at = 0
    for one, other in zip(typed, word, strict=False):
        if one != other:
            break
        at += 1
    rest, after = typed[at:], word[at:]
    return (
        after[1:].startswith(rest[1:])
        or after.startswith(rest[1:])
        or after[1:].startswith(rest)
        or (rest[:2] == after[1::-1] and after[2:].startswith(rest[2:]))
    )


def _as_dialled(number: re.Match[str]) -> str:
    return f" {digits_dialled(dialled(number[0])) or number[0]} "


def _with_numbers_joined(words: list[str]) -> Iterator[str]:
    """The words, with figures that follow each other as one: "02 61 91" is the beginning of a number."""
    number = ""
    for word in words:
        if word.isdigit():
            number += word
            continue
        if number:
            yield number
        number = ""
        yield word
    if number:
        yield number
