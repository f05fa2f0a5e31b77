"""What the pages of groups show of meetings, and what happens to meetings when people come and go."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from cpts_net.groups.dates import Date, Dates, Search
from cpts_net.meetings import actions, queries


class GroupDates:
    """What the room of groups is handed."""

    def next_meetings(self, group_ids: Collection[int], now: datetime) -> Mapping[int, Date]:
        """The next meeting of each group that has one."""
        return {group_id: _date(meeting) for group_id, meeting in queries.next_dates(group_ids, now).items()}

    def dates(self, group_id: int, now: datetime) -> Dates:
        """What the page of one group shows."""
        return Dates(
            polls=[
                Search(poll.id, poll.title, poll.deadline, is_open=now < poll.deadline)
                for poll in queries.undecided_polls(group_id)
            ],
            upcoming=[_date(meeting) for meeting in queries.dates_ahead(group_id, now)],
            past=[_date(meeting) for meeting in queries.dates_behind(group_id, now)],
        )

    def welcome(self, group_id: int, person_id: int, now: datetime) -> bool:
        """Ask somebody who came in to the meetings ahead; return whether that tells them that they are in the group."""
        return actions.ask_newcomer(group_id, person_id, now=now)

    def farewell(self, group_id: int, person_id: int, by: int | None, now: datetime) -> None:
        """Take somebody who left out of the meetings ahead."""
        actions.forget_leaver(group_id, person_id, by=by, now=now)


def _date(meeting: Any) -> Date:
    is_cancelled = meeting.cancelled_at is not None
    return Date(meeting.id, meeting.title, meeting.starts_at, meeting.ends_at, meeting.place, is_cancelled)
