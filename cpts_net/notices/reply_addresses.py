"""Where an answer to a mail goes that somebody caused: to the address that they show to whoever gets it.

The directory, which knows what people show, stands above this room and hands
in its reading.
"""

from collections.abc import Callable

from flask import current_app
from flask.sansio.app import App

Provider = Callable[[int, int], str]
KEY = "reply-addresses"


def hand_in(app: App, provider: Provider) -> None:
    """Let the notices of ``app`` ask this for the mail address that one person shows to another; empty for none."""
    app.extensions[KEY] = provider


def reply_address(author_id: int | None, recipient_id: int) -> str:
    """Where the recipient may answer the author; empty where nobody caused it, or the author shows no address."""
    provider: Provider = current_app.extensions[KEY]
    return provider(author_id, recipient_id) if author_id and author_id != recipient_id else ""
