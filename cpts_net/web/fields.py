"""What the forms of all packages share."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

CENTURY = 20  # The years from 2000 to 2099.
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # Control characters but tab and new line.


def tidy(text: str | None) -> str:
    """What somebody typed, without the spaces around it and what no keyboard types; a filter of text fields.

    PostgreSQL keeps no NUL, and browsers end lines with two characters where one is meant.
    """
    return _NOT_TEXT.sub("", (text or "").replace("\r\n", "\n")).strip()


def keep_in_reach(field: Field) -> None:
    """Empty the ``field`` of a day when it is out of reach: near the ends of time no zone has a midnight.

    Raises:
        ValueError: for a day of another century.
    """
    if field.data and field.data.year // 100 != CENTURY:
        field.data = None
        raise ValueError(_("Cette date est hors de portée\u202f: vérifiez l’année."))


def ties(field: Field, hint: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The ``given`` attributes of an input, and those that tie it to its hint and its error for a screen reader."""
    described = [f"{field.id}-hint"] if hint else []
    described += [f"{field.id}-error"] if field.errors else []
    attributes = dict(given)
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return attributes
