"""Who did what people are told of, as each of them may know that person.

Notices stand below the directory, which hands in what it knows.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import current_app
from flask.sansio.app import App

KEY = "authors-of-notices"
Provider = Callable[[int, Collection[int]], Mapping[int, Any]]


def hand_in(app: App, provider: Provider) -> None:
    """Let ``app`` ask this as whom a reader may know some people; whoever they may not know is left out."""
    app.extensions[KEY] = provider


def known_to(reader_id: int, person_ids: Collection[int]) -> Mapping[int, Any]:
    """The people as the directory names them to the reader, by their ids; nothing is asked where there are none."""
    if not person_ids:
        return {}
    provider: Provider = current_app.extensions[KEY]
    return provider(reader_id, person_ids)
