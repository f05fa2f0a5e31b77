"""When people are away week by week: the same as one counts hour by hour, over both changes of the clocks."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cpts_net.leave.rules import Declaration, NoneOfTheDays, NothingLeft, NotUnderWay, absence_span, ended
from cpts_net.leave.times import clash, days_of, days_off, falls_into, looked_at, stretches
from cpts_net.spans import Span, days_span, without

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = date(2027, 3, 22), date(2026, 10, 19)  # The Mondays before the clocks change.
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
WEDNESDAY = date(2026, 12, 2)


@dataclass(frozen=True)
class Row:
    id: int
    first_day: date
    last_day: date | None
    from_time: time | None = None
    until_time: time | None = None
    weekdays: str = ""
    person_id: int = 1
    but: frozenset[date] = field(default_factory=frozenset)


def off_at(row, moment):
    """Whether somebody is off at a moment, told by the clock on the wall."""
    local = moment.astimezone(PARIS)
    day = local.date()
    is_its_day = str(day.weekday()) in row.weekdays and row.first_day <= day <= (row.last_day or day)
    return (
        is_its_day
        and day not in row.but
        and (row.from_time or time(0)) <= local.time().replace(tzinfo=None)
        and (row.until_time is None or local.time() < row.until_time)
    )


HOURS = st.none() | st.integers(1, 23).map(time)
WEEKDAYS = st.sets(st.sampled_from("0123456"), min_size=1, max_size=3).map(lambda days: "".join(sorted(days)))


@st.composite
def weekly(draw, monday, number):
    start, until = draw(HOURS), draw(HOURS)
    assume(until is None or (start or time(0)) < until)
    first = monday + draw(st.integers(-20, 10)) * A_DAY
    last = draw(st.none() | st.integers(0, 30).map(lambda length: first + length * A_DAY))
    but = frozenset(monday + day * A_DAY for day in draw(st.sets(st.integers(0, 12), max_size=3)))
    return Row(number, first, last, start, until, draw(WEEKDAYS), but=but)


@given(st.data(), st.sampled_from([SPRING, AUTUMN]), st.integers(-1, 8), st.integers(0, 9))
def test_days_off_are_what_the_clock_on_the_wall_says(data, monday, first, length):
    row = data.draw(weekly(monday, 1))
    window = (monday + first * A_DAY, monday + (first + length) * A_DAY)
    span = days_span(*window, PARIS)

    spans = [off for _day, off in days_off(row, row.but, PARIS, *window)]

    moment = span.start + AN_HOUR / 2
    while moment < span.end:
        assert any(moment in each for each in spans) == off_at(row, moment), moment.astimezone(PARIS)
        assert falls_into(Span(moment, moment + timedelta(seconds=1)), row, PARIS, excepted=row.but) == off_at(
            row, moment
        )
        moment += AN_HOUR


@given(st.data(), st.sampled_from([SPRING, AUTUMN]))
def test_a_leave_covers_days_off_and_each_instant_has_one_absence(data, monday):
    leave = Row(1, monday + A_DAY, monday + 4 * A_DAY, data.draw(HOURS), data.draw(HOURS))
    rows = [leave, data.draw(weekly(monday, 2)), data.draw(weekly(monday, 3))]
    window = (monday - A_DAY, monday + 9 * A_DAY)

    found = stretches(rows, {row.id: row.but for row in rows}, PARIS, *window)

    assert len({each.key for each in found}) == len(found)
    span = days_span(*window, PARIS)
    moment = span.start + AN_HOUR / 2
    while moment < span.end:
        own = [each.absence.id for each in found if moment in each.span]
        if moment in absence_span(leave, PARIS):
            assert own == [1]
        else:
            off = [row.id for row in rows[1:] if off_at(row, moment)]
            assert own == off[:1]
        moment += AN_HOUR


@given(st.data(), st.sampled_from([SPRING, AUTUMN]), st.integers(0, 6), st.integers(0, 3))
def test_a_day_off_has_the_same_name_and_hours_in_every_window(data, monday, first, length):
    rows = [
        Row(1, monday + A_DAY, monday + 2 * A_DAY, data.draw(HOURS), data.draw(HOURS)),
        data.draw(weekly(monday, 2)),
    ]
    excepted = {row.id: row.but for row in rows}
    part = (monday + first * A_DAY, monday + (first + length) * A_DAY)
    whole = stretches(rows, excepted, PARIS, monday - A_DAY, monday + 12 * A_DAY)

    shown = stretches(rows, excepted, PARIS, *part)

    inside = days_span(*part, PARIS)
    assert {each.key: each.span for each in shown if each.span.overlaps(inside)} == {
        each.key: each.span for each in whole if each.span.overlaps(inside)
    }


INSTANTS = st.integers(0, 50).map(lambda hour: datetime(2026, 10, 24, tzinfo=UTC) + hour * AN_HOUR)
SPANS = st.tuples(INSTANTS, st.integers(1, 20)).map(lambda edges: Span(edges[0], edges[0] + edges[1] * AN_HOUR))


@given(SPANS, st.lists(SPANS, max_size=5))
def test_what_is_left_of_a_span(span, others):
    left = without(span, others)

    assert left == sorted(left)
    moment = span.start + AN_HOUR / 2
    while moment < span.end:
        assert sum(moment in each for each in left) == (not any(moment in other for other in others))
        moment += AN_HOUR


@given(st.data())
def test_two_rows_clash_when_some_hour_is_in_both(data):
    one, other = (data.draw(weekly(SPRING, number)) for number in (1, 2))
    first, last = SPRING - 25 * A_DAY, SPRING + 60 * A_DAY
    spans = [[off for _day, off in days_off(row, (), PARIS, first, last)] for row in (one, other)]

    shared = any(some.overlaps(another) for some in spans[0] for another in spans[1])

    assume(not any(edge and edge.hour == 2 for row in (one, other) for edge in (row.from_time, row.until_time)))
    assert clash(one, other) == clash(other, one) == shared


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"last_day": date(2026, 12, 8), "weekdays": "2", "first_day": date(2026, 12, 3)}, NoneOfTheDays),
        ({"from_time": time(14), "until_time": time(12)}, NothingLeft),
        ({"last_day": date(2030, 1, 1), "from_time": time(14), "until_time": time(14)}, NothingLeft),
    ],
)
def test_days_off_that_nobody_can_mean_are_refused(given, refusal):
    with pytest.raises(refusal):
        Declaration(**{"first_day": WEDNESDAY, "last_day": None, "weekdays": "2", **given})


def test_days_off_may_go_on_for_longer_than_a_leave():
    assert Declaration(WEDNESDAY, None, weekdays="2").last_day is None
    years = Declaration(WEDNESDAY, date(2030, 1, 1), weekdays="24", from_time=time(12))
    assert years.last_day == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (datetime(2026, 12, 16, 9), date(2026, 12, 16)),  # A Wednesday: it has begun.
        (datetime(2026, 12, 17, 9), date(2026, 12, 16)),
        (datetime(2026, 12, 2, 9), date(2026, 12, 2)),
        (datetime(2026, 12, 1, 9), None),
        (datetime(2027, 2, 1), None),
    ],
)
def test_days_off_end_with_the_last_that_has_begun(now, last):
    row = Row(1, WEDNESDAY, date(2027, 1, 27), weekdays="2")
    moment = now.replace(tzinfo=PARIS)

    if last is None:
        with pytest.raises(NotUnderWay):
            ended(row, moment, PARIS)
    else:
        assert ended(row, moment, PARIS)[0] in {last, max(last, now.date() - A_DAY)}


def test_what_goes_on_for_ever_is_looked_at_for_some_weeks():
    row, now = Row(1, WEDNESDAY, None, weekdays="2"), datetime(2027, 5, 5, 9, tzinfo=UTC)

    span = looked_at(row, now, PARIS)

    assert days_of(span, PARIS)[0] == date(2027, 5, 5)
    assert span.duration == timedelta(weeks=8)
