"""What time brings: a poll's last two days."""

from datetime import datetime, timedelta

from cpts_net.meetings import notice_kinds, poll_queries
from cpts_net.meetings.poll_actions import scope
from cpts_net.notices.actions import About, notify
from cpts_net.notices.queries import told_of
from cpts_net.spans import Span
from cpts_net.storage.transaction import snapshot, transaction

LAST_DAYS = timedelta(days=2)
TOO_LATE = timedelta(days=1)  # Before the deadline: who did not hear by then is not told any more.
PROPOSED_BEFORE = timedelta(days=3)  # Whoever was asked a day ago needs no reminder.


def tell_of_last_days(*, now: datetime) -> None:
    """Tell those who have not answered a poll that it ends; each once for a deadline, and none of them late.

    Commits by itself, a poll at a time, and looks before it keeps others from writing.
    """
    with snapshot():
        ending = poll_queries.polls_ending(Span(now + TOO_LATE, now + LAST_DAYS), PROPOSED_BEFORE)
        silent = [(poll, _silent(poll.id, poll.deadline)) for poll in ending]
    for poll, person_ids in silent:
        if person_ids:
            about = About(scope(poll.id), after={"deadline": poll.deadline})
            with transaction():
                notify(notice_kinds.POLL_ENDING, person_ids, about, by=None, now=now, occasion=poll.deadline)


def _silent(poll_id: int, deadline: datetime) -> list[int]:
    told = told_of(notice_kinds.POLL_ENDING, [scope(poll_id)], deadline)
    return [person_id for person_id in poll_queries.silent_ids(poll_id) if (scope(poll_id), person_id) not in told]
