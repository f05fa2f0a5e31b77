"""What time brings: a gap that is near, and that nobody has been told of."""

from collections import defaultdict
from datetime import datetime

from cpts_net.accounts.queries import people_of_role
from cpts_net.notices.actions import notify
from cpts_net.notices.queries import told_ever
from cpts_net.notices.wishes import those_who_wish
from cpts_net.oncall import gap_kinds
from cpts_net.oncall.gap_queries import Short, short_between
from cpts_net.oncall.gap_telling import HORIZON, about
from cpts_net.oncall.gaps import Lack
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.transaction import snapshot, transaction

AT_ONCE = 5  # Gaps, each told to as many as wish it.
TOLD = (gap_kinds.OPENED, gap_kinds.AHEAD, gap_kinds.OFFERED)


def tell_of_gaps_ahead(*, now: datetime) -> None:
    """Tell coordinators, and those who wish it, of what nobody has taken two weeks before.

    Once each, for what opens later is told as it opens.

    Commits by itself, some at a time, and looks before it keeps others from writing.
    """
    with snapshot():
        due = _untold(now)
    for start in range(0, len(due), AT_ONCE):
        with transaction():
            for kind, short, lack, people in due[start : start + AT_ONCE]:
                notify(kind, people, about(short, lack), by=None, now=now, occasion=lack.span.start)


def _untold(now: datetime) -> list[tuple[str, Short, Lack, list[int]]]:
    """Of what kind each gap is told, to whom."""
    gaps = [(short, lack) for short in short_between(Span(now, now + HORIZON)) for lack in short.lacks]
    subjects, coordinators = {about(*gap).subject for gap in gaps}, {*people_of_role(Role.COORDINATOR)}
    wishing = those_who_wish(gap_kinds.OFFERED) - coordinators
    told: dict[str, set[int]] = defaultdict(set)
    for subject, person_id in told_ever(TOLD, subjects, coordinators | wishing):
        told[subject].add(person_id)
    found = []
    for short, lack in gaps:
        knows = told[about(short, lack).subject]
        able = gap_kinds.free_to_take(wishing - knows, short.slot_id, lack.span)
        found += [(gap_kinds.AHEAD, short, lack, sorted(coordinators - knows))]
        found += [(gap_kinds.OFFERED, short, lack, sorted(able))]
    return [each for each in found if each[-1]]
