"""How a person is named where one is chosen: name, trade, commune, and what tells namesakes apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cpts_net.directory.trades import Trade
from cpts_net.folding import fold

LAST_DIGITS = 4


@dataclass(frozen=True)
class Label:
    """A person's name, and « médecin · Châteaudun »; the trade is that of their face."""

    person_id: int
    name: str
    about: str
    trade: Trade | None = None

    def __str__(self) -> str:
        return f"{self.name} · {self.about}"


class Known(NamedTuple):
    """What tells somebody from others: name, what they are called by their trade, the first place where they work."""

    id: int
    name: str
    trade: Trade | None
    what: str
    commune: str
    street: str
    rpps: str


def labels(people: Iterable[Known]) -> Mapping[int, Label]:
    """The label of each of ``people``, by id.

    Those who would read alike are told apart by their street, or else by the
    last digits of their RPPS number.
    """
    everybody = list(people)
    plain = {person.id: (person.name, person.what, person.commune) for person in everybody}
    with_street = {person.id: (*plain[person.id], person.street) for person in everybody}
    alike, still_alike = Counter(map(_folded, plain.values())), Counter(map(_folded, with_street.values()))

    def told(person: Known) -> tuple[str, ...]:
        if alike[_folded(plain[person.id])] == 1:
            return plain[person.id]
        if still_alike[_folded(with_street[person.id])] == 1:
            return with_street[person.id]
        return (*with_street[person.id], f"RPPS …{person.rpps[-LAST_DIGITS:]}" if person.rpps else "")

    return {person.id: Label(person.id, person.name, _joined(told(person)[1:]), person.trade) for person in everybody}


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(fold, parts))


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))
