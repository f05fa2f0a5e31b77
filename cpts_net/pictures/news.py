"""What a page with a live part is told, in the same words over a socket and over HTTP."""

from typing import NotRequired, TypedDict

from flask import jsonify, request
from werkzeug.wrappers import Response

from cpts_net.pictures.changes import Changes, changes_between
from cpts_net.pictures.picture import Picture


class News(TypedDict):
    """What brings a page to the version ``revision`` of its scope: some ``changes``, or all ``sections`` by their ids.

    ``since`` is the version that the page must show before, for else it would
    become a mixture of two; empty where that is any.
    """

    scope: str
    since: str
    revision: str
    sections: NotRequired[dict[str, str]]
    changes: NotRequired[Changes]


def news(scope: str, picture: Picture) -> News:
    """Tell a page the whole picture, whatever it shows."""
    return {"scope": scope, "since": "", "revision": picture.version, "sections": dict(picture.sections)}


def news_since(scope: str, picture: Picture, shown: Picture) -> News:
    """Tell a page that shows ``shown`` what ``picture`` has that it has not."""
    changes = changes_between(shown, picture)
    if changes is None:
        return {**news(scope, picture), "since": shown.version}
    return {"scope": scope, "since": shown.version, "revision": picture.version, "changes": changes}


def sections_answer(scope: str, picture: Picture) -> Response:
    """The whole picture as JSON, for a page that holds no socket or a mute one; 304 when it has it."""
    response = jsonify(news(scope, picture))
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(picture.version)
    return response.make_conditional(request)
