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
    from_noon: bool = False
    until_noon: bool = False


def test_absence_lasts_until_the_midnight_after_its_last_day():
    span = absence_span(Days(date(2026, 8, 3), date(2026, 8, 14)), PARIS)

    assert span.start == datetime(2026, 8, 2, 22, 0, tzinfo=UTC)
    assert span.end == datetime(2026, 8, 14, 22, 0, tzinfo=UTC)


def test_half_days_begin_and_end_at_local_noon():
    span = absence_span(Days(date(2026, 8, 3), date(2026, 8, 4), from_noon=True, until_noon=True), REUNION)

    assert span.start == datetime(2026, 8, 3, 8, 0, tzinfo=UTC)
    assert span.end == datetime(2026, 8, 4, 8, 0, tzinfo=UTC)


def test_morning_alone_ends_at_noon():
    span = absence_span(Days(date(2026, 8, 3), date(2026, 8, 3), until_noon=True), PARIS)

    assert span.duration == timedelta(hours=12)


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
        ((TODAY, TODAY), {"from_noon": True, "until_noon": True}, NothingLeft),
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
        declared(TODAY, TODAY, until_noon=True),
        declared(TODAY, TODAY + timedelta(days=1), from_noon=True, until_noon=True),
        declared(TODAY, TODAY + timedelta(days=365)),
        declared(TODAY - timedelta(days=366), TODAY - timedelta(days=360)),
    ],
)
def test_days_at_the_edge_of_reason_are_allowed(days):
    check_age(days, TODAY)


def test_an_absence_of_more_than_a_year_ago_is_too_old():
    with pytest.raises(TooOld):
        check_age(declared(TODAY - timedelta(days=367), TODAY - timedelta(days=300)), TODAY)


def test_a_morning_and_an_afternoon_make_one_absent_colleague():
    day = Days(date(2026, 9, 1), date(2026, 9, 1))
    morning, afternoon = replace(day, until_noon=True), replace(day, from_noon=True)

    assert worst_day(day, [morning, afternoon]) == (day.first_day, 1)
    assert worst_day(morning, [afternoon]) == (day.first_day, 0)
    assert worst_day(day, [morning, afternoon, day]) == (day.first_day, 2)


def test_worst_day_is_no_day_of_rest_while_another_is_as_bad():
    saturday, sunday, monday, tuesday = (date(2026, 8, day) for day in (15, 16, 17, 18))

    assert worst_day(Days(saturday, tuesday), [Days(saturday, tuesday)], {saturday, monday}) == (tuesday, 1)
    assert worst_day(Days(saturday, monday), [Days(sunday, monday)]) == (monday, 1)
    assert worst_day(Days(saturday, monday), [Days(sunday, sunday)]) == (sunday, 1)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.booleans(), st.booleans()), max_size=8))
def test_worst_day_counts_as_one_counts_half_by_half(others):
    start = date(2026, 8, 3)
    known = [
        Days(start + timedelta(days=first), start + timedelta(days=first + length), *halves)
        for first, length, *halves in others
        if length or not all(halves)
    ]
    wanted = Days(start + timedelta(days=5), start + timedelta(days=15))
    noons = [
        datetime.combine(wanted.first_day + timedelta(days=day), time(hour), PARIS)
        for day in range(11)
        for hour in (9, 15)
    ]

    assert worst_day(wanted, known)[1] == max(
        sum(noon in absence_span(each, PARIS) for each in known) for noon in noons
    )


def test_worst_day_is_the_first_on_which_most_are_away():
    others = [Days(date(2026, 8, 12), date(2026, 8, 14)), Days(date(2026, 8, 14), date(2026, 8, 20))]

    assert worst_day(Days(date(2026, 8, 10), date(2026, 8, 31)), others) == (date(2026, 8, 14), 2)
    assert worst_day(Days(TODAY, TODAY), []) == (TODAY, 0)
