"""Lists that come a page at a time. A query's pages are made by ``db.paginate``, those of a list in memory here."""

from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_sqlalchemy.pagination import Pagination

from cpts_net.web.row_numbers import row_number


class ListPages(Pagination):  # type: ignore[misc]
    """A page of ``items``, a sequence in memory, as ``db.paginate`` gives one of a query."""

    def _query_items(self) -> list[Any]:
        return list(self._query_args["items"][self._query_offset : self._query_offset + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["items"])


def page_number() -> int:
    """The page that the address asks for, from 1; the first for nonsense."""
    return max(1, request.args.get("page", 1, row_number))


def page_address(number: int) -> str:
    """Another page of the list that the address names, with the same filters."""
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "page" and value]
    if number > 1:
        asked.append(("page", str(number)))
    return f"{request.path}?{urlencode(asked)}" if asked else request.path
