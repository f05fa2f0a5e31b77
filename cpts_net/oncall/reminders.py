"""What time brings: a duty in a week, tomorrow, in an hour. Each is told once, to who holds it, and never late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cpts_net import clock
from cpts_net.notices.actions import About, notify
from cpts_net.notices.kinds import kind_named
from cpts_net.notices.queries import told_ever
from cpts_net.notices.rules import When
from cpts_net.notices.wishes import those_who_wish
from cpts_net.oncall import notice_kinds, seat_facts
from cpts_net.oncall.seat_facts import Beginning
from cpts_net.spans import local_instant
from cpts_net.storage.transaction import snapshot, transaction

AT_ONCE = 50


@dataclass(frozen=True)
class Reminder:
    """A duty is told some days before, at its hour on the wall, and some time; ``late`` is how much later at the most."""

    kind: str
    late: timedelta
    days: int = 0
    time: timedelta = timedelta()

    def duties(self, now: datetime) -> list[Beginning]:
        """Those that are told by now and are not late yet; whoever came by one since it was to be told knows."""
        found = seat_facts.duties_beginning(self._moved(now - self.late, 1), self._moved(now, 1))
        return [duty for duty in found if duty.came_at < self._moved(duty.starts_at, -1)]

    def _moved(self, moment: datetime, sign: int) -> datetime:
        wall = moment.astimezone(clock.zone())
        day = wall.date() + sign * timedelta(days=self.days)
        return local_instant(day, wall.time(), clock.zone()) + sign * self.time


REMINDERS = (
    Reminder(notice_kinds.IN_A_WEEK, days=7, late=timedelta(days=1)),
    Reminder(notice_kinds.TOMORROW, days=1, late=timedelta(hours=6)),
    Reminder(notice_kinds.IN_AN_HOUR, time=timedelta(hours=1), late=timedelta(minutes=20)),
)


def remind_of_duties(*, now: datetime) -> None:
    """Remind people of their duties, each as long before as each reminder says.

    Whoever came by one since it was to be told knows. Commits by itself, some
    at a time, and looks before it keeps others from writing.
    """
    for reminder in REMINDERS:
        with snapshot():
            due = _untold(reminder, now)
        for start in range(0, len(due), AT_ONCE):
            with transaction():
                for seat in due[start : start + AT_ONCE]:
                    _remind(reminder.kind, seat, now)


def _untold(reminder: Reminder, now: datetime) -> list[Beginning]:
    seats = _wished(reminder.kind, reminder.duties(now))
    told = told_ever((reminder.kind,), {_subject(seat) for seat in seats}, {seat.person_id for seat in seats})
    return [seat for seat in seats if (_subject(seat), seat.person_id) not in told]


def _wished(kind: str, seats: list[Beginning]) -> list[Beginning]:
    """Those of whoever wants to be reminded so, where nobody is who has not chosen it."""
    if not seats or kind_named(kind).default != When.NEVER:
        return seats
    wishing = those_who_wish(kind)
    return [seat for seat in seats if seat.person_id in wishing]


def _remind(kind: str, seat: Beginning, now: datetime) -> None:
    duty = {"line": seat.line, "starts_at": seat.starts_at, "ends_at": seat.ends_at}
    about = About(_subject(seat), after=duty, begins_at=seat.starts_at)
    notify(kind, [seat.person_id], about, by=None, now=now, occasion=seat.starts_at)


def _subject(seat: Beginning) -> str:
    return f"seat:{seat.id}"
