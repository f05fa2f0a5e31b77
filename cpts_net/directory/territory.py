"""Which lines of an extract lie in the territory that an operator asks for."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from cpts_net.folding import fold

COMMUNE_CODE = re.compile(r"\d[\dAB]\d{3}", re.ASCII)
_SHORT_WORDS = {"st": "saint", "ste": "sainte"}
_LENGTH_OVERSEAS = 3
_UPPER_CORSICA = "202"


class Place(NamedTuple):
    """Where a line of the extract says that somebody works; any part may be empty."""

    commune_code: str  # INSEE
    postal_code: str
    commune: str
    department: str


class Territory:
    """Communes, by INSEE code or by name, and départements; all of France when none is given.

    With communes and départements, a place must lie in both: names such as
    Saint-Denis are those of several communes.
    """

    def __init__(self, communes: Iterable[str] = (), departments: Iterable[str] = ()) -> None:
        asked = {commune.strip().upper() for commune in communes}
        self._codes = {commune for commune in asked if COMMUNE_CODE.fullmatch(commune)}
        self._names = {commune_key(commune) for commune in asked - self._codes}
        self._departments = {department.strip().upper().zfill(2) for department in departments}
        self._known_as: set[tuple[str, str]] = set()

    def learn(self, place: Place) -> None:
        """Remember how a wanted commune is called where its code stands: elsewhere it often lacks."""
        if place.commune_code in self._codes:
            self._known_as.add((place.postal_code, commune_key(place.commune)))

    def may_hold(self, place: Place) -> bool:
        """Whether ``place`` lies inside, or may turn out to once the whole extract is learnt."""
        is_undecided = bool(self._codes) and not place.commune_code
        return self._has_department(place) and (is_undecided or self._has_commune(place))

    def holds(self, place: Place) -> bool:
        """Whether ``place`` lies inside, as far as has been learnt."""
        return self._has_department(place) and self._has_commune(place)

    def _has_department(self, place: Place) -> bool:
        return not self._departments or department_of(place) in self._departments

    def _has_commune(self, place: Place) -> bool:
        if not self._codes and not self._names:
            return True
        if place.commune_code in self._codes:
            return True
        name = commune_key(place.commune)
        return name in self._names or (not place.commune_code and (place.postal_code, name) in self._known_as)


@lru_cache(maxsize=50_000)
def commune_key(name: str) -> str:
    """What two ways to write a commune have in common: ST-DENIS CEDEX 2 and Saint-Denis."""
    words = fold(name).partition(" cedex")[0].split()
    return " ".join(_SHORT_WORDS.get(word, word) for word in words)


def department_of(place: Place) -> str:
    """The département: said by the extract, else what its codes begin with; Corsica's is 2A or 2B."""
    if place.department:
        return place.department.upper().zfill(2)
    code = place.commune_code or place.postal_code
    if code.startswith(("97", "98")):
        return code[:_LENGTH_OVERSEAS]
    if not place.commune_code and code.startswith("20"):
        return "2A" if code < _UPPER_CORSICA else "2B"
    return code[:2]
