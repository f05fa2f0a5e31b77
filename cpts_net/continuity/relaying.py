"""Telling relays what a change makes of them: whoever stands in now, at other times, or not any more."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from cpts_net.continuity.resolver import leaning_on
from cpts_net.continuity.roster import Away
from cpts_net.leave import actions as leave
from cpts_net.leave import notice_kinds as kinds
from cpts_net.leave import queries
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import Asks
from cpts_net.leave.wording import spans_written
from cpts_net.notices.actions import About, notify
from cpts_net.spans import Span, union

# By absence and person, when they stand in.
StandIns = Mapping[tuple[int, int], list[Span]]


@contextmanager
def telling_relays(
    person_id: int, spans: Iterable[Span], *, by: int | None, now: datetime, answering: int | None = None
) -> Iterator[None]:
    """Tell all whom a change in the whereabouts of somebody concerns, in the transaction of the change.

    ``spans`` are the times before and after it, as far as they are known.
    Whoever answers is not told what they did themselves.
    """
    (span,) = union([Span(min(each.start for each in spans), max(each.end for each in spans))])
    before = _stand_ins(leaning_on(span, person_id), now)
    yield
    after = _stand_ins(leaning_on(span, person_id), now)
    touched = queries.absences_by_id({absence_id for absence_id, _ in {**before, **after}} | _own(span, person_id))
    for (absence_id, relay_id), was, becomes in _changes(before, after):
        if relay_id != answering:
            _tell(touched[absence_id], relay_id, was, becomes, by, now)
    for absence in touched.values():
        _ask_the_others(absence, by, now)


def _own(span: Span, person_id: int) -> set[int]:
    return {absence.id for absence in queries.absences_between(span, [person_id])}


def _stand_ins(aways: Iterable[Away], now: datetime) -> StandIns:
    found: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for away in aways:
        for stretch in away.after(now):
            for person_id in stretch.relay.people if stretch.relay else ():
                if person_id != away.person.id:
                    found[away.absence_id, person_id].append(stretch.span)
    return {key: union(spans) for key, spans in found.items()}


def _changes(before: StandIns, after: StandIns) -> Iterator[tuple[tuple[int, int], list[Span], list[Span]]]:
    for key in sorted({*before, *after}):
        was, becomes = before.get(key, []), after.get(key, [])
        if was != becomes:
            yield key, was, becomes


def _tell(
    absence: Absence, person_id: int, was: list[Span], becomes: list[Span], by: int | None, now: datetime
) -> None:
    spans: dict[str, Any] = {}
    if was:
        spans["before"] = {"spans": spans_written(was)}
    if becomes:
        spans["after"] = {"spans": spans_written(becomes)}
    about = About(f"absence:{absence.id}", **spans)
    if not becomes:
        notify(kinds.RELEASED, [person_id], about, by=by, now=now)
    elif was:
        notify(kinds.MOVED, [person_id], about, by=by, now=now)
    elif relay := absence.relay_of(person_id):
        leave.ask(relay, now=now)
        notify(kinds.RELAY, [person_id], about, by=by, now=now, includes_actor=True)
    else:
        notify(kinds.THROUGH, [person_id], about, by=by, now=now, includes_actor=True)


def _ask_the_others(absence: Absence, by: int | None, now: datetime) -> None:
    """All at once, where the absent person wants it so."""
    if absence.asks != Asks.AT_ONCE or absence.cancelled_at is not None:
        return
    for relay in absence.relays:
        if relay.person_id and relay.asked_at is None and not relay.is_declined:
            leave.ask(relay, now=now)
            notify(kinds.RELAY, [relay.person_id], About(f"absence:{absence.id}"), by=by, now=now, includes_actor=True)
