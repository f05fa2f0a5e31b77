"""Which lines of an extract lie in the territory that an operator asks for."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from cpts_net.folding import fold

COMMUNE_CODE = re.compile(r"\d[\dAB]\d{3}", re.ASCII)
_SHORT_WORDS = {"st": "saint", "ste": "sainte"}
_ARRONDISSEMENT = re.compile(
    r"(?P<city>paris|lyon|marseille) 0?(?P<number>\d{1,2}) ?(?:er?|i?eme)?(?: arrondissement)?"
)
# Cities whose arrondissements stand in the extract in their place: how those codes begin, and the city's name.
_PARTS = {"751": "paris", "6938": "lyon", "132": "marseille"}
_WHOLE = {"75056": "paris", "69123": "lyon", "13055": "marseille"}
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
    Saint-Denis are those of several communes. Paris, Lyon and Marseille are
    their arrondissements, each of which may be asked for alone.
    """

    def __init__(self, communes: Iterable[str] = (), departments: Iterable[str] = ()) -> None:
        self._communes = {_asked_key(commune): commune for commune in communes}
        self._departments = {department.strip().upper().zfill(2): department for department in departments}
        self._has_codes = any(map(COMMUNE_CODE.fullmatch, self._communes))
        self._known_as: set[tuple[str, str]] = set()
        self._unmatched = {**self._communes, **self._departments}

    @property
    def is_limited(self) -> bool:
        """Whether anything was asked for."""
        return bool(self._communes or self._departments)

    @property
    def unmatched(self) -> list[str]:
        """What was asked for, as it was, and no place learnt of lies in."""
        return list(self._unmatched.values())

    def learn(self, place: Place) -> None:
        """Remember what is there, and how a wanted commune is called where its code stands: elsewhere it often lacks."""
        keys = _keys(place.commune_code, place.commune)
        if place.commune_code and not keys.isdisjoint(self._communes):
            self._known_as.add((place.postal_code, commune_key(place.commune)))
        if self._unmatched:
            for key in (*keys, department_of(place)):
                self._unmatched.pop(key, None)

    def may_hold(self, place: Place) -> bool:
        """Whether ``place`` lies inside, or may turn out to once the whole extract is learnt."""
        is_undecided = self._has_codes and not place.commune_code
        return self._has_department(place) and (is_undecided or self._has_commune(place))

    def holds(self, place: Place) -> bool:
        """Whether ``place`` lies inside, as far as has been learnt."""
        return self._has_department(place) and self._has_commune(place)

    def _has_department(self, place: Place) -> bool:
        return not self._departments or department_of(place) in self._departments

    def _has_commune(self, place: Place) -> bool:
        if not self._communes or not _keys(place.commune_code, place.commune).isdisjoint(self._communes):
            return True
        return not place.commune_code and (place.postal_code, commune_key(place.commune)) in self._known_as


def _asked_key(commune: str) -> str:
    code = commune.strip().upper()
    if COMMUNE_CODE.fullmatch(code) is None:
        return commune_key(commune)
    return _WHOLE.get(code, code)


@lru_cache(maxsize=50_000)
def _keys(commune_code: str, commune: str) -> frozenset[str]:
    """By what a place may be asked for: its code, its name, and the name of the city that it is a part of."""
    name = commune_key(commune)
    city = name.partition(" ")[0] if _ARRONDISSEMENT.fullmatch(name) else ""
    of_code = next((whole for start, whole in _PARTS.items() if commune_code.startswith(start)), "")
    return frozenset(filter(None, (commune_code, name, city, of_code)))


@lru_cache(maxsize=50_000)
def commune_key(name: str) -> str:
    """What two ways to write a commune have in common: ST-DENIS CEDEX 2 and Saint-Denis."""
    words = fold(name).partition(" cedex")[0].split()
    key = " ".join(_SHORT_WORDS.get(word, word) for word in words)
    part = _ARRONDISSEMENT.fullmatch(key)
    return f"{part['city']} {int(part['number'])}" if part else key


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
