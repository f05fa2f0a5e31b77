"""What the forms of all packages share."""

from typing import Any

from wtforms import Field


def ties(field: Field, hint: str) -> dict[str, Any]:
    """Attributes that tie an input to its hint and its error for a screen reader."""
    described = [f"{field.id}-hint"] if hint else []
    described += [f"{field.id}-error"] if field.errors else []
    attributes: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    if field.errors:
        attributes["aria-invalid"] = "true"
    return attributes
