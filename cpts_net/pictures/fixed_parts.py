"""What stands on every page in the same words: drawn once for each room, not for each request."""

from functools import lru_cache

from flask import render_template, request
from markupsafe import Markup

from cpts_net.settings import current_settings
from cpts_net.texts import language


def fixed_part(template: str, **values: int | str) -> Markup:
    """A template that shows nothing but where the reader is, whose network it is, and these values: each one of a few."""
    shown = tuple(sorted(values.items()))
    return _drawn(template, request.blueprint or "", language(), current_settings().community, shown)


@lru_cache(maxsize=128)
def _drawn(
    template: str, _blueprint: str, _language: str, _community: str, values: tuple[tuple[str, int | str], ...]
) -> Markup:
    return Markup(render_template(template, **dict(values)))  # noqa: S704  Our own templates, which escape.
