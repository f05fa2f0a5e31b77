"""A page with a live part, as its room declares it in one piece."""

import re
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.picture import Picture

ONLY_ONE = ""
NUMBER = "[1-9][0-9]{0,8}"


@dataclass(frozen=True)
class LivePage:
    """One kind of page whose live part follows every change of what it shows.

    ``keys`` is a regular expression of what tells pages of this kind apart: the number
    of a poll; ``ONLY_ONE`` where there is but one. ``scopes(key)`` names what the page shows,
    and ``picture(key, now, old)`` draws it for everybody who may see it – public values
    alone –, perhaps with the help of the picture that stood before. It raises LookupError when
    there is no such page. ``may_watch(key, person_ids)`` picks those who may, in one query.
    Where it is left out everybody may who is signed in and no guest.

    Where ``is_of_one`` the key is the number of a person, who alone may watch; the page is
    looked at anew when this person is told something, or has seen it, not when anybody is.
    """

    name: str
    keys: str
    scopes: Callable[[str], Sequence[str]]
    draw: Callable[[str, datetime, Picture | None], Picture]
    may_watch: Callable[[str, Set[int]], Collection[int]] | None = None
    is_of_one: bool = False

    def address(self, key: str | int = "") -> str:
        """What a page calls itself to the push process: ``poll:12``."""
        return f"{self.name}:{key}" if self.keys else self.name

    def key_in(self, address: str) -> str | None:
        """The key of one page of this kind; None where ``address`` names none, or names it in another way."""
        name, _, key = address.partition(":")
        is_ours = name == self.name and re.fullmatch(self.keys, key, re.ASCII) and self.address(key) == address
        return key if is_ours else None

    def picture(self, key: str | int, now: datetime) -> Picture:
        """The live part at ``now``, kept until it is another; read in a snapshot.

        Raises:
            LookupError: when there is no such page.
        """

        def make(old: Picture | None) -> Made[Picture]:
            drawn = self.draw(str(key), now, old)
            return Made(drawn, drawn.size, drawn.valid_until)

        return kept().get((self.name, str(key)), self.scopes(str(key)), now, make)
