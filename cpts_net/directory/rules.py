"""How names and identifiers are written and compared."""

import re
from collections.abc import Iterable
from functools import lru_cache

from cpts_net.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
LONGEST_SORT_KEY = 170
# What colleagues type and the official label does not contain, by national code.
_ALSO_CALLED = {
    "10": "docteur",
    "21": "pharmacienne pharmacie",
    "40": "chirurgienne",
    "60": "infirmiere idel",
    "70": "masseuse",
    **dict.fromkeys(("SM26", "SM53", "SM54"), "generaliste"),
    **dict.fromkeys(("SI01", "SI02", "SI03", "SI04", "SI05"), "ipa"),
}


def display_name(title: str, given_name: str, family_name: str) -> str:
    """The name as colleagues say it: "Dr Anne Petit", "Inès Boyer"."""
    name = f"{given_name} {family_name}"
    return f"Dr {name}" if title == "DR" else name


def sentence_case(label: str) -> str:
    """A label of the national lists as French writes it: « Masseur-Kinésithérapeute » gives « Masseur-kinésithérapeute ».

    What is all in capitals stays: « IPA ».
    """
    said = _WORD.sub(lambda word: word[0] if len(word[0]) > 1 and word[0].isupper() else word[0].lower(), label)
    return said[:1].upper() + said[1:]


def sort_key(family_name: str, given_name: str) -> str:
    """What lists of people are sorted by."""
    return fold(f"{family_name} {given_name}")[:LONGEST_SORT_KEY]


def search_text(key: str, codes: Iterable[str | None], labels: Iterable[str]) -> str:
    """Everything by which somebody is found: sort key, profession, specialty, communes."""
    words = [fold(label) for label in labels] + [_ALSO_CALLED.get(code or "", "") for code in codes]
    return " ".join(filter(None, dict.fromkeys((key, *words))))


def has_luhn_key(digits: str) -> bool:
    """Whether the last of ``digits`` is the Luhn key of the others, as in an RPPS number."""
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


@lru_cache(maxsize=20_000)
def proper_name(text: str) -> str:
    """A name as one writes it: LEFÈVRE-DA SILVA is Lefèvre-Da Silva.

    One that already has both cases is left as it is.
    """
    name = " ".join(text.replace("'", "’").split())
    if not (name.isupper() or name.islower()):
        return name
    return _WORD.sub(lambda word: word[0].capitalize(), name)
