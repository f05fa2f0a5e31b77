"""What an import reads of the people whom the directory knows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from cpts_net.directory import workplaces
from cpts_net.directory.models import Person
from cpts_net.directory.practices import practised_by
from cpts_net.directory.practitioners import ADELI_PREFIX
from cpts_net.directory.presence import absorbed_by
from cpts_net.directory.trades import Practised
from cpts_net.directory.workplace import Shown
from cpts_net.directory.workplaces import Held
from cpts_net.storage.connections import db

# Columns of Person that an extract fills; those made of them follow.
SAID_BY_EXTRACT = ("rpps", "civility", "title", "family_name", "given_name", "profession_code", "specialty_code")
RPPS_BEGINS = "1"  # No number of today comes before.


@dataclass(frozen=True)
class Imported:
    """What stands there of a person whom an extract may speak of."""

    id: int
    columns: dict[str, Any]
    typed: Collection[str]
    held: Sequence[Held]
    practised: tuple[Practised, ...]
    absorbed: tuple[Practised, ...] = ()  # By those who turned out to be them.
    is_merged: bool = False  # Turned out to be somebody else.


def imported_people(numbers: Collection[str]) -> dict[str, Imported]:
    """By RPPS number, what the directory says of those whom it knows."""
    return _imported(Person.rpps.in_(numbers))


def known_by_older_numbers(sort_keys: Collection[str], adelis: Collection[str]) -> list[Imported]:
    """Those of one of these names or older numbers who are known by an ADELI number alone."""
    numbers = [f"{ADELI_PREFIX}{adeli}" for adeli in adelis]
    wanted = or_(Person.sort_key.in_(sort_keys), Person.rpps.in_(numbers))
    # A range, which an index answers: hardly anybody has such a number any more.
    is_older = (Person.rpps >= ADELI_PREFIX) & (Person.rpps < RPPS_BEGINS)
    return list(_imported(is_older & wanted).values())


def outlived_numbers(numbers: Collection[str]) -> set[str]:
    """Those of the ADELI numbers, each with its prefix, whose person is known by an RPPS number now."""
    adelis = [number.removeprefix(ADELI_PREFIX) for number in numbers if number.startswith(ADELI_PREFIX)]
    if not adelis:
        return set()
    found = db.session.scalars(select(Person.adeli).where(Person.adeli.in_(adelis)))
    return {f"{ADELI_PREFIX}{adeli}" for adeli in found}


def _imported(who: ColumnElement[bool]) -> dict[str, Imported]:
    names = (*SAID_BY_EXTRACT, "sort_key", *Shown._fields)
    rows = db.session.execute(
        select(Person.id, Person.merged_into_id, Person.typed, *(getattr(Person, name) for name in names))
        .where(who)
        .order_by(Person.id)
    ).all()
    if not rows:
        return {}
    ids = [row.id for row in rows]
    absorbed = absorbed_by(ids)
    held, practised = workplaces.positions_of(ids), practised_by([*ids, *absorbed])
    return {
        row.rpps: Imported(
            row.id,
            {name: getattr(row, name) for name in names},
            row.typed,
            held.get(row.id, ()),
            practised.get(row.id, ()),
            tuple(each for other, whose in absorbed.items() if whose == row.id for each in practised.get(other, ())),
            row.merged_into_id is not None,
        )
        for row in rows
    }
