"""Where people are written to.

Accounts are a room above this one, so it cannot ask them; they hand in
``Addresses`` when the application is put together.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from flask import current_app
from flask.sansio.app import App

KEY = "addresses-of-people"


class Recipient(NamedTuple):
    """Where somebody is written to, and how they are called."""

    address: str
    name: str


class Addresses(Protocol):
    """What the room of accounts does for notices."""

    def recipients(self, person_ids: Collection[int]) -> Mapping[int, Recipient]:
        """Those of the people who have an address."""

    def reached(self, person_ids: Collection[int]) -> Collection[int]:
        """Those of them whose address the mail server did not refuse."""

    def person_of(self, account_id: int | None) -> int | None:
        """For whom an account speaks."""

    def note_refused(self, address: str, now: datetime) -> None:
        """The mail server knows nobody at this address."""

    def note_reached(self, address: str) -> None:
        """The mail server took a mail for this address."""


def hand_in(app: App, provider: Addresses) -> None:
    """Let the notices of ``app`` find people's addresses there."""
    app.extensions[KEY] = provider


def addresses() -> Addresses:
    """What the room of accounts handed in to the running application."""
    provider: Addresses = current_app.extensions[KEY]
    return provider
