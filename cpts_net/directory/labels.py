"""How a person is named where one is chosen: name, trade, commune, and what tells namesakes apart."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cpts_net.directory.models import Member, PracticeSite
from cpts_net.folding import fold

LAST_DIGITS = 4


@dataclass(frozen=True)
class Label:
    """A person's name, and « médecin · Châteaudun »."""

    member_id: int
    name: str
    about: str

    def __str__(self) -> str:
        return f"{self.name} · {self.about}"


def labels(people: Iterable[Member]) -> Mapping[int, Label]:
    """The label of each of ``people``, by id; their sites are loaded.

    Those who would read alike are told apart by their street, or else by the
    last digits of their RPPS number.
    """
    everybody = list(people)
    plain = {person.id: _parts(person) for person in everybody}
    with_street = {person.id: (*plain[person.id], _site(person).street) for person in everybody}
    alike, still_alike = Counter(map(_folded, plain.values())), Counter(map(_folded, with_street.values()))

    def told(person: Member) -> tuple[str, ...]:
        if alike[_folded(plain[person.id])] == 1:
            return plain[person.id]
        if still_alike[_folded(with_street[person.id])] == 1:
            return with_street[person.id]
        return (*with_street[person.id], f"RPPS …{person.rpps[-LAST_DIGITS:]}" if person.rpps else "")

    return {person.id: Label(person.id, person.display_name, _joined(told(person)[1:])) for person in everybody}


def _parts(person: Member) -> tuple[str, ...]:
    return person.display_name, person.trade_label, _site(person).commune


def _site(person: Member) -> PracticeSite:
    return person.sites[0] if person.sites else PracticeSite(street="", commune="")


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(fold, parts))


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(filter(None, parts))
