"""Who is on duty or away, as the directory shows it.

The directory stands below the rooms that know; ``continuity`` hands in
a provider when the application is put together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import current_app
from flask.sansio.app import App

from cpts_net.directory.trades import Trade


@dataclass(frozen=True)
class Badge:
    """What stands beside a name: "d’astreinte jusqu’à 20 h"; or "absent", and who stands in."""

    kind: Literal["duty", "away"]
    text: str
    relay: "StandIn | None" = None


@dataclass(frozen=True)
class StandIn:
    """Who stands in for somebody who is away."""

    id: int
    name: str
    is_hidden: bool
    trade: Trade | None = None
    phone: str = ""


Provider = Callable[[Sequence[int], datetime], Mapping[int, Badge]]
KEY = "directory-badges"


def hand_in(app: App, provider: Provider) -> None:
    """Let the directory of ``app`` ask this for the badges of some members at an instant."""
    app.extensions[KEY] = provider


def badges_of(person_ids: Sequence[int], now: datetime) -> Mapping[int, Badge]:
    """The badges of those among the members who have one."""
    provider: Provider = current_app.extensions[KEY]
    return provider(person_ids, now)
