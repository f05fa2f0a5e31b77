"""One spelling for texts that are compared: whatever people type, the same words are found."""

import unicodedata
from functools import lru_cache

# static/folding.js folds alike.
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """``text`` without case and accents, its words parted by one space.

    Both databases sort and search accents in their own way; they get this
    instead, from one place.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LIGATURES)
    letters = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join(letters.split())


def is_same_name(one: str, other: str) -> bool:
    """Whether two names read alike; signs count only in names that are nothing else."""
    words = fold(one)
    return words == fold(other) if words else one.casefold() == other.casefold()


# Both ways in which names of people and places write it.
_LONG = {"st": "saint", "ste": "sainte"}
_SHORT = {long: short for short, long in _LONG.items()}


@lru_cache(maxsize=50_000)
def spellings(name: str) -> str:
    """The words of a name in every way that people type them: "le goff legoff", "saint jean saintjean st stjean"."""
    words = fold(name).split()
    ways = [words, *([swap.get(word, word) for word in words] for swap in (_LONG, _SHORT))]
    return " ".join(dict.fromkeys(word for way in ways for word in (*way, "".join(way))))


_TITLES = frozenset({"dr", "docteur", "docteure", "pr", "professeur", "m", "mr", "mme", "mlle", "monsieur", "madame"})


def name_words(typed: str) -> list[str]:
    """The folded words of a name that somebody looks for; a title is none unless it stands alone."""
    words = fold(typed).split()
    return [word for word in words if word not in _TITLES] or words
