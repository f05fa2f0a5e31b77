"""Where somebody works, as colleagues read it, and by what a structure is known again. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from cpts_net.directory.rules import Place, search_text
from cpts_net.folding import fold

LONGEST_ADDRESS_KEY = 300


class Workplace(NamedTuple):
    """A structure and what somebody does there."""

    structure_id: int
    name: str
    street: str
    postal_code: str
    commune_code: str | None
    commune: str
    phone: str  # Their own there, else that of the structure.
    function: str
    hours: str


class Shown(NamedTuple):
    """What lists show and find of somebody, kept beside their name."""

    search_text: str
    shown_commune: str  # Of the first place, and so is the number.
    shown_phone: str


def shown(family_name: str, given_name: str, places: Sequence[Place]) -> Shown:
    """What is kept of somebody who works at ``places``, in their order."""
    first = next(iter(places), None)
    return Shown(
        search_text(family_name, given_name, places),
        first.commune if first else "",
        first.phone if first else "",
    )


def address_key(*, name: str, street: str, postal_code: str, commune: str, owner: str = "") -> str:
    """By what a structure without a number is known: name, street with its number, postal code and commune, folded.

    Where neither name nor street is known a commune has many such places:
    ``owner`` is whose it is.
    """
    known = (name, street)
    parts = (*known, postal_code, commune) if any(map(fold, known)) else (owner, postal_code, commune)
    return "|".join(map(fold, parts))[:LONGEST_ADDRESS_KEY]
