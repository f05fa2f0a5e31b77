"""Values that are written down as JSON and read back as they were. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

DAY = "day"
PLAIN = (str, int, float, type(None))


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON has them: texts and numbers as they are, a day as ``{"day": "2026-08-03"}``.

    Raises:
        TypeError: for whatever else, a row of the database above all, which may be another by the time it is read.
    """
    return {name: _written(name, value) for name, value in values.items()}


def read(values: Mapping[str, Any]) -> dict[str, Any]:
    """What ``written`` was given."""
    return {
        name: date.fromisoformat(value[DAY]) if isinstance(value, dict) else value for name, value in values.items()
    }


def _written(name: str, value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return {DAY: value.isoformat()}
    if isinstance(value, PLAIN):
        return value
    raise TypeError(f"{name} is no plain value: {type(value).__name__}")
