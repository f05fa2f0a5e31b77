"""Ways on from a page, each with what is found there: drawn by ``_ways.html``."""

from typing import NamedTuple


class Way(NamedTuple):
    """A way on, and what is found there."""

    address: str
    name: str
    hint: str
