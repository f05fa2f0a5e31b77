"""How names and identifiers are written and compared."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

from cpts_net.folding import fold, spellings
from cpts_net.legible import legible
from cpts_net.phones import digits_dialled

# Some letters have no composed form: their accents stand behind them.
WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+")
_PARTICLE = re.compile(r"(?<![^\W\d_])[dlonm]’$", re.IGNORECASE)
LONGEST_SORT_KEY = 170


def sentence_case(label: str) -> str:
    """A label of the national lists as French writes it: « Masseur-Kinésithérapeute » gives « Masseur-kinésithérapeute ».

    What is all in capitals stays: « IPA ».
    """
    said = WORD.sub(lambda word: word[0] if len(word[0]) > 1 and word[0].isupper() else word[0].lower(), label)
    return said[:1].upper() + said[1:]


def sort_key(family_name: str, given_name: str) -> str:
    """What lists of people are sorted by."""
    return fold(f"{family_name} {given_name}")[:LONGEST_SORT_KEY]


class Place(Protocol):
    """Where somebody works."""

    @property
    def name(self) -> str: ...
    @property
    def postal_code(self) -> str: ...
    @property
    def commune(self) -> str: ...
    @property
    def phone(self) -> str: ...


def search_text(family_name: str, given_name: str, places: Iterable[Place]) -> str:
    """What is public of somebody and found by words: names, and name, commune, postal code, number of each place.

    Their trade is no part of it: that has words of its own. Nor is a private number.
    """
    said = [spellings(family_name), spellings(given_name)]
    for place in places:
        said += (spellings(place.commune), fold(place.name), place.postal_code, digits_dialled(place.phone))
    return " ".join(dict.fromkeys(" ".join(said).split()))


@lru_cache(maxsize=20_000)
def proper_name(text: str) -> str:
    """A name as one writes it: LEFÈVRE-DA SILVA is Lefèvre-Da Silva, PRUD'HOMME Prud’homme, D'ALMEIDA D’Almeida.

    One that already has both cases is left as it is.
    """
    name = " ".join(legible(text).replace("'", "’").split())
    if not (name.isupper() or name.islower()):
        return name
    return WORD.sub(lambda word: word[0].lower() if goes_on(word) else word[0].capitalize(), name)


def goes_on(word: re.Match[str]) -> bool:
    """Whether a word goes on behind an apostrophe, as in « Prud’homme », and does not begin, as in « D’Almeida »."""
    before = word.string[: word.start()]
    return before.endswith("’") and _PARTICLE.search(before) is None


def survivor_of(person_id: int, merged: Mapping[int, int]) -> int:
    """Whom a number that was written down stands for now; ``merged`` leads from each merged person to the next.

    Raises:
        ValueError: when somebody is merged into themselves over others, which cannot be.
    """
    seen = {person_id}
    while person_id in merged:
        person_id = merged[person_id]
        if person_id in seen:
            raise ValueError(f"person {person_id} is merged into themselves")
        seen.add(person_id)
    return person_id
