"""Who knows whom: a guest sees the cards of those with whom they are in a group.

The directory stands below the groups, which hand in what they know.
"""

from collections.abc import Callable

from flask import current_app
from flask.sansio.app import App

Provider = Callable[[int, int], bool]
KEY = "directory-acquaintances"


def hand_in(app: App, provider: Provider) -> None:
    """Let the directory of ``app`` ask this whether two people are in one group."""
    app.extensions[KEY] = provider


def are_acquainted(person_id: int, other_id: int) -> bool:
    """Whether one is the other, or in a group with them."""
    provider: Provider = current_app.extensions[KEY]
    return person_id == other_id or provider(person_id, other_id)
