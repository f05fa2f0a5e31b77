"""What a browser sends, as every page reads it: texts that the database can keep."""

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, iter_multi_items
from werkzeug.routing import BaseConverter

NUL = "\x00"  # PostgreSQL keeps none, and fails rather than find nothing.


class Texts(ImmutableMultiDict[str, Any]):
    """The fields of a form or of an address, without NUL."""

    def __init__(self, fields: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(
            (name, value.replace(NUL, "") if isinstance(value, str) else value)
            for name, value in iter_multi_items(fields)
        )


class Received(Request):
    """A request without files: no form asks for one, and one in place of a text would be read as such."""

    parameter_storage_class = Texts

    @property
    def files(self) -> ImmutableMultiDict[str, FileStorage]:  # type: ignore[override]
        """None, whatever was sent."""
        return ImmutableMultiDict()


class Word(BaseConverter):
    """A name in an address; with NUL it names nothing."""

    regex = r"[^/\x00]+"
    part_isolating = True


def register(app: Flask) -> None:
    """Have every request to ``app`` read so."""
    app.request_class = Received
    app.url_map.converters["default"] = Word
