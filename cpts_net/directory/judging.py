"""What an import makes of the people whom an extract speaks of, beside what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cpts_net.directory.imported_queries import Imported, imported_people
from cpts_net.directory.placing import House, Houses, Placed, placed
from cpts_net.directory.practitioners import ADELI_PREFIX, Practitioner, Site
from cpts_net.directory.rules import sort_key
from cpts_net.directory.successions import successions
from cpts_net.directory.trades import Practised
from cpts_net.directory.workplace import Workplace, shown


@dataclass(frozen=True)
class Judged:
    """What an import makes of a person: whom it knows them as, what the tables say then."""

    person: Practitioner
    known: Imported | None
    columns: dict[str, Any]
    houses: Sequence[House]
    placed: Placed
    practised: tuple[Practised, ...]
    resembled: Imported | None = None  # Whom somebody new may be, which is for people to say.

    @property
    def is_news(self) -> bool:
        """Whether anything is to be written."""
        return self.is_changed or any(house.changes for house in self.houses)

    @property
    def is_changed(self) -> bool:
        """Whether somebody is new, or is said to be other than they were."""
        is_other = self.known is None or self.columns != self.known.columns
        return is_other or self.placed.is_news or self.is_retrained

    @property
    def is_retrained(self) -> bool:
        """Whether they practise what they did not."""
        if self.known is None:
            return True
        return "profession_code" not in self.known.typed and self.known.practised != self.practised

    @property
    def older_number(self) -> str:
        """The ADELI number by which somebody was known until now; empty of everybody else."""
        before = self.known.columns["rpps"] if self.known else self.person.rpps
        return before.removeprefix(ADELI_PREFIX) if before != self.columns["rpps"] else ""


def judge(people: Sequence[Practitioner], columns: dict[str, dict[str, Any]], houses: Houses) -> list[Judged]:
    """What is to be written of ``people``, whose ``columns`` are right should all places be as the extract has them.

    Writes nothing.
    """
    known = imported_people([person.rpps for person in people])
    succeeding, resembled = successions([person for person in people if person.rpps not in known])
    known |= succeeding
    found = houses.of(site for person in people for site in person.sites)
    judged = []
    for person in people:
        each = known.get(person.rpps)
        if each and each.is_merged:  # The number leads to somebody whom their own one describes.
            judged.append(Judged(person, each, each.columns, (), Placed(), each.practised))
            continue
        made = placed(person.sites, found, each.held if each else ())
        practised = _practised(person, each)
        said = _shown_in(columns[person.rpps] | practised[0]._asdict(), person, each, made)
        own = [found[site] for site in person.sites]
        judged.append(Judged(person, each, said, own, made, practised, resembled.get(person.rpps)))
    houses_of_batch = list(dict.fromkeys(found.values()))
    if not any(each.is_news for each in judged):
        houses.remember(houses_of_batch)
    return judged


def _practised(person: Practitioner, known: Imported | None) -> tuple[Practised, ...]:
    """What the extract says that somebody practises, and what those did who turned out to be them.

    The first stays the first while it is among them, whatever the order of the lines.
    """
    if known is None:
        return person.practised
    said = [*person.practised, *known.absorbed]
    return tuple(dict.fromkeys([*(each for each in known.practised[:1] if each in said), *said]))


def _shown_in(columns: dict[str, Any], person: Practitioner, known: Imported | None, made: Placed) -> dict[str, Any]:
    """The columns but for what somebody typed, with what is shown of the name and the places that stand there then."""
    said = {**columns, **{name: known.columns[name] for name in known.typed if name in columns}} if known else columns
    if said == columns and len(person.sites) == len(made.shows) and all(map(_is_alike, person.sites, made.shows)):
        return columns
    name = said["family_name"], said["given_name"]
    return {**said, "sort_key": sort_key(*name), **shown(*name, made.shows)._asdict()}


def _is_alike(site: Site, place: Workplace) -> bool:
    return (site.name, site.postal_code, site.commune, site.phone) == (
        place.name,
        place.postal_code,
        place.commune,
        place.phone,
    )
