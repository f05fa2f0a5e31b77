"""What is read of communes, of the territory and of its basins. All of it stands without the list of communes too."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from cpts_net.directory.models import Commune, Structure, TerritoryCommune
from cpts_net.directory.territory import commune_key
from cpts_net.storage.connections import db

MOST_FOUND = 600
# Where somebody works, or some structure stands: code and name.
AT_WORK = (
    select(Structure.commune_code, func.min(Structure.commune))
    .where(Structure.commune_code.is_not(None))
    .group_by(Structure.commune_code)
)


class Ticked(NamedTuple):
    """A commune that may be ticked: its name as the list or as structures write it."""

    code: str
    name: str
    population: int | None
    is_in: bool
    basin: str


def basins() -> Mapping[str, str]:
    """The basin of each commune of the territory that has one, by every code that it has or had."""
    rows = db.session.execute(
        select(TerritoryCommune.code, TerritoryCommune.basin, Commune.other_codes)
        .outerjoin(Commune, Commune.code == TerritoryCommune.code)
        .where(TerritoryCommune.basin != "")
        .order_by(TerritoryCommune.code)
    )
    found: dict[str, str] = {}
    for code, basin, others in rows:
        found.update({**dict.fromkeys(others or (), basin), code: basin})
    return found


def offered(words: str) -> list[Ticked]:
    """The communes of the territory, those where somebody works, and those that the words find, by name."""
    at_work = {row[0] or "": row[1] for row in db.session.execute(AT_WORK)}
    ticked = {row[0]: row[1] for row in db.session.execute(select(TerritoryCommune.code, TerritoryCommune.basin))}
    known = {each.code: each for each in _named(Commune.code.in_({*at_work, *ticked}))}
    if key := commune_key(words):
        starts = Commune.name_key.startswith(key, autoescape=True) | (Commune.code == words.strip().upper())
        known |= {each.code: each for each in _named(starts)}
    names = {**at_work, **{code: each.name for code, each in known.items()}}
    found = [
        Ticked(code, names.get(code) or code, _population(known.get(code)), code in ticked, ticked.get(code, ""))
        for code in {*at_work, *ticked, *known}
        if code
    ]
    return sorted(found, key=lambda each: (not each.is_in, commune_key(each.name), each.code))


def _named(which: ColumnElement[bool]) -> Sequence[Commune]:
    return db.session.scalars(select(Commune).where(which).order_by(Commune.name_key).limit(MOST_FOUND)).all()


def _population(commune: Commune | None) -> int | None:
    return commune.population if commune else None


def is_list_there() -> bool:
    """Whether the list of communes has been loaded."""
    return bool(db.session.scalar(select(func.count()).select_from(Commune)))


class Unplaced(NamedTuple):
    """A structure of which nobody knows the commune."""

    id: int
    name: str
    postal_code: str
    commune: str


def unplaced() -> list[Unplaced]:
    """The structures whose commune has no code, for the staff to put right."""
    rows = db.session.execute(
        select(Structure.id, Structure.name, Structure.postal_code, Structure.commune)
        .where(Structure.commune_code.is_(None), or_(Structure.commune != "", Structure.postal_code != ""))
        .order_by(Structure.postal_code, Structure.commune, Structure.id)
    )
    return [Unplaced(*row) for row in rows]


def matching(places: Collection[Unplaced]) -> dict[int, str]:
    """By structure, the code of the one commune that has its postal code and is called as it is."""
    keys = {commune_key(each.commune) for each in places}
    named = db.session.execute(
        select(Commune.name_key, Commune.code, Commune.postal_codes).where(Commune.name_key.in_(keys))
    ).all()
    found = {}
    for place in places:
        key = commune_key(place.commune)
        codes = [code for name, code, postal in named if name == key and place.postal_code in postal]
        if len(codes) == 1:
            found[place.id] = codes[0]
    return found
