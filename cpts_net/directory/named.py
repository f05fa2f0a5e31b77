"""Somebody as everybody may know them: what it takes to name them, show their face and lead to them."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement

from cpts_net.directory.models import Person
from cpts_net.directory.trades import Trade, trade_or_none
from cpts_net.person_names import display_name

COLUMNS = ("id", "title", "given_name", "family_name", "is_hidden", "profession_code", "specialty_code")


class Named(NamedTuple):
    """Somebody in a list; ``is_hidden`` leaves the name without a page to lead to."""

    id: int
    name: str
    is_hidden: bool
    trade: Trade | None


def columns(person: type[Person] = Person, *, role: str = "") -> list[ColumnElement[Any]]:
    """What ``named_in`` reads of a row, each column called ``<role>_<name>`` where there is a role."""
    return [getattr(person, name).label(f"{role}_{name}" if role else name) for name in COLUMNS]


def named_in(row: Any, *, role: str = "") -> Named:
    """Who stands in a row of ``columns``."""
    person_id, title, given, family, is_hidden, profession, specialty = (
        getattr(row, f"{role}_{name}" if role else name) for name in COLUMNS
    )
    name = display_name(title, given, family)
    return Named(person_id, name, bool(is_hidden), trade_or_none(profession, specialty))


def known_as(person: Person) -> Named:
    """The same of a person who was read whole."""
    return Named(person.id, person.display_name, person.is_hidden, person.trade)
