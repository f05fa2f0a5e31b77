"""Small pages of parts: shelves that hold shelves and items."""

from collections.abc import Sequence
from typing import Any

from cpts_net.pictures.picture import Part

TEMPLATES = {
    "item.html": '{# A row. #}\n<li id="{{ id }}">{{ said.text or said }}</li>\n',
    "other.html": '<li id="{{ id }}"><strong>{{ said.text or said }}</strong></li>',
    "shelf.html": '{# A container. #}\n<ul id="{{ id }}" data-label="{{ label }}">{{ parts }}</ul>\n',
}


def item(part_id: str, said: Any) -> Part:
    return Part(part_id, "item.html", {"said": said})


def shelf(part_id: str, parts: Sequence[Part], label: str = "") -> Part:
    return Part(part_id, "shelf.html", {"label": label}, parts)
