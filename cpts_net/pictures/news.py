"""What a page with a live part is told, in the same words over a socket and over HTTP."""

from typing import TypedDict

from flask import jsonify, request
from werkzeug.wrappers import Response

from cpts_net.pictures.picture import Picture, Sections


class News(TypedDict):
    """The sections that bring a page to the version ``revision`` of its scope.

    ``since`` is the version that the page must show before, for else it would
    become a mixture of two; empty where the sections are the whole picture.
    """

    scope: str
    since: str
    revision: str
    sections: dict[str, str]


def news(scope: str, picture: Picture, sections: Sections, *, since: str = "") -> News:
    """Tell a page what ``picture`` has that it has not."""
    return {"scope": scope, "since": since, "revision": picture.version, "sections": dict(sections)}


def sections_answer(scope: str, picture: Picture) -> Response:
    """The whole picture as JSON, for a page that holds no socket or a mute one; 304 when it has it."""
    response = jsonify(news(scope, picture, picture.sections))
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(picture.version)
    return response.make_conditional(request)
