"""What a browser sends, as every page reads it: texts that the database can keep."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, iter_multi_items
from werkzeug.routing import BaseConverter

from cpts_net.legible import UNASSIGNABLE
from cpts_net.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEALTH = "/sante"
LONGEST_QUERY = 8000  # Characters of an address behind its question mark.
# NUL, which PostgreSQL keeps none of, other control characters, and what Unicode never assigns: nobody
# types them, and no page may hold them.
_NEVER_TYPED = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]" + f"|[{UNASSIGNABLE}]")


class Texts(ImmutableMultiDict[str, Any]):
    """The fields of a form or of an address, without what no page may hold."""

    def __init__(self, fields: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__(
            (name, _typed(value) if isinstance(value, str) else value) for name, value in iter_multi_items(fields)
        )


def _typed(value: str) -> str:
    return _NEVER_TYPED.sub("", value).replace("\x85", "\n")


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


class HealthByAnyName:
    """Lets whoever watches the installation ask for its health by address or container: any host will do."""

    def __init__(self, application: WSGIApplication, host: str) -> None:
        self.application = application
        self.host = host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; for every other page the list of hosts decides."""
        if environ.get("PATH_INFO") == HEALTH:
            environ["HTTP_HOST"] = self.host
        return self.application(environ, start_response)


def register(app: Flask, settings: Settings) -> None:
    """Have every request to ``app`` read so."""
    app.wsgi_app = HealthByAnyName(app.wsgi_app, settings.host)  # type: ignore[method-assign]
    app.request_class = Received
    app.url_map.converters["default"] = Word
    app.before_request(_refuse_long_address)


def _refuse_long_address() -> None:
    """No filter and no search needs as much; pages say what they were asked for, in each of their links."""
    if len(request.query_string) > LONGEST_QUERY:
        abort(414)
