"""What a group knows of its meetings.

Meetings are a room above this one, so groups cannot ask it; it hands in an
``DatesOfGroups`` when the application is put together, and hears of who comes and goes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app
from flask.sansio.app import App

KEY = "dates-of-groups"


@dataclass(frozen=True)
class Date:
    """A meeting, as the pages of a group name it."""

    id: int
    title: str
    at: datetime
    ends_at: datetime
    place: str
    is_cancelled: bool

    @property
    def due(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Search:
    """A poll that looks for the date of a meeting; it takes answers until its deadline."""

    id: int
    title: str
    deadline: datetime
    is_open: bool

    @property
    def due(self) -> datetime:
        return self.deadline


@dataclass(frozen=True)
class Dates:
    """Everything on a group's page that has a date, soonest first; past meetings latest first."""

    polls: Sequence[Search] = ()
    upcoming: Sequence[Date] = ()
    past: Sequence[Date] = ()

    @property
    def next(self) -> Date | None:
        """The next meeting that takes place; a cancelled one is none."""
        return next((meeting for meeting in self.upcoming if not meeting.is_cancelled), None)

    @property
    def later(self) -> Sequence[Date | Search]:
        """Every other meeting ahead and every poll, in time: a poll stands where its answers are due."""
        rest = [meeting for meeting in self.upcoming if meeting != self.next]
        return sorted([*rest, *self.polls], key=lambda each: each.due)


class DatesOfGroups(Protocol):
    """What the room of meetings does for groups."""

    def next_meetings(self, group_ids: Collection[int], now: datetime) -> Mapping[int, Date]:
        """The next meeting of each group that has one."""

    def dates(self, group_id: int, now: datetime) -> Dates:
        """What the page of one group shows; bounded."""

    def welcome(self, group_id: int, person_id: int, now: datetime) -> bool:
        """Ask somebody who came in to the meetings ahead, in the transaction of their coming.

        Return whether that tells them that they are in the group.
        """

    def farewell(self, group_id: int, person_id: int, by: int | None, now: datetime) -> None:
        """Take somebody who left, or whom the account ``by`` took out, out of the meetings ahead; in that transaction."""


def hand_in(app: App, provider: DatesOfGroups) -> None:
    """Let the groups of ``app`` have this provider."""
    app.extensions[KEY] = provider


def group_dates() -> DatesOfGroups:
    """What the room of meetings handed in to the running application."""
    provider: DatesOfGroups = current_app.extensions[KEY]
    return provider
