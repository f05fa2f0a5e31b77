"""The monogram that stands beside a name until there is a photo: initials, in the colour of the trade's family. Pure."""

from functools import lru_cache
from typing import Any, NamedTuple

from cpts_net.person_names import initials


class Face(NamedTuple):
    """The letters, and the family that the style sheets have a colour for; empty for those without a trade."""

    initials: str
    family: str


def face_of(person: Any) -> Face | None:
    """The face of whoever has a name and, perhaps none, a trade; None of a structure or a line, which have neither."""
    if not hasattr(person, "trade"):
        return None
    name = getattr(person, "name", "") or person.display_name
    return _face(name, person.trade.family if person.trade else "")


@lru_cache(maxsize=50_000)
def _face(name: str, family: str) -> Face:
    return Face(initials(name), family)
