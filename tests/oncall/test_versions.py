from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.oncall.versions import PatternsOverlap, Version, changed, refuse_overlap

TODAY = date(2026, 8, 12)
DAY = timedelta(days=1)


def version(weekdays="01234", opens=8, closes=18, *, since=TODAY - 30 * DAY, until=None, holidays="as_usual", **more):
    return Version(weekdays, holidays, time(opens), time(closes), 120, since, until, **more)


def test_what_is_said_again_stays_as_it_is():
    old = version(id=7)

    assert changed([old], [version(id=7)], TODAY) == [old]
    assert changed([old], [version()], TODAY) == [old]


def test_a_change_to_come_leaves_the_days_before_it_alone():
    later = TODAY + 20 * DAY

    assert changed([version(id=7)], [version(closes=20, since=later, id=7)], TODAY) == [
        version(until=later - DAY, id=7),
        version(closes=20, since=later),
    ]


def test_what_has_ended_stays_and_what_has_not_begun_goes():
    over = version(until=TODAY - DAY, id=7)
    to_come = version(since=TODAY + DAY, id=8)

    assert changed([over, to_come], [], TODAY) == [over]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (version(), version("4", 17, 20)),
        (version("6", 20, 8), version("0", 7, 9)),  # A Sunday night reaches into Monday.
        (version("0", 8, 8), version("1", 7, 9)),
        (version("", 8, 10, holidays="also"), version("0", 9, 11)),
    ],
)
def test_two_that_are_open_at_once_are_refused(one, two):
    with pytest.raises(PatternsOverlap):
        refuse_overlap([one, two])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (version(), version("01234", 18, 8)),
        (version("0123456", 8, 20), version("0123456", 20, 8)),
        (version(until=TODAY), version(since=TODAY + DAY)),
        (version(holidays="closed"), version("", holidays="also")),
    ],
)
def test_those_that_touch_are_not(one, two):
    refuse_overlap([one, two])


VERSIONS = st.builds(
    version,
    st.sampled_from(["01234", "56"]),
    st.sampled_from([8, 9]),
    st.sampled_from([18, 20]),
    since=st.integers(-5, 9).map(lambda days: TODAY + days * DAY),
    seats_min=st.integers(1, 2),
    seats_max=st.just(2),
)


def holding(versions, day):
    """What a line says of a day."""
    return sorted(repr(each.terms) for each in versions if each.valid_from <= day <= (each.valid_until or date.max))


@given(st.lists(st.lists(VERSIONS, max_size=2), min_size=1, max_size=6))
def test_no_history_of_changes_alters_a_day_that_is_past(history):
    """Each change on another day; what a line said of the days before stays said."""
    versions, number, today = [], 0, TODAY
    for wanted in history:
        today += DAY
        past = {day: holding(versions, day) for day in (TODAY - 40 * DAY, TODAY, today - DAY)}
        versions = changed(versions, [*wanted, *versions[: len(versions) // 2]], today)
        number += len(versions)
        versions = [
            each if each.id else Version(**{**vars(each), "id": number + place}) for place, each in enumerate(versions)
        ]
        assert {day: holding(versions, day) for day in past} == past
