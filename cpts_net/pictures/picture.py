"""What the live part of a page looks like: a tree of parts, each drawn alone and kept while its values stand."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup

from cpts_net import clock

PLACE_OF_PARTS = Markup("<!-- parts -->")
_INDENTATION = re.compile("\n +")  # A fifth of a row, and nothing in it: no part shows preformatted text.

Sections = Mapping[str, Markup]


@dataclass(frozen=True)
class Part:
    """A piece of a page that changes alone, not yet drawn.

    ``id`` is that of its element, and of no other on the page. ``values`` are what its template
    shows, by the names that the template calls them: whatever compares by value. The template puts
    the HTML of ``parts`` where it says ``{{ parts }}``. Parts that come and go are the last
    children of one element, which is that of the part that holds them.
    """

    id: str
    template: str
    values: Mapping[str, Any]
    parts: Sequence["Part"] = ()


@dataclass(frozen=True)
class Drawn:
    """A part as HTML: what stands before the parts in it, these, and what stands after."""

    part: Part
    head: Markup
    foot: Markup
    parts: tuple["Drawn", ...]

    @property
    def id(self) -> str:
        """That of its element."""
        return self.part.id

    @cached_property
    def html(self) -> Markup:
        """The whole element."""
        return Markup("").join([self.head, *(each.html for each in self.parts), self.foot])

    def every(self) -> Iterator["Drawn"]:
        """The part itself and all in it."""
        yield self
        for each in self.parts:
            yield from each.every()


@dataclass(frozen=True)
class Picture:
    """The live part of a page: its sections, in page order.

    ``valid_until`` is the instant, in UTC, at which the picture changes by itself; None when only a
    change can alter it. ``worded`` are the local day and the language of its words: « demain » is
    another day tomorrow.
    """

    parts: tuple[Drawn, ...]
    worded: tuple[date, str]
    valid_until: datetime | None = None

    @cached_property
    def sections(self) -> Sections:
        """The HTML of each section, by the id of its element."""
        return {each.id: each.html for each in self.parts}

    @cached_property
    def version(self) -> str:
        """What a page shows, in one word: the same for the same HTML, whatever else has changed."""
        return hashlib.sha256("".join(self.sections.values()).encode()).hexdigest()[:16]

    @property
    def size(self) -> int:
        """How long its HTML is, in characters."""
        return sum(map(len, self.sections.values()))

    def by_id(self) -> dict[str, Drawn]:
        """Every part that it is made of."""
        return {drawn.id: drawn for each in self.parts for drawn in each.every()}


def draw(parts: Iterable[Part], *, old: Picture | None = None, valid_until: datetime | None = None) -> Picture:
    """Draw the parts that differ from those of the ``old`` picture; the others keep their HTML."""
    worded = clock.today(), str(get_locale())
    stood = old.by_id() if old and old.worded == worded else {}
    draw_one = _Brush()
    return Picture(tuple(_drawn(part, stood, draw_one) for part in parts), worded, valid_until)


class _Brush:
    """Draws parts; asks once, not for each, for what every template of ours may show."""

    def __init__(self) -> None:
        self._shown: dict[str, Any] = {"parts": PLACE_OF_PARTS}
        current_app.update_template_context(self._shown)

    def __call__(self, part: Part) -> tuple[Markup, Markup]:
        """What stands before and after the parts of a part."""
        template = current_app.jinja_env.get_template(part.template)
        html = template.render({**self._shown, "id": part.id, **part.values})
        head, _, foot = _INDENTATION.sub("\n", html.strip()).partition(PLACE_OF_PARTS)
        return Markup(head), Markup(foot)  # noqa: S704  Our own templates, which escape.


def _drawn(part: Part, stood: Mapping[str, Drawn], draw_one: _Brush) -> Drawn:
    inside = tuple(_drawn(each, stood, draw_one) for each in part.parts)
    before = stood.get(part.id)
    if before is None or (before.part.template, before.part.values) != (part.template, part.values):
        return Drawn(part, *draw_one(part), inside)
    is_same = len(inside) == len(before.parts) and all(map(_is, inside, before.parts))
    return before if is_same else Drawn(part, before.head, before.foot, inside)


def _is(one: object, other: object) -> bool:
    return one is other
