"""What the forms of all packages share."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import Field

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # Control characters but tab and new line.


def tidy(text: str | None) -> str:
    """What somebody typed, without the spaces around it and what no keyboard types; a filter of text fields.

    PostgreSQL keeps no NUL, and browsers end lines with two characters where one is meant.
    """
    return _NOT_TEXT.sub("", (text or "").replace("\r\n", "\n")).strip()


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
