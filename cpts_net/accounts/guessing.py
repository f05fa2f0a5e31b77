"""How hard a password is to guess, in bits, for somebody who knows what people choose.

The password is cut into the cheapest pieces: a common password, a word about
the person, a walk over the keyboard, a repeat, a year, else single characters.
The words come from the frequency list of zxcvbn (MIT licence, © Dropbox), with
what the French choose put in front.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from functools import cache
from itertools import pairwise
from math import log2
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
    person's name, the community's. Quadratic in the length, so bound it.
    """
    plain = fold(password)
    cheapest = [0.0]
    for end in range(1, len(plain) + 1):
        single = cheapest[end - 1] + _of_character(password[end - 1])
        pieces = (
            cheapest[start] + _of_piece(plain[start:end], plain[:start], known_words)
            for start in range(max(0, end - LONGEST_PIECE), end - SHORTEST_PIECE + 1)
        )
        cheapest.append(min(single, *pieces, single))
    return cheapest[-1]


def fold(text: str) -> str:
    """``text`` without case and accents, character by character."""
    return "".join(unicodedata.normalize("NFKD", sign)[0].casefold()[0] for sign in text)


def _of_character(sign: str) -> float:
    sizes = ((str.isdigit, 10), (str.islower, 26), (str.isupper, 52))
    return log2(next((size for is_one, size in sizes if is_one(sign)), 33))


def _of_piece(piece: str, before: str, known_words: Collection[str]) -> float:
    prices: tuple[Callable[[], float | None], ...] = (
        lambda: BITS_OF_A_KNOWN_WORD if any(way in known_words for way in _readings(piece)) else None,
        lambda: BITS_OF_A_REPEAT if piece in before else None,
        lambda: BITS_OF_A_REPEAT + log2(len(piece)) if len(set(piece)) == 1 else None,
        lambda: BITS_OF_A_WALK + log2(len(piece)) if _is_walk(piece) else None,
        lambda: BITS_OF_A_DATE if YEAR_OR_DATE.fullmatch(piece) else None,
        lambda: min((1 + log2(_ranks()[way]) for way in _readings(piece) if way in _ranks()), default=None),
    )
    return min((price for ask in prices if (price := ask()) is not None), default=float("inf"))


def _readings(piece: str) -> Iterator[str]:
    """The piece as it stands, and with figures read as the letters they look like."""
    yield piece
    yield piece.translate(LOOK_ALIKES[0])
    yield piece.translate(LOOK_ALIKES[1]).translate(LOOK_ALIKES[0])


def _is_walk(piece: str) -> bool:
    return any(piece in walk or piece[::-1] in walk for walk in WALKS) or _is_staircase(piece)


def _is_staircase(piece: str) -> bool:
    """Whether figures rise by pairs: "112233", "010203"."""
    steps = re.findall("..", piece)
    return (
        piece.isdigit() and len(steps) >= SHORTEST_PIECE and all(int(b) - int(a) in {1, 11} for a, b in pairwise(steps))
    )


@cache
def _ranks() -> dict[str, int]:
    words = Path(__file__).with_name("common_passwords.txt").read_text().split()
    return {word: rank for rank, word in enumerate(words, start=2)}
