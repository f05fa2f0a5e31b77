"""Numbers of rows, as addresses and forms carry them; one that no row can have names nothing."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1  # What PostgreSQL keeps in an id; it fails rather than find nothing above.


class RowNumber(IntegerConverter):
    """An id in an address: ``<int:group_id>``; a larger number leads nowhere."""

    def __init__(self, url_map: Map, **limits: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST, **limits})


def register(app: Flask) -> None:
    """Let every address of ``app`` that will be registered read ids so."""
    app.url_map.converters["int"] = RowNumber


def row_number(text: str | int) -> int:
    """The id that somebody sent; the type of ``request.form.get``.

    Raises:
        ValueError: for anything that is no number from 0 to the largest.
    """
    number = int(text)
    if not 0 <= number <= LARGEST:
        raise ValueError(f"no row has the number {number}")
    return number
