"""Values that are written down as JSON and read back as they were. Pure."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

DAY = "day"
INSTANT = "instant"
LOCAL_TIME = "time"
PLAIN = (str, int, float, type(None))


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON has them: texts, numbers and lists of numbers as they are, a day as ``{"day": "2026-08-03"}``.

    An instant, which knows its zone, becomes ``{"instant": "2026-08-03T18:00:00+00:00"}``, a local time
    ``{"time": "18:00:00"}``; a list of mappings holds such values again.

    Raises:
        TypeError: for whatever else, a row of the database above all, which may be another by the time it is read.
    """
    return {name: _written(name, value) for name, value in values.items()}


def read(values: Mapping[str, Any]) -> dict[str, Any]:
    """What ``written`` was given."""
    return {name: _read(value) for name, value in values.items()}


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [read(each) if isinstance(each, dict) else each for each in value]
    if not isinstance(value, dict):
        return value
    if LOCAL_TIME in value:
        return time.fromisoformat(value[LOCAL_TIME])
    return date.fromisoformat(value[DAY]) if DAY in value else datetime.fromisoformat(value[INSTANT])


def _written(name: str, value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return {DAY: value.isoformat()}
    if isinstance(value, datetime) and value.tzinfo is not None:
        return {INSTANT: value.astimezone(UTC).isoformat()}
    if isinstance(value, time) and value.tzinfo is None:
        return {LOCAL_TIME: value.isoformat()}
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        return [written(each) for each in value]
    if isinstance(value, PLAIN) or (isinstance(value, list) and all(isinstance(each, int) for each in value)):
        return value
    raise TypeError(f"{name} is no plain value: {type(value).__name__}")
