"""What stands on every page in the same words: drawn once for each room, not for each request."""

from functools import lru_cache

from flask import render_template, request
from markupsafe import Markup

from cpts_net.settings import current_settings
from cpts_net.texts import language


def fixed_part(template: str, **numbers: int) -> Markup:
    """A template that shows nothing but where the reader is, whose network it is, and perhaps some numbers."""
    shown = tuple(sorted(numbers.items()))
    return _drawn(template, request.blueprint or "", language(), current_settings().community, shown)


@lru_cache(maxsize=128)
def _drawn(
    template: str, _blueprint: str, _language: str, _community: str, numbers: tuple[tuple[str, int], ...]
) -> Markup:
    return Markup(render_template(template, **dict(numbers)))  # noqa: S704  Our own templates, which escape.
