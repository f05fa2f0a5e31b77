"""Leaves, hours and days off week by week: a chain over time is the chain asked at each instant."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cpts_net.continuity.resolver import resolve
from cpts_net.leave.rules import absence_span
from cpts_net.spans import days_span
from cpts_net.storage.connections import db

PARIS = ZoneInfo("Europe/Paris")
MONDAYS = (date(2027, 3, 22), date(2026, 10, 19))  # The clocks change on the Sundays after.
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
PEOPLE = 4
HOURS = st.none() | st.integers(1, 23).map(time)


@dataclass(frozen=True)
class Drawn:
    """An absence of the person with a number, with the numbers of those who stand in."""

    who: int
    first_day: date
    last_day: date | None
    from_time: time | None
    until_time: time | None
    weekdays: str
    relays: tuple[int, ...]
    but: tuple[date, ...] = ()

    def is_at(self, moment):
        if not self.weekdays:
            return moment in absence_span(self, PARIS)
        local = moment.astimezone(PARIS)
        day, at = local.date(), local.time()
        return (
            str(day.weekday()) in self.weekdays
            and self.first_day <= day <= (self.last_day or day)
            and day not in self.but
            and (self.from_time or time(0)) <= at
            and (self.until_time is None or at < self.until_time)
        )


@st.composite
def drawn(draw, monday, who, *, is_weekly):
    start, until = draw(HOURS), draw(HOURS)
    first = monday + draw(st.integers(-3, 9)) * A_DAY
    last = first + draw(st.integers(0, 6)) * A_DAY
    if is_weekly or first == last:
        assume(until is None or (start or time(0)) < until)
    relays = draw(st.lists(st.integers(0, PEOPLE - 1).filter(lambda number: number != who), max_size=2, unique=True))
    weekdays, but = "", ()
    if is_weekly:
        weekdays = "".join(sorted(draw(st.sets(st.sampled_from("0123456"), min_size=1, max_size=3))))
        last = draw(st.sampled_from([None, last + 7 * A_DAY]))
        but = tuple(monday + day * A_DAY for day in draw(st.sets(st.integers(0, 9), max_size=2)))
    return Drawn(who, first, last, start, until, weekdays, tuple(relays), but)


@st.composite
def histories(draw):
    """At most one leave and one row of days off for each; they may lie over each other."""
    monday = draw(st.sampled_from(MONDAYS))
    rows = []
    for who in range(PEOPLE):
        rows += [
            draw(drawn(monday, who, is_weekly=is_weekly)) for is_weekly in (False, True) if draw(st.integers(0, 2))
        ]
    return monday, rows


def counting(rows, who, moment):
    """The absence of somebody that counts at a moment: a leave before a day off."""
    own = [row for row in rows if row.who == who and row.is_at(moment)]
    return next(iter(sorted(own, key=lambda row: bool(row.weekdays))), None)


def chain(rows, who, moment):
    """Those who are tried, in order, and who stands in; asked at one moment."""
    tried, waiting = [], [*counting(rows, who, moment).relays]
    while waiting:
        relay = waiting.pop(0)
        if relay in tried or relay == who:
            continue
        tried.append(relay)
        theirs = counting(rows, relay, moment)
        if theirs is None:
            return tried, relay
        waiting += theirs.relays
    return tried, None


@pytest.fixture
def resolved(app):
    def resolve_in_app(span, **of):
        with app.app_context():
            return resolve(span, **of)

    return resolve_in_app


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories(), first=st.integers(-1, 8), length=st.integers(0, 5))
def test_a_chain_over_time_is_the_chain_at_each_instant(app, make, resolved, history, first, length):
    monday, rows = history
    people = [make.person(f"P{number}", "X") for number in range(PEOPLE)]
    numbers = {person.id: number for number, person in enumerate(people)}
    for row in rows:
        columns = {name: getattr(row, name) for name in ("from_time", "until_time", "weekdays", "but")}
        relays = [people[relay] for relay in row.relays]
        make.absence(people[row.who], row.first_day, row.last_day, relays=relays, **columns)
    span = days_span(monday + first * A_DAY, monday + (first + length) * A_DAY, PARIS)

    roster = resolved(span)
    aways = [away for away in roster.aways if away.person.id in numbers]
    own = {who: resolved(span, person_id=person.id) for who, person in enumerate(people)}

    assert len({away.key for away in aways}) == len(aways)
    for who, roster_of_one in own.items():
        assert [away for away in aways if numbers[away.person.id] == who] == [*roster_of_one.aways]
    moment = span.start + AN_HOUR / 2
    while moment < span.end:
        for who in range(PEOPLE):
            now = [away.at(moment) for away in aways if numbers[away.person.id] == who and moment in away.span]
            told = [
                ([numbers[relay.id] for relay in each.relays], each.relay and numbers[each.relay.id]) for each in now
            ]
            expected = [chain(rows, who, moment)] if counting(rows, who, moment) else []
            assert told == expected, moment.astimezone(PARIS)
            relay = told[0][1] if told else None
            for number in range(PEOPLE):
                covers = [each for each in own[number].covers if numbers[each.away.person.id] == who]
                assert sum(moment in cover.span for cover in covers) == (number == relay)
        moment += AN_HOUR
    with app.app_context():
        db.session.rollback()
