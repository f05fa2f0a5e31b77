"""How hard a password is to guess, in bits, for somebody who knows what people choose.

The password is cut into the cheapest pieces: a common password, a word about
the person, a walk over the keyboard, a repeat, a year, else single characters.
The words come from the frequency list of zxcvbn (MIT licence, © Dropbox), with
what the French choose put in front.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import cache
from itertools import pairwise
from math import inf, log2
from pathlib import Path

WALKS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1aqw2zsx3edc4rfv5tgb6yhn",
)
LOOK_ALIKES = (str.maketrans("013457@$", "oleastas"), str.maketrans("1!", "ii"))
SHORTEST_PIECE, LONGEST_PIECE = 3, 40
YEAR_OR_DATE = re.compile(r"(19|20)\d\d|[0-3]\d[01]\d((19|20)?\d\d)?")

BITS_OF_A_KNOWN_WORD = 1.0
BITS_OF_A_REPEAT = 4.0
BITS_OF_A_WALK = 5.0
BITS_OF_A_DATE = 9.0


def bits(password: str, known_words: Collection[str] = ()) -> float:
    """Estimate the guesses that ``password`` withstands, as a power of two.

    ``known_words`` are folded words that a guesser would try first: the
    person's name, the community's. A thousandth of a second for a password of
    ordinary length; it grows with the length, so bound that.
    """
    readings = _readings(unaccented(password))
    cheapest = [0.0]
    for end, sign in enumerate(password, start=1):
        price = cheapest[-1] + _of_character(sign)
        for start in range(max(0, end - LONGEST_PIECE), end - SHORTEST_PIECE + 1):
            price = min(price, cheapest[start] + _of_piece(readings, start, end, known_words))
        cheapest.append(price)
    return cheapest[-1]


def unaccented(text: str) -> str:
    """``text`` without case and accents, character by character."""
    return "".join(unicodedata.normalize("NFKD", sign)[0].casefold()[0] for sign in text)


def _of_character(sign: str) -> float:
    sizes = ((str.isdigit, 10), (str.islower, 26), (str.isupper, 52))
    return log2(next((size for is_one, size in sizes if is_one(sign)), 33))


def _of_piece(readings: Sequence[str], start: int, end: int, known_words: Collection[str]) -> float:
    """The price of the cheapest thing that the piece can be; infinite when it is nothing in particular."""
    piece, ways = readings[0][start:end], {reading[start:end] for reading in readings}
    if any(way in known_words for way in ways):
        return BITS_OF_A_KNOWN_WORD
    if readings[0].find(piece, 0, start) >= 0:
        return BITS_OF_A_REPEAT
    price = min((log2(_ranks()[way]) + 1 for way in ways if way in _ranks()), default=inf)
    if piece in _walks() or piece.count(piece[0]) == len(piece):
        price = min(price, BITS_OF_A_WALK + log2(len(piece)))
    if piece.isdigit() and (YEAR_OR_DATE.fullmatch(piece) or _is_staircase(piece)):
        price = min(price, BITS_OF_A_DATE)
    return price


def _readings(text: str) -> tuple[str, ...]:
    """The text as it stands, and with figures read as the letters they look like."""
    letters = text.translate(LOOK_ALIKES[0])
    return text, letters, text.translate(LOOK_ALIKES[1]).translate(LOOK_ALIKES[0])


def _is_staircase(figures: str) -> bool:
    """Whether figures rise by pairs: "112233", "010203"."""
    steps = re.findall("..", figures)
    return len(steps) >= SHORTEST_PIECE and all(int(b) - int(a) in {1, 11} for a, b in pairwise(steps))


@cache
def _walks() -> frozenset[str]:
    """Every stretch of a row of keys or of the alphabet, there and back."""
    rows = [way for walk in WALKS for way in (walk, walk[::-1])]
    return frozenset(
        row[start:end]
        for row in rows
        for start in range(len(row))
        for end in range(start + SHORTEST_PIECE, len(row) + 1)
    )


@cache
def _ranks() -> dict[str, int]:
    words = Path(__file__).with_name("common_passwords.txt").read_text().split()
    return {word: rank for rank, word in enumerate(words, start=2)}
