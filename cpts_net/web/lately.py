"""Whoever has just changed something sees it on the next page, at once and whatever others may wait for."""

from datetime import timedelta

from flask import Flask, Response, g, request, session

from cpts_net import clock

WROTE_AT = "wrote_at"  # In the session: seconds since 1970.
LATELY = timedelta(seconds=5)


def register(app: Flask) -> None:
    """Have ``app`` remember, in the browser of whoever is signed in, that they changed something."""
    app.after_request(_note)


def has_written_lately() -> bool:
    """Whether the reader changed something within the last seconds."""
    return bool(clock.now().timestamp() - session.get(WROTE_AT, 0) < LATELY.total_seconds())


def _note(response: Response) -> Response:
    # What is written as something is read, as when a calendar reads a feed, is nobody's change; and a feed has no cookie.
    if request.method == "POST" and g.get("has_written") and "_user_id" in session:
        session[WROTE_AT] = int(clock.now().timestamp())
    return response
