"""People as the board names them."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from cpts_net.continuity.roster import Colleague
from cpts_net.directory.models import Person
from cpts_net.directory.trades import said_of_somebody, trade_or_none
from cpts_net.folding import spellings
from cpts_net.person_names import display_name
from cpts_net.storage.connections import db
from cpts_net.texts import language

# Written out once, as every picture asks it.
NAMED = select(
    Person.id,
    Person.title,
    Person.given_name,
    Person.family_name,
    Person.sort_key,
    Person.is_hidden,
    Person.civility,
    Person.function,
    Person.profession_code,
    Person.specialty_code,
    Person.shown_commune,
    Person.shown_phone,
).where(Person.id.in_(bindparam("ids", expanding=True)))


def people_named(ids: Collection[int]) -> dict[int, Colleague]:
    """Everybody who stands among ``ids``, by id."""
    if not ids:
        return {}
    rows: Sequence[Any] = db.session.connection().execute(NAMED, {"ids": [*ids]}).all()
    said_in = language()
    return {row.id: _colleague(_Row(*row), said_in) for row in rows}


class _Row(NamedTuple):
    """What the base keeps of somebody."""

    id: int
    title: str
    given_name: str
    family_name: str
    sort_key: str
    is_hidden: bool
    civility: str
    function: str
    profession_code: str | None
    specialty_code: str | None
    commune: str
    phone: str


@lru_cache(maxsize=20_000)
def _colleague(person: _Row, _language: str) -> Colleague:
    """The same for the same columns: to fold a name costs more than to read it."""
    trade = trade_or_none(person.profession_code, person.specialty_code)
    return Colleague(
        id=person.id,
        name=display_name(person.title, person.given_name, person.family_name),
        sort_key=person.sort_key,
        names=f"{spellings(person.family_name)} {spellings(person.given_name)}",
        trade=trade,
        trade_label=said_of_somebody(trade, person.civility, person.function),
        civility=person.civility,
        commune=person.commune,
        phone=person.phone,
        is_hidden=person.is_hidden,
    )
