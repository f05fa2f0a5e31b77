"""What an import is to change of structures and positions, judged before anything is written.

A structure is known by one of its numbers, else by its address; of one that
several lines speak of, the first line of the file says what it is. A position
of the extract is known by its structure; what people and staff wrote is left.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cpts_net.directory import workplaces
from cpts_net.directory.categories import CATEGORIES
from cpts_net.directory.models import Source
from cpts_net.directory.practitioners import Site
from cpts_net.directory.workplace import Workplace
from cpts_net.directory.workplaces import KNOWN_BY, SAID_BY_EXTRACT, Held

_LAST = 2**63  # Comes behind every id.
NUMBERS = KNOWN_BY[:-1]
# What a line leaves out says nothing against what is known.
NEVER_EMPTIED = frozenset({*NUMBERS, "category_code", "commune_code"})


@dataclass(eq=False)
class House:
    """A structure that lines of the extract speak of; without an id until it is written."""

    values: dict[str, Any]
    id: int | None = None
    typed: Collection[str] = ()
    changes: dict[str, Any] = field(default_factory=dict)

    def place(self, phone: str) -> Workplace:
        """As somebody who has this number there shows it."""
        read = {name: self.values[name] for name in ("name", "street", "postal_code", "commune_code", "commune")}
        return Workplace(
            structure_id=self.id or 0,
            phone=phone or self.values.get("phone", ""),
            function="",
            hours=self.values.get("hours", ""),
            **read,
        )

    def is_same(self, site: Site) -> bool:
        """Whether the surest number that both have is the same; nothing speaks against it where they share none."""
        both = ((self.values[name], getattr(site, name)) for name in NUMBERS)
        return next((one == other for one, other in both if one and other), True)

    def hear(self, site: Site) -> None:
        """Take what the line says, but for what somebody corrected."""
        for name in SAID_BY_EXTRACT:
            said = getattr(site, name)
            if name in self.typed or said == self.values[name] or (not said and name in NEVER_EMPTIED):
                continue
            self.values[name] = self.changes[name] = said


class Houses:
    """The structures of one import; remembers of which of them it has heard, for the first line decides."""

    def __init__(self) -> None:
        self.changed: set[int] = set()
        self._heard = bytearray()

    def of(self, sites: Iterable[Site]) -> dict[Site, House]:
        """The structure of each site: one that is known, or a new one that is to be made."""
        wanted = list(dict.fromkeys(sites))
        known: dict[str, defaultdict[str, list[House]]] = {name: defaultdict(list) for name in KNOWN_BY}
        for row in workplaces.alike(wanted):
            values = row._asdict()
            _enter(known, House(values, id=values.pop("id"), typed=values.pop("typed")))
        found = {}
        heard: set[int] = set()
        for site in wanted:
            house = found[site] = _found(known, site) or _enter(known, _new(site))
            if house.id and house.id not in heard and not self._has_heard(house.id):
                heard.add(house.id)
                house.hear(site)
                _enter(known, house)
        return found

    def remember(self, houses: Iterable[House]) -> None:
        """Let nobody speak of these any more in this import."""
        for house in houses:
            if house.id is None:
                continue
            if house.id >= len(self._heard):
                self._heard.extend(bytes(house.id + 1 - len(self._heard)))
            self._heard[house.id] = True
            if house.changes:
                self.changed.add(house.id)

    def _has_heard(self, structure_id: int) -> bool:
        return structure_id < len(self._heard) and bool(self._heard[structure_id])


def _new(site: Site) -> House:
    values = {name: getattr(site, name) for name in SAID_BY_EXTRACT}
    if category := CATEGORIES.get(site.category_code):
        values.update(sector=category.sector, tier=category.tier)
    return House(values)


def _enter(known: dict[str, defaultdict[str, list[House]]], house: House) -> House:
    for name in KNOWN_BY:
        if value := house.values[name]:
            known[name][value].append(house)
    return house


def _found(known: dict[str, defaultdict[str, list[House]]], site: Site) -> House | None:
    alike = (house for name in KNOWN_BY for house in known[name].get(getattr(site, name), ()))
    return next((house for house in alike if house.is_same(site)), None)


@dataclass
class Placed:
    """What is to change of somebody's positions, and what they show then."""

    added: list[tuple[House, dict[str, Any]]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    shows: list[Workplace] = field(default_factory=list)

    @property
    def is_news(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def _next(waiting: deque[Held]) -> Held | None:
    return waiting.popleft() if waiting else None


def placed(sites: Sequence[Site], houses: dict[Site, House], held: Sequence[Held]) -> Placed:
    """What an extract that says ``sites`` of somebody makes of the positions that they hold."""
    made = Placed()
    shown: list[tuple[int, int, Workplace]] = []
    waiting: defaultdict[int, deque[Held]] = defaultdict(deque)
    for each in held:
        if each.source == Source.RPPS:
            waiting[each.place.structure_id].append(each)
        elif not each.is_hidden:
            shown.append((each.rank, each.id, each.place))
    for rank, site in enumerate(sites):
        house = houses[site]
        position = _next(waiting[house.id]) if house.id else None
        if position is None:
            made.added.append((house, {"phone": site.phone, "rank": rank}))
        elif (position.phone, position.rank) != (site.phone, rank):
            made.changed.append({"id": position.id, "phone": site.phone, "rank": rank})
        if position is None or not position.is_hidden:
            shown.append((rank, position.id if position else _LAST, house.place(site.phone)))
    # What somebody hid stays known, lest it comes back with a later file.
    made.removed = [each.id for rest in waiting.values() for each in rest if not each.is_hidden]
    made.shows = [place for _, _, place in sorted(shown, key=lambda each: each[:2])]
    return made
