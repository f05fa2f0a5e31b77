"""What the forms of all packages share."""

from collections.abc import Mapping
from typing import Any

from wtforms import Field


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
