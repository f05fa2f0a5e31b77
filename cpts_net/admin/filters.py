"""How the lists of the administration are cut: what their addresses ask for. Nonsense cuts nothing."""

from enum import StrEnum
from typing import TypeVar

from flask import request

LONGEST_SEARCH = 80
Choice = TypeVar("Choice", bound=StrEnum)


def searched() -> str:
    """The words that are looked for; none is everything."""
    return request.args.get("q", "")[:LONGEST_SEARCH]


def asked(name: str, choices: type[Choice]) -> Choice | None:
    """Which of the choices the address names; None for none, or for one that is not known."""
    return request.args.get(name, type=choices)
