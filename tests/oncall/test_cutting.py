from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cpts_net.oncall.cutting import Wanted, fit
from cpts_net.spans import Span, union

MIDNIGHT = datetime(2026, 8, 12, tzinfo=UTC)


def hours(start, end, *, of=2):
    return Wanted(Span(MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end)), minutes=60 * of)


def fitted(wanted, kept=()):
    found = fit(wanted, [each.span for each in kept])
    return [said(slot.span) for slot in found.slots], [said(span) for span in found.left]


def said(span):
    return tuple((edge - MIDNIGHT).total_seconds() / 3600 for edge in (span.start, span.end))


def test_a_rest_goes_to_the_free_slot_before_it():
    assert fitted([hours(16, 18), hours(18, 20), hours(20, 20.5)]) == ([(16, 18), (18, 20.5)], [])


def test_a_rest_without_one_before_goes_to_the_free_slot_after_it():
    assert fitted([hours(7.5, 8), hours(8, 10)], [hours(5.5, 7.5)]) == ([(7.5, 10)], [])


def test_a_rest_beside_a_held_slot_only_is_left():
    assert fitted([hours(18, 20), hours(20, 20.5)], [hours(18, 20)]) == ([], [(20, 20.5)])


def test_half_a_slot_is_one():
    assert fitted([hours(18, 20), hours(20, 21)]) == ([(18, 20), (20, 21)], [])


def test_a_window_that_is_shorter_than_half_a_slot_and_stands_alone_is_opened():
    assert fitted([hours(8, 9, of=8)]) == ([(8, 9)], [])


SPANS = st.lists(
    st.builds(lambda start, length: hours(start, start + length, of=0), st.integers(0, 40), st.integers(1, 12)),
    max_size=8,
)


@given(SPANS, SPANS)
def test_whole_slots_fill_what_is_wanted_beside_what_is_kept(wanted, kept):
    found = fit(wanted, [each.span for each in kept])
    parts, held = [slot.span for slot in found.slots], [each.span for each in kept]

    assert all(one.end <= other.start for one, other in pairwise(parts))
    assert not any(part.overlaps(other) for part in parts for other in held)
    assert union([*parts, *held]) == union([*(each.span for each in wanted), *held])
    assert found.left == []


CUT = st.lists(
    st.builds(lambda start, length: hours(start, start + length, of=4), st.integers(0, 40), st.integers(1, 12)),
    max_size=8,
)


@given(CUT, SPANS)
def test_no_stump_touches_anything_and_nothing_else_is_lost(wanted, kept):
    held = [each.span for each in kept]
    found = fit(wanted, held)
    parts = [slot.span for slot in found.slots]

    for slot in found.slots:
        touched = [*held, *(part for part in parts if part != slot.span)]
        assert not slot.is_stump or not any(slot.span.start == s.end or s.start == slot.span.end for s in touched)
    assert not any(one.overlaps(other) for one in parts for other in held)
    assert union([*parts, *found.left, *held]) == union([*(each.span for each in wanted), *held])
