"""A line as the pages of its months name it, and who may serve it."""

from typing import NamedTuple

from cpts_net import clock
from cpts_net.oncall import queries
from cpts_net.oncall.drawing import LineUnknown
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

LINE_BYTES = 1000  # About.


class Permitted(NamedTuple):
    """A profession that may serve; the specialty is None for any."""

    profession_code: str
    specialty_code: str | None


class ShownLine(NamedTuple):
    """What everybody may see of a line, and who may serve it."""

    id: int
    slug: str
    name: str
    purpose: str
    phone: str
    permissions: tuple[Permitted, ...]


def shown_line(slug: str) -> ShownLine:
    """The line with this name in addresses; kept until a line is another.

    Raises:
        LineUnknown: when there is no such line.
    """
    return kept().get((ShownLine, slug), (revisions.CONTINUITY,), clock.now(), lambda _old: _read(slug))


def _read(slug: str) -> Made[ShownLine]:
    line = queries.line_by_slug(slug)
    if line is None:
        raise LineUnknown(slug)
    permissions = tuple(Permitted(each.profession_code, each.specialty_code) for each in line.eligibilities)
    return Made(ShownLine(line.id, line.slug, line.name, line.purpose, line.phone, permissions), LINE_BYTES)
