"""HTML that many readers are sent as it is kept: nothing of one of them is in it, their token is put in at the end."""

import secrets
from typing import Any

from flask import render_template
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

# Of each process its own, and sent to nobody: whoever could write it would be given other people's tokens.
_PLACE_OF_TOKEN = secrets.token_hex(16)


def draw_for_many(template: str, **values: Any) -> Markup:
    """Draw a template that shows nothing of whoever asks: neither ``current_user`` nor their token can be in it."""
    html = render_template(template, **values, current_user=None, csrf_token=lambda: _PLACE_OF_TOKEN)
    return Markup(html.strip())  # noqa: S704  Our own templates, which escape.


def for_reader(html: Markup) -> Markup:
    """The same HTML, its forms with the token of whoever asks."""
    return Markup(str(html).replace(_PLACE_OF_TOKEN, generate_csrf()))  # noqa: S704  Drawn above; a token has no markup.
