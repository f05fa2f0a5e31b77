from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.departures.rules import (
    LeavesTooLate,
    LeftInThePast,
    Matter,
    Side,
    Standing,
    Stated,
    Timed,
    Unsettled,
    check_leaves_on,
    clashes,
    dropped,
    selves,
    taken,
)
from cpts_net.directory.rules import survivor_of
from cpts_net.spans import Span

START = datetime(2026, 8, 14, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = date(2026, 8, 12)


def hours(first, last):
    return Span(START + first * HOUR, START + last * HOUR)


def apart(row, lengths):
    """Rows of one person, none of which overlap."""
    at, rows = 0, []
    for number, (pause, length) in enumerate(lengths):
        rows.append(Timed(row + number, hours(at + pause, at + pause + length)))
        at += pause + length
    return tuple(rows)


LENGTHS = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 12)), max_size=6)
SAID = st.dictionaries(st.tuples(st.integers(1, 4), st.integers(1, 2)), st.sampled_from(["", "yes", "no"]), max_size=6)
VALUES = st.dictionaries(st.sampled_from([Matter.NAME, Matter.NUMBER]), st.sampled_from(["", "a", "b"]))


def stated(row, said):
    return tuple(Stated(row + at, *key, words) for at, (key, words) in enumerate(sorted(said.items())))


def standings(row):
    """Somebody whose rows are numbered from ``row``; those of the two never share a number."""
    return st.builds(
        lambda values, duties, absences, relays, answers: Standing(
            values, apart(row, duties), apart(row, absences), stated(row, relays), (), (), stated(row, answers)
        ),
        VALUES,
        LENGTHS,
        LENGTHS,
        SAID,
        SAID,
    )


ONE, OTHER, SIDES = standings(1), standings(1000), st.sampled_from(Side)


@given(ONE, OTHER, st.data(), SIDES)
def test_whatever_is_chosen_one_person_remains_who_is_nowhere_twice(one, other, data, survivor):
    chosen = {clash.key: data.draw(SIDES) for clash in clashes(one, other)}

    lost = dropped(one, other, chosen, survivor)

    for matter in one.timed:
        kept = [each for each in (*one.timed[matter], *other.timed[matter]) if each.row not in lost.get(matter, ())]
        assert not any(a.span.overlaps(b.span) for a in kept for b in kept if a.row < b.row)
    for matter in one.stated:
        kept = [each for each in (*one.stated[matter], *other.stated[matter]) if each.row not in lost.get(matter, ())]
        assert max(Counter((each.about, each.part) for each in kept).values(), default=1) == 1
    absences = {each.row for each in (*one.absences, *other.absences)}
    assert all(row in lost.get(Matter.RELAY, ()) for row in selves(one, other) | selves(other, one)) or not absences


@given(ONE, OTHER, st.data(), SIDES)
def test_nothing_is_lost_that_nothing_stands_against(one, other, data, survivor):
    found = clashes(one, other)
    chosen = {clash.key: data.draw(SIDES) for clash in found}

    lost = dropped(one, other, chosen, survivor)

    for matter in one.timed:
        mine, theirs = one.timed[matter], other.timed[matter]
        free = {a.row for a in mine if not any(a.span.overlaps(b.span) for b in theirs)}
        in_a_clash = {row for clash in found if clash.matter is matter for row in clash.one}
        assert free - in_a_clash <= {a.row for a in mine} - lost.get(matter, set())
    for clash in found:
        kept, gone = (clash.one, clash.other) if chosen[clash.key] is Side.ONE else (clash.other, clash.one)
        assert not set(kept) & lost.get(clash.matter, set())
        assert set(gone) <= lost.get(clash.matter, set())
    for matter in one.stated:
        keys = [{(each.about, each.part) for each in side.stated[matter]} for side in (one, other)]
        alone = {
            e.row for e in (*one.stated[matter], *other.stated[matter]) if (e.about, e.part) not in keys[0] & keys[1]
        }
        clashing = {row for clash in found for row in (*clash.one, *clash.other)}
        assert not (alone - clashing - selves(one, other) - selves(other, one)) & lost.get(matter, set())


@given(ONE, OTHER)
def test_it_does_not_matter_who_is_named_first(one, other):
    there = {(clash.matter, clash.one, clash.other) for clash in clashes(one, other)}
    back = {(clash.matter, clash.other, clash.one) for clash in clashes(other, one)}

    assert there == back


@given(ONE)
def test_whoever_is_merged_with_an_empty_row_loses_nothing(one):
    assert clashes(one, Standing()) == []
    assert dropped(one, Standing(), {}, Side.OTHER) == {}
    assert all(taken(one, Standing(), {}, matter) == one.values.get(matter, "") for matter in Matter)


@given(ONE, OTHER, SIDES)
def test_nothing_is_guessed(one, other, survivor):
    found = clashes(one, other)
    if found:
        with pytest.raises(Unsettled) as refused:
            dropped(one, other, {clash.key: Side.ONE for clash in found[1:]}, survivor)
        assert refused.value.keys == {found[0].key}


def test_a_night_that_meets_two_evenings_is_decided_with_both():
    one = Standing(duties=(Timed(1, hours(0, 12)),))
    other = Standing(duties=(Timed(2, hours(-2, 1)), Timed(3, hours(11, 14)), Timed(4, hours(14, 16))))

    (clash,) = clashes(one, other)

    assert (clash.one, clash.other) == ((1,), (2, 3))
    assert dropped(one, other, {clash.key: Side.OTHER}, Side.ONE) == {Matter.DUTY: {1}}


def test_a_relay_of_the_others_absence_ends_with_nobody_asked():
    one = Standing(absences=(Timed(7, hours(0, 24)),))
    other = Standing(relays=(Stated(3, 7, 0, "accepted"), Stated(4, 8, 0, "")))

    assert clashes(one, other) == []
    assert dropped(one, other, {}, Side.ONE) == {Matter.RELAY: {3}}


def test_an_answer_stands_before_silence_and_the_survivors_before_the_same_of_the_other():
    one = Standing(invitations=(Stated(1, 5, 0, ""), Stated(2, 6, 0, "yes")))
    other = Standing(invitations=(Stated(3, 5, 0, "no"), Stated(4, 6, 0, "yes")))

    assert clashes(one, other) == []
    assert dropped(one, other, {}, Side.ONE) == {Matter.INVITATION: {1, 4}}
    assert dropped(one, other, {}, Side.OTHER) == {Matter.INVITATION: {1, 2}}


def test_what_only_one_of_them_says_is_taken_and_what_both_say_is_chosen():
    one = Standing({Matter.NUMBER: "10001", Matter.NAME: "Anne Petit"})
    other = Standing({Matter.NUMBER: "10002", Matter.PHONE: "+33612345678", Matter.NAME: "Anne Petit"})

    assert [clash.key for clash in clashes(one, other)] == ["number"]
    chosen = {"number": Side.OTHER}
    assert taken(one, other, chosen, Matter.NUMBER) == "10002"
    assert taken(one, other, chosen, Matter.PHONE) == "+33612345678"
    assert taken(one, other, chosen, Matter.FUNCTION) == ""


def test_a_number_leads_to_whoever_it_stands_for_now():
    assert survivor_of(1, {}) == 1
    assert survivor_of(1, {1: 2, 2: 5}) == 5
    with pytest.raises(ValueError, match="into themselves"):
        survivor_of(1, {1: 2, 2: 1})


@pytest.mark.parametrize(("days", "refused"), [(-1, LeftInThePast), (367, LeavesTooLate)])
def test_nobody_leaves_on_a_day_that_is_over_or_a_slip(days, refused):
    with pytest.raises(refused):
        check_leaves_on(TODAY + timedelta(days), TODAY)


@pytest.mark.parametrize("days", [0, 1, 366])
def test_somebody_leaves_today_or_later(days):
    check_leaves_on(TODAY + timedelta(days), TODAY)
