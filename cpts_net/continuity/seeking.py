"""Telling coordinators of duties that seek somebody: their holders are away, and have not said that they serve all the same."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from cpts_net.accounts.queries import people_of_role
from cpts_net.continuity import notice_kinds
from cpts_net.continuity.resolver import duties, resolve
from cpts_net.continuity.roster import Duty
from cpts_net.notices.actions import About, notify
from cpts_net.notices.queries import told_ever
from cpts_net.oncall import queries as oncall
from cpts_net.oncall.gap_telling import HORIZON
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.transaction import snapshot, transaction

AT_ONCE = 20


@contextmanager
def telling_of_sought(
    person_ids: Collection[int], spans: Collection[Span], *, by: int | None, now: datetime
) -> Iterator[None]:
    """Tell of the duties that seek somebody only since a change in the whereabouts of some people.

    ``spans`` are the times before and after it; what is farther than two weeks is told when it is near. Nobody of
    these people is given a duty meanwhile.
    """
    start = max(now, min(span.start for span in spans))
    end = min(now + HORIZON, max(span.end for span in spans))
    span = Span(start, end) if start < end else None
    holders = oncall.who_serves(span, person_ids) if span else set()
    before = _seeking(holders, span)
    yield
    for seat_id, duty in _seeking(holders, span).items():
        if seat_id not in before:
            notify(notice_kinds.SOUGHT, people_of_role(Role.COORDINATOR), _about(duty), by=by, now=now)


def _seeking(holders: Collection[int], span: Span | None) -> dict[int, Duty]:
    found = (duty for person_id in sorted(holders) if span for duty in resolve(span, person_id=person_id).duties)
    return {duty.seat_id: duty for duty in found if duty.seeks}


def tell_of_sought(*, now: datetime) -> None:
    """Tell coordinators of the duties of the next two weeks that seek somebody; once each.

    Commits by itself, some at a time, and looks before it keeps others from writing.
    """
    with snapshot():
        due = _untold(now)
    for start in range(0, len(due), AT_ONCE):
        with transaction():
            for duty, people in due[start : start + AT_ONCE]:
                notify(notice_kinds.SOUGHT, people, _about(duty), by=None, now=now, occasion=duty.span.start)


def _untold(now: datetime) -> list[tuple[Duty, list[int]]]:
    sought = [duty for duty in duties(Span(now, now + HORIZON)) if duty.seeks]
    people = people_of_role(Role.COORDINATOR)
    told = told_ever((notice_kinds.SOUGHT,), [_subject(duty) for duty in sought], people)
    found = [(duty, [each for each in people if (_subject(duty), each) not in told]) for duty in sought]
    return [(duty, untold) for duty, untold in found if untold]


def _about(duty: Duty) -> About:
    span = duty.span
    said = {"line": duty.line.name, "starts_at": span.start, "ends_at": span.end, "person_id": duty.holder.id}
    return About(_subject(duty), after=said, begins_at=span.start)


def _subject(duty: Duty) -> str:
    return f"seat:{duty.seat_id}"
