"""When what is told goes out, over quiet hours, digests and both changes of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.notices.rules import When, choices
from cpts_net.notices.timing import CLOSE, USUAL, Due, Hours, after_quiet_hours, due, next_digest

PARIS = ZoneInfo("Europe/Paris")
NOBODY_QUIET = Hours(quiet_from=None, quiet_until=None)
DIGESTS = (When.DAILY, When.WEEKLY)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
# Around the night in which clocks jump, and the one in which they go back.
changes = st.sampled_from([datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
near_changes = st.builds(lambda day, minutes: day + timedelta(minutes=minutes), changes, st.integers(-3000, 3000))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
quiet = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1]) | st.just((None, None))
hours = st.builds(lambda pair, at, weekday: Hours(*pair, at, weekday), quiet, times, st.integers(0, 6))


def local(*parts, fold=0):
    return datetime(*parts, tzinfo=PARIS, fold=fold).astimezone(UTC)


def test_what_happens_at_night_waits_for_the_morning():
    assert due(When.AT_ONCE, USUAL, local(2026, 8, 12, 23, 10), PARIS) == Due(local(2026, 8, 13, 7), in_digest=False)
    assert due(When.AT_ONCE, USUAL, local(2026, 8, 12, 6, 59), PARIS) == Due(local(2026, 8, 12, 7), in_digest=False)


@pytest.mark.parametrize("at", [local(2026, 8, 12, 7), local(2026, 8, 12, 20, 59)])
def test_what_happens_by_day_goes_at_once(at):
    assert due(When.AT_ONCE, USUAL, at, PARIS) == Due(at, in_digest=False)


def test_quiet_hours_by_day_are_kept_as_well():
    siesta = Hours(time(12), time(14))

    assert due(When.AT_ONCE, siesta, local(2026, 8, 12, 13), PARIS).at == local(2026, 8, 12, 14)
    assert due(When.AT_ONCE, siesta, local(2026, 8, 12, 23), PARIS).at == local(2026, 8, 12, 23)


def test_what_answers_ones_own_act_or_is_about_security_waits_for_no_morning():
    night = local(2026, 8, 12, 23, 10)

    assert due(When.AT_ONCE, USUAL, night, PARIS, waits=False) == Due(night, in_digest=False)


@pytest.mark.parametrize(("begins", "expected"), [((13, 11, 10), (12, 23, 10)), ((13, 11, 11), (13, 7, 0))])
def test_what_begins_within_twelve_hours_breaks_the_quiet(begins, expected):
    begins_at = local(2026, 8, *begins)

    found = due(When.AT_ONCE, USUAL, local(2026, 8, 12, 23, 10), PARIS, begins_at=begins_at)

    assert found == Due(local(2026, 8, *expected), in_digest=False)


def test_a_digest_goes_at_its_hour_and_a_weekly_one_on_its_day():
    wednesday = local(2026, 8, 12, 10)
    friday = Hours(digest_at=time(18), digest_weekday=4)

    assert due(When.DAILY, USUAL, wednesday, PARIS) == Due(local(2026, 8, 13, 7, 30), in_digest=True)
    assert due(When.WEEKLY, friday, wednesday, PARIS) == Due(local(2026, 8, 14, 18), in_digest=True)
    assert due(When.WEEKLY, friday, local(2026, 8, 14, 18), PARIS).at == local(2026, 8, 21, 18)


@pytest.mark.parametrize("when", DIGESTS)
def test_what_would_begin_too_soon_after_its_digest_does_not_wait_for_it(when):
    now = local(2026, 8, 12, 10)
    digest = next_digest(when, USUAL, now, PARIS)

    soon = due(when, USUAL, now, PARIS, begins_at=digest + CLOSE)
    later = due(when, USUAL, now, PARIS, begins_at=digest + CLOSE + timedelta(seconds=1))

    assert (soon, later) == (Due(now, in_digest=False), Due(digest, in_digest=True))


def test_who_wants_to_hear_nothing_hears_nothing():
    assert due(When.NEVER, USUAL, local(2026, 8, 12, 10), PARIS, begins_at=local(2026, 8, 12, 11)) is None


def test_nothing_rarer_than_the_floor_can_be_chosen():
    assert choices(When.DAILY) == [When.AT_ONCE, When.DAILY]
    assert choices(When.NEVER) == list(When)


def test_a_digest_at_an_hour_that_the_clocks_skip_goes_as_they_jump():
    half_past_two = Hours(None, None, digest_at=time(2, 30))
    eve = local(2026, 3, 28, 12)

    first = next_digest(When.DAILY, half_past_two, eve, PARIS)

    assert first == local(2026, 3, 29, 3)
    assert next_digest(When.DAILY, half_past_two, first, PARIS) == local(2026, 3, 30, 2, 30)


def test_a_digest_at_an_hour_that_comes_twice_goes_once():
    half_past_two = Hours(None, None, digest_at=time(2, 30))

    first = next_digest(When.DAILY, half_past_two, local(2026, 10, 24, 12), PARIS)

    assert first == local(2026, 10, 25, 2, 30)
    assert next_digest(When.DAILY, half_past_two, first, PARIS) == local(2026, 10, 26, 2, 30)
    between = local(2026, 10, 25, 2, 10, fold=1)
    assert next_digest(When.DAILY, half_past_two, between, PARIS) == local(2026, 10, 26, 2, 30)


@pytest.mark.parametrize(("eve", "length"), [((2026, 3, 28), 9), ((2026, 10, 24), 11)])
def test_the_night_of_a_change_is_quiet_from_nine_to_seven_by_the_clock(eve, length):
    begin = local(*eve, 21)

    until = after_quiet_hours(begin, USUAL, PARIS)

    assert until - begin == timedelta(hours=length)
    assert until.astimezone(PARIS).time() == time(7)
    assert after_quiet_hours(until, USUAL, PARIS) == until


def test_quiet_hours_that_end_at_a_skipped_hour_end_as_the_clocks_jump():
    assert after_quiet_hours(local(2026, 3, 28, 23), Hours(time(22), time(2, 30)), PARIS) == local(2026, 3, 29, 3)


@given(hours, moments | near_changes)
def test_nothing_waits_backwards_nor_beyond_a_day_of_quiet(own, now):
    then = after_quiet_hours(now, own, PARIS)

    assert now <= then <= now + timedelta(hours=25)
    assert after_quiet_hours(then, own, PARIS) == then


@given(st.sampled_from(DIGESTS), hours, moments | near_changes)
def test_there_is_one_digest_a_day_and_one_a_week(when, own, now):
    first = next_digest(when, own, now, PARIS)
    second = next_digest(when, own, first, PARIS)
    apart = second.astimezone(PARIS).date() - first.astimezone(PARIS).date()

    assert now < first
    # An hour that is skipped is told by the next one, an hour that comes twice by its first.
    assert apart == timedelta(days=1 if when is When.DAILY else 7)
    assert next_digest(when, own, first - timedelta(seconds=1), PARIS) == first


@given(st.sampled_from(list(When)), hours, near_changes, st.integers(-1000, 20_000), st.booleans())
def test_whatever_is_chosen_is_told_once_before_it_begins_and_never_at_a_quiet_hour_without_need(
    when, own, now, minutes, waits
):
    begins_at = now + timedelta(minutes=minutes)

    found = due(when, own, now, PARIS, begins_at=begins_at, waits=waits)

    if when is When.NEVER:
        assert found is None
        return
    assert found.at >= now
    if begins_at - now <= CLOSE:
        assert found == Due(now, in_digest=False)
    elif waits or found.in_digest:
        assert after_quiet_hours(found.at, own, PARIS) == found.at
    if found.in_digest:
        assert begins_at - found.at > CLOSE
        assert when in DIGESTS
