"""The devices of people that ring.

They belong to the sessions of accounts, which are a room above this one; it
hands in ``Devices`` when the application is put together.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import current_app
from flask.sansio.app import App

KEY = "devices-of-people"


@dataclass(frozen=True)
class Call:
    """What a device says when it rings, until when it is worth anything, and where it leads.

    A locked screen says ``line`` only where it ``names_nobody``, or where its
    owner wants it; else ``label``, of what sort it is, and ``hint``. What has
    the same ``tag`` stands there once.
    """

    line: str
    label: Any
    hint: str
    path: str
    tag: str
    at: datetime
    until: datetime
    names_nobody: bool = False
    is_urgent: bool = False


class Rung(Protocol):
    """What became of a call."""

    @property
    def is_heard(self) -> bool:
        """Whether one device rings at least."""

    def note(self, now: datetime) -> None:
        """Record which devices were reached and which are gone; in a transaction."""


class Devices(Protocol):
    """What the room of devices does for notices."""

    @property
    def may_ring(self) -> bool:
        """Whether the operator opened this at all."""

    def reached(self, person_ids: Collection[int]) -> Collection[int]:
        """Those of the people who have a device that rings."""

    def ring(self, person_id: int, call: Call, now: datetime) -> Rung:
        """Have all devices of somebody ring; where some cannot be reached the others do.

        Raises:
            RefusedForGood: when none of them takes it, whenever it is tried.
            Exception: when none could be reached for now.
        """


def hand_in(app: App, provider: Devices) -> None:
    """Let the notices of ``app`` ring there."""
    app.extensions[KEY] = provider


def devices() -> Devices:
    """What the room of devices handed in to the running application."""
    provider: Devices = current_app.extensions[KEY]
    return provider
