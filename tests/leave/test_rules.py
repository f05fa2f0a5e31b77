from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.leave.rules import (
    DaysReversed,
    Declaration,
    NothingLeft,
    TooLong,
    TooOld,
    absence_span,
    check_age,
    worst_day,
)

PARIS = ZoneInfo("Europe/Paris")
REUNION = ZoneInfo("Indian/Reunion")
TODAY = date(2026, 8, 12)
NOON = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
A, B, C, D = 1, 2, 3, 4


@dataclass(frozen=True)
class Days:
    first_day: date
    last_day: date
    from_time: time | None = None
    until_time: time | None = None
    weekdays: str = ""


def test_absence_lasts_until_the_midnight_after_its_last_day():
    span = absence_span(Days(date(2026, 8, 3), date(2026, 8, 14)), PARIS)

    assert span.start == datetime(2026, 8, 2, 22, 0, tzinfo=UTC)
    assert span.end == datetime(2026, 8, 14, 22, 0, tzinfo=UTC)


def test_half_days_begin_and_end_at_local_noon():
    span = absence_span(Days(date(2026, 8, 3), date(2026, 8, 4), from_time=time(12), until_time=time(12)), REUNION)

    assert span.start == datetime(2026, 8, 3, 8, 0, tzinfo=UTC)
    assert span.end == datetime(2026, 8, 4, 8, 0, tzinfo=UTC)


def test_morning_alone_ends_at_noon():
    span = absence_span(Days(date(2026, 8, 3), date(2026, 8, 3), until_time=time(12)), PARIS)

    assert span.duration == timedelta(hours=12)


def test_times_between_which_the_clocks_jump_leave_nothing():
    with pytest.raises(NothingLeft):
        absence_span(Days(date(2027, 3, 28), date(2027, 3, 28), time(2, 10), time(2, 50)), PARIS)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 12, 31), 24)]
)
def test_day_of_a_clock_change_has_its_real_length(day, hours):
    assert absence_span(Days(day, day), PARIS).duration == timedelta(hours=hours)


def declared(first_day, last_day, **halves):
    return Declaration(first_day, last_day, **halves)


@pytest.mark.parametrize(
    ("days", "halves", "refusal"),
    [
        ((date(2026, 8, 14), date(2026, 8, 13)), {}, DaysReversed),
        ((TODAY, TODAY), {"from_time": time(12), "until_time": time(12)}, NothingLeft),
        ((TODAY, TODAY + timedelta(days=366)), {}, TooLong),
        ((TODAY - timedelta(days=367), TODAY), {}, TooLong),
    ],
)
def test_no_absence_is_declared_for_days_that_nobody_can_mean(days, halves, refusal):
    with pytest.raises(refusal):
        declared(*days, **halves)


@pytest.mark.parametrize(
    "days",
    [
        declared(TODAY, TODAY, until_time=time(12)),
        declared(TODAY, TODAY + timedelta(days=1), from_time=time(12), until_time=time(12)),
        declared(TODAY, TODAY + timedelta(days=365)),
        declared(TODAY - timedelta(days=366), TODAY - timedelta(days=360)),
    ],
)
def test_days_at_the_edge_of_reason_are_allowed(days):
    check_age(days, TODAY)


def test_an_absence_of_more_than_a_year_ago_is_too_old():
    with pytest.raises(TooOld):
        check_age(declared(TODAY - timedelta(days=367), TODAY - timedelta(days=300)), TODAY)


def worst(wanted, others, rest=()):
    return worst_day([absence_span(wanted, PARIS)], [absence_span(each, PARIS) for each in others], PARIS, rest)


def test_a_morning_and_an_afternoon_make_one_absent_colleague():
    day = Days(date(2026, 9, 1), date(2026, 9, 1))
    morning, afternoon = replace(day, until_time=time(12)), replace(day, from_time=time(12))

    assert worst(day, [morning, afternoon]) == (day.first_day, 1)
    assert worst(morning, [afternoon]) == (day.first_day, 0)
    assert worst(day, [morning, afternoon, day]) == (day.first_day, 2)


def test_worst_day_is_no_day_of_rest_while_another_is_as_bad():
    saturday, sunday, monday, tuesday = (date(2026, 8, day) for day in (15, 16, 17, 18))

    assert worst(Days(saturday, tuesday), [Days(saturday, tuesday)], {saturday, monday}) == (tuesday, 1)
    assert worst(Days(saturday, monday), [Days(sunday, monday)]) == (monday, 1)
    assert worst(Days(saturday, monday), [Days(sunday, sunday)]) == (sunday, 1)


HOURS = st.none() | st.integers(1, 23).map(time)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), HOURS, HOURS), max_size=8), HOURS, HOURS)
def test_worst_day_counts_as_one_counts_hour_by_hour(others, from_time, until_time):
    """Over the end of the summer time, on which an hour comes twice."""
    start = date(2026, 10, 15)
    known = [
        Days(start + timedelta(days=first), start + timedelta(days=first + length), *hours)
        for first, length, *hours in others
        if length or None in hours or hours[0] < hours[1]
    ]
    wanted = Days(start + timedelta(days=5), start + timedelta(days=15), from_time, until_time)
    span = absence_span(wanted, PARIS)
    moments = [span.start + timedelta(hours=number) for number in range(int(span.duration / timedelta(hours=1)))]

    by_day = Counter()
    for moment in moments:
        day = moment.astimezone(PARIS).date()
        by_day[day] = max(by_day[day], sum(moment in absence_span(each, PARIS) for each in known))
    day, most = worst(wanted, known)
    assert most == max(by_day.values()) == by_day[day]
    same = [each for each, count in by_day.items() if count == most]
    assert day == next((each for each in same if each.weekday() != 6), same[0])


def test_worst_day_is_the_first_on_which_most_are_away():
    others = [Days(date(2026, 8, 12), date(2026, 8, 14)), Days(date(2026, 8, 14), date(2026, 8, 20))]

    assert worst(Days(date(2026, 8, 10), date(2026, 8, 31)), others) == (date(2026, 8, 14), 2)
    assert worst(Days(TODAY, TODAY), []) == (TODAY, 0)
