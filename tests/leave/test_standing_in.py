"""Who stands in, from one change to the next."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.leave.standing_in import FOREVER, Leg, Whereabouts, effective_relay, stand_ins
from cpts_net.spans import Span

MIDNIGHT = datetime(2026, 8, 17, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)
A, B, C, D = 1, 2, 3, 4


def at(day: float) -> datetime:
    return MIDNIGHT + timedelta(days=day)


def chain_at_noon(person, away):
    """The chain while ``away`` maps those who are absent all day to their relays."""
    whereabouts = Whereabouts({each: [Leg(at(0), at(1), relays)] for each, relays in away.items()})
    return effective_relay(person, away.get(person, ()), NOON, whereabouts)


@pytest.mark.parametrize(
    ("away", "people", "effective"),
    [
        ({A: [B]}, (B,), B),
        ({A: [B], B: [C]}, (B, C), C),
        ({A: [B, D], B: [C]}, (B, D), D),
        ({A: [B, D], B: [C], D: []}, (B, D, C), C),
        ({A: [B], B: [A]}, (B,), None),
        ({A: [B], B: [C], C: [B]}, (B, C), None),
        ({A: [B], B: []}, (B,), None),
        ({A: []}, (), None),
        ({B: [C]}, (), None),
    ],
    ids=[
        "there",
        "chain",
        "own second first",
        "relay of a relay",
        "circle",
        "circle of two",
        "dead end",
        "none",
        "not away",
    ],
)
def test_effective_relay_is_the_first_who_is_there(away, people, effective):
    chain = chain_at_noon(A, away)

    assert (chain.people, chain.effective) == (people, effective)


MEMBERS = st.integers(min_value=1, max_value=6)


@given(st.dictionaries(MEMBERS, st.lists(MEMBERS, max_size=3)), MEMBERS)
def test_effective_relay_is_present_and_everybody_tried_before_is_absent(away, person):
    chain = chain_at_noon(person, away)

    assert len(set(chain.people)) == len(chain.people)
    assert person not in chain.people
    assert chain.effective not in away
    absent = chain.people if chain.effective is None else chain.people[:-1]
    assert all(person in away for person in absent)
    assert chain.effective is None or chain.people[-1] == chain.effective


def test_a_chain_says_until_when_nothing_changes_among_those_tried():
    whereabouts = Whereabouts({B: [Leg(at(0), at(3), (C,))], C: [Leg(at(2), at(5), ())], D: [Leg(at(1), at(2), ())]})

    assert effective_relay(A, (B, D), NOON, whereabouts).until == at(1)
    assert effective_relay(A, (B,), NOON, whereabouts).until == at(2)
    assert effective_relay(A, (A,), NOON, whereabouts).until == FOREVER


def test_a_relay_who_leaves_in_the_middle_hands_on_in_the_middle():
    whereabouts = Whereabouts({B: [Leg(at(2), at(4), (C,))]})

    found = stand_ins(A, (B,), Span(at(0), at(6)), whereabouts)

    assert [(each.span, each.effective) for each in found] == [
        (Span(at(0), at(2)), B),
        (Span(at(2), at(4)), C),
        (Span(at(4), at(6)), B),
    ]


def test_what_changes_among_those_who_are_not_tried_changes_nothing():
    whereabouts = Whereabouts({C: [Leg(at(2), at(4), (D,))]})

    assert len(stand_ins(A, (B, C), Span(at(0), at(6)), whereabouts)) == 1


PEOPLE = st.integers(min_value=1, max_value=6)
RELAYS = st.lists(PEOPLE, max_size=3).map(tuple)


@st.composite
def legs(draw):
    """The times away of one person: in order, apart or touching."""
    edges = sorted(draw(st.sets(st.integers(0, 24), max_size=8)))
    return [Leg(at(start / 2), at(end / 2), draw(RELAYS)) for start, end in pairwise(edges) if draw(st.booleans())]


@given(st.dictionaries(PEOPLE, legs()), PEOPLE, RELAYS, st.integers(0, 12), st.integers(1, 12))
def test_a_chain_over_time_equals_the_chain_asked_at_each_instant(away, person, relays, first, length):
    whereabouts = Whereabouts(away)
    span = Span(at(first), at(first + length))

    found = stand_ins(person, relays, span, whereabouts)

    assert (found[0].span.start, found[-1].span.end) == (span.start, span.end)
    assert all(one.span.end == other.span.start for one, other in pairwise(found))
    assert all((one.people, one.effective) != (other.people, other.effective) for one, other in pairwise(found))
    for quarter in range(first * 4, (first + length) * 4):
        moment = at(quarter / 4)
        chain = asked_at(moment, person, relays, away)
        (stretch,) = [each for each in found if moment in each.span]
        assert (stretch.people, stretch.effective) == chain


def asked_at(moment, person, relays, away):
    """The chain at one instant, by nothing but who is away then: the rule told again, without a walk."""
    absent = {each: leg.relays for each, those in away.items() for leg in those if leg.start <= moment < leg.end}
    tried, waiting = [], list(relays)
    while waiting:
        relay = waiting.pop(0)
        if relay in tried or relay == person:
            continue
        tried.append(relay)
        if relay not in absent:
            return tuple(tried), relay
        waiting += absent[relay]
    return tuple(tried), None
