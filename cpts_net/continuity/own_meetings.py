"""The reader's own meetings, for their own row of the planning of weeks.

Meetings are a room above this one, which hands in what reads them when the
application is put together. They are drawn for their reader alone, and never
pushed: a meeting of a private group does not exist for others.
"""

from collections.abc import Callable, Sequence

from flask import current_app
from flask.sansio.app import App

from cpts_net.spans import Span

Provider = Callable[[int, Span], Sequence[tuple[str, Span]]]
KEY = "own-meetings"


def hand_in(app: App, provider: Provider) -> None:
    """Let the continuity of ``app`` ask this for the titles and times of somebody's meetings in a span."""
    app.extensions[KEY] = provider


def own_meetings(person_id: int, span: Span) -> Sequence[tuple[str, Span]]:
    """The meetings to which somebody is asked and that are not called off, in time order."""
    provider: Provider = current_app.extensions[KEY]
    return provider(person_id, span)
