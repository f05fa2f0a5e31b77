from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.spans import Span, days_span, local_instant, union

PARIS = ZoneInfo("Europe/Paris")
ZONES = st.sampled_from(
    ["Europe/Paris", "Indian/Reunion", "America/Miquelon", "America/Cayenne", "Pacific/Noumea"]
).map(ZoneInfo)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
SPANS = st.builds(
    lambda start, minutes: Span(start, start + timedelta(minutes=minutes)), INSTANTS, st.integers(1, 60 * 24 * 40)
)
DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1))


def test_a_span_refuses_what_is_no_stretch_of_time():
    moment = datetime(2026, 8, 12, 8, tzinfo=UTC)

    with pytest.raises(ValueError, match="not after"):
        Span(moment, moment)
    with pytest.raises(ValueError, match="time zone"):
        Span(datetime(2026, 8, 12, 8), moment)


def test_a_night_over_the_spring_change_lasts_an_hour_less():
    night = Span(datetime(2027, 3, 27, 20, tzinfo=PARIS), datetime(2027, 3, 28, 8, tzinfo=PARIS))

    assert night.duration == timedelta(hours=11)


@given(span=SPANS, offset=st.integers(-11, 11))
def test_a_span_is_the_same_in_every_zone(span, offset):
    zone = timezone(timedelta(hours=offset))

    assert Span(span.start.astimezone(zone), span.end.astimezone(zone)) == span


@given(first=SPANS, second=SPANS)
def test_two_spans_overlap_when_they_share_an_instant(first, second):
    start, end = max(first.start, second.start), min(first.end, second.end)

    assert first.overlaps(second) == second.overlaps(first) == (start < end)
    assert not first.overlaps(second) or (start in first and start in second)


@given(span=SPANS, minutes=st.integers(1, 600))
def test_touching_spans_share_nothing(span, minutes):
    after = Span(span.end, span.end + timedelta(minutes=minutes))

    assert not span.overlaps(after)
    assert span.end not in span
    assert span.start in span


@given(spans=st.lists(SPANS, max_size=8), moment=INSTANTS)
def test_a_union_holds_the_same_instants_in_spans_apart(spans, moment):
    merged = union(spans)

    assert any(moment in span for span in spans) == any(moment in span for span in merged)
    assert all(before.end < after.start for before, after in pairwise(merged))


@given(day=DAYS, at=st.times().map(lambda at: at.replace(microsecond=0)), zone=ZONES)
def test_a_local_time_that_exists_is_read_back(day, at, zone):
    instant = local_instant(day, at, zone)
    back = instant.astimezone(zone)
    wall = datetime.combine(day, at)

    is_skipped = back.replace(tzinfo=None) != wall
    assert not is_skipped or back.replace(tzinfo=None) - wall <= timedelta(hours=1)
    assert not is_skipped or (instant - timedelta(seconds=1)).astimezone(zone).utcoffset() != back.utcoffset()


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),  # Does not exist: the jump.
        (date(2027, 3, 28), time(3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),  # Twice: the first.
        (date(2026, 12, 31), time(23, 0), datetime(2026, 12, 31, 22, 0, tzinfo=UTC)),
    ],
)
def test_local_times_around_the_changes_of_the_clock(day, at, instant):
    assert local_instant(day, at, PARIS) == instant


@given(first=DAYS, count=st.integers(0, 40), zone=ZONES)
def test_local_days_follow_each_other_without_gap(first, count, zone):
    last = first + timedelta(days=count)
    whole = days_span(first, last, zone)
    parts = [days_span(first + timedelta(days=day), first + timedelta(days=day), zone) for day in range(count + 1)]

    assert union(parts) == [whole]
    assert all(timedelta(hours=23) <= part.duration <= timedelta(hours=25) for part in parts)
    assert whole.start.astimezone(zone).date() == first
