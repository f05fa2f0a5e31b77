from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.oncall.rules import HolidayRule, opens_on, slot_spans
from cpts_net.spans import Span, local_instant, union

PARIS = ZoneInfo("Europe/Paris")
ZONES = [PARIS, ZoneInfo("Indian/Reunion"), ZoneInfo("America/Miquelon"), ZoneInfo("UTC")]


@dataclass(frozen=True)
class Pattern:
    weekdays: str = "0123456"
    holidays: str = HolidayRule.AS_USUAL
    opens_at: time = time(8)
    closes_at: time = time(18)
    slot_minutes: int = 120
    valid_from: date = date(2026, 1, 1)
    valid_until: date | None = None


NIGHT = Pattern(opens_at=time(20), closes_at=time(8), slot_minutes=240)


def on(day, pattern=NIGHT, holidays=frozenset()):
    return slot_spans(pattern, day, day, PARIS, holidays)


def test_a_day_is_cut_into_slots():
    assert on(date(2026, 8, 12), Pattern(closes_at=time(12))) == [
        Span(datetime(2026, 8, 12, 6, tzinfo=UTC), datetime(2026, 8, 12, 8, tzinfo=UTC)),
        Span(datetime(2026, 8, 12, 8, tzinfo=UTC), datetime(2026, 8, 12, 10, tzinfo=UTC)),
    ]


def test_the_last_slot_ends_at_closing_time():
    spans = on(date(2026, 8, 12), Pattern(closes_at=time(13)))

    assert [span.duration for span in spans] == [timedelta(hours=2), timedelta(hours=2), timedelta(hours=1)]


def test_a_night_belongs_to_the_date_on_which_it_starts():
    spans = on(date(2026, 12, 31))

    assert spans[0].start == datetime(2026, 12, 31, 19, tzinfo=UTC)
    assert spans[-1].end == datetime(2027, 1, 1, 7, tzinfo=UTC)


def test_opening_and_closing_at_the_same_time_is_a_whole_day():
    spans = on(date(2026, 8, 12), Pattern(opens_at=time(9), closes_at=time(9), slot_minutes=1440))

    assert [span.duration for span in spans] == [timedelta(hours=24)]


def test_the_night_of_october_has_a_slot_of_five_hours():
    spans = on(date(2026, 10, 24))

    assert [span.duration for span in spans] == [timedelta(hours=hours) for hours in (4, 5, 4)]


def test_the_night_of_march_has_a_slot_of_three_hours():
    spans = on(date(2027, 3, 27))

    assert [span.duration for span in spans] == [timedelta(hours=hours) for hours in (4, 3, 4)]


def test_the_hour_that_march_skips_opens_no_slot():
    spans = on(date(2027, 3, 28), Pattern(opens_at=time(1), closes_at=time(4), slot_minutes=60))

    assert [span.start.hour for span in spans] == [0, 1]
    assert union(spans) == [Span(datetime(2027, 3, 28, 0, tzinfo=UTC), datetime(2027, 3, 28, 2, tzinfo=UTC))]


def test_a_window_inside_the_skipped_hour_opens_nothing():
    assert on(date(2027, 3, 28), Pattern(opens_at=time(2, 15), closes_at=time(2, 45), slot_minutes=30)) == []


@pytest.mark.parametrize(
    ("rule", "weekdays", "is_open"),
    [
        (HolidayRule.AS_USUAL, "1", True),
        (HolidayRule.AS_USUAL, "56", False),
        (HolidayRule.CLOSED, "1", False),
        (HolidayRule.ALSO, "56", True),
        (HolidayRule.ALSO, "1", True),
    ],
)
def test_the_fourteenth_of_july_follows_the_holiday_rule(rule, weekdays, is_open):
    day = date(2026, 7, 14)  # A Tuesday.

    assert opens_on(Pattern(weekdays=weekdays, holidays=rule), day, {day}) is is_open


def test_a_pattern_opens_only_while_it_is_valid():
    pattern = Pattern(slot_minutes=600, valid_from=date(2026, 8, 11), valid_until=date(2026, 8, 12))

    spans = slot_spans(pattern, date(2026, 8, 1), date(2026, 8, 31), PARIS, set())

    assert [span.start.day for span in spans] == [11, 12]


TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
PATTERNS = st.builds(
    Pattern,
    weekdays=st.sets(st.sampled_from("0123456"), min_size=1).map(lambda days: "".join(sorted(days))),
    holidays=st.sampled_from(HolidayRule),
    opens_at=TIMES,
    closes_at=TIMES,
    slot_minutes=st.integers(15, 1440),
)
CHANGES = [date(2026, 10, 25), date(2027, 3, 28), date(2026, 12, 31), date(2026, 8, 12)]
DAYS = st.builds(lambda change, days: change + timedelta(days=days), st.sampled_from(CHANGES), st.integers(-3, 3))


@given(PATTERNS, DAYS, st.integers(0, 10), st.sampled_from(ZONES), st.sets(DAYS))
def test_slots_are_ordered_do_not_overlap_and_fill_their_windows(pattern, first, days, zone, holidays):
    last = first + timedelta(days=days)

    spans = slot_spans(pattern, first, last, zone, holidays)

    assert all(one.end <= other.start for one, other in pairwise(spans))
    dates = [first + timedelta(days=day) for day in range(days + 1)]
    windows = [_window(pattern, day, zone) for day in dates if opens_on(pattern, day, holidays)]
    assert union(spans) == union(window for window in windows if window)


@given(PATTERNS, DAYS, st.integers(0, 10), st.sampled_from(ZONES))
def test_slots_of_some_days_are_those_of_each_day(pattern, first, days, zone):
    dates = [first + timedelta(days=day) for day in range(days + 1)]

    together = slot_spans(pattern, first, dates[-1], zone, set())

    assert together == [span for day in dates for span in slot_spans(pattern, day, day, zone, set())]
    assert together == slot_spans(replace(pattern), first, dates[-1], zone, set())


def _window(pattern, day, zone):
    closing_day = day if pattern.closes_at > pattern.opens_at else day + timedelta(days=1)
    start, end = local_instant(day, pattern.opens_at, zone), local_instant(closing_day, pattern.closes_at, zone)
    return Span(start, end) if start < end else None
