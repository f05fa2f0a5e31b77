"""What time brings: a relay that begins tomorrow."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from cpts_net import clock
from cpts_net.continuity import notice_kinds
from cpts_net.continuity.resolver import resolve
from cpts_net.continuity.roster import Away
from cpts_net.leave.notice_kinds import MOVED, RELAY, THROUGH
from cpts_net.notices.actions import About, notify
from cpts_net.notices.queries import told_ever, told_of
from cpts_net.spans import Span, days_span, local_instant, union
from cpts_net.storage.transaction import snapshot, transaction

EVENING = time(18)  # Local, of the day before.
AT_ONCE = 50
ASKED = (RELAY, THROUGH, MOVED)

Beginning = tuple[int, int, Span]  # An absence, who stands in, and when.


def tell_of_relays_tomorrow(*, now: datetime) -> None:
    """In the evening, remind people of the absences in which they stand in from the next day on; each once.

    Of weekly days off nobody is reminded every week. Who was asked that evening
    knows. Commits by itself, some at a time, and looks before it keeps others
    from writing.
    """
    today = now.astimezone(clock.zone()).date()
    evening = local_instant(today, EVENING, clock.zone())
    if now < evening:
        return
    tomorrow = today + timedelta(days=1)
    with snapshot():
        due = _untold(days_span(tomorrow, tomorrow, clock.zone()), evening)
    for start in range(0, len(due), AT_ONCE):
        with transaction():
            for absence_id, person_id, span in due[start : start + AT_ONCE]:
                said = {"starts_at": span.start, "ends_at": span.end}
                about = About(_subject(absence_id), after=said, begins_at=span.start)
                notify(notice_kinds.RELAY_TOMORROW, [person_id], about, by=None, now=now, occasion=span.start)


def _untold(tomorrow: Span, evening: datetime) -> list[Beginning]:
    begins = [each for away in resolve(tomorrow).aways if not away.is_weekly for each in _beginning(away, tomorrow)]
    subjects, people = {_subject(each[0]) for each in begins}, {each[1] for each in begins}
    told = told_ever(ASKED, subjects, people, since=evening)
    for starts_at in {span.start for _absence, _person, span in begins}:
        told |= told_of(notice_kinds.RELAY_TOMORROW, subjects, starts_at)
    return [each for each in begins if (_subject(each[0]), each[1]) not in told]


def _beginning(away: Away, tomorrow: Span) -> Iterator[Beginning]:
    """Who begins to stand in that day; not whoever has done so before, and goes on."""
    people = {person_id for each in away.stretches if each.relay for person_id in each.relay.people}
    for person_id in sorted(people - {away.person.id}):
        theirs = union(each.span for each in away.stretches if each.relay and person_id in each.relay.people)
        yield from ((away.absence_id, person_id, span) for span in theirs if span.start in tomorrow)


def _subject(absence_id: int) -> str:
    return f"absence:{absence_id}"
