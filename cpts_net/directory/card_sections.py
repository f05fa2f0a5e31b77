"""What stands on somebody's card beside what the directory knows: groups, coming duties, coming meetings.

The directory stands below the rooms that know; each hands in what it shows,
as far as the reader may see it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from flask import current_app
from flask.sansio.app import App

from cpts_net import clock
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage import revisions

if TYPE_CHECKING:
    from cpts_net.accounts.identity import Identity

KEY = "directory-card-sections"
# Whatever the rooms show here; who may know of a group follows from roles as well.
SCOPES = (revisions.GROUPS, revisions.MEETINGS, revisions.DIRECTORY, revisions.CONTINUITY, revisions.SESSIONS)
ROW_BYTES = 250


class Row(NamedTuple):
    """One thing: where its page is, what it is called, and when or what it is."""

    address: str
    name: str
    detail: str


@dataclass(frozen=True)
class CardSection:
    """A few things of one kind, under a title; ``key`` names the section in the page."""

    key: str
    title: str
    rows: Sequence[Row]
    valid_until: datetime | None = None  # When the clock alone makes the rows others; every midnight does.


# Whose card, who reads, and when.
Provider = Callable[[int, "Identity", datetime], CardSection]


def hand_in(app: App, providers: Sequence[Provider]) -> None:
    """Let cards of ``app`` show what these know of somebody, in this order."""
    app.extensions[KEY] = providers


def sections(person_id: int, reader: "Identity", now: datetime) -> list[CardSection]:
    """What the reader sees of somebody; what is empty is left out. Kept for that reader until something changes."""

    def make(_old: list[CardSection] | None) -> Made[list[CardSection]]:
        providers: Sequence[Provider] = current_app.extensions[KEY]
        found = [section for section in (each(person_id, reader, now) for each in providers) if section.rows]
        today = now.astimezone(clock.zone()).date()
        midnight = days_span(today, today, clock.zone()).end
        size = ROW_BYTES * (1 + sum(len(section.rows) for section in found))
        return Made(found, size, min([midnight, *(section.valid_until or midnight for section in found)]))

    return kept().get((CardSection, person_id, reader.person_id, reader.role), SCOPES, now, make)
