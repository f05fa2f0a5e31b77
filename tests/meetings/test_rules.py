from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.directory.trades import trade_of
from cpts_net.meetings import rules
from cpts_net.meetings.rules import ANSWERS, IF_NEED_BE, NO, YES, Option
from cpts_net.spans import Span

START = datetime(2026, 9, 1, 18, tzinfo=UTC)
DOCTOR, PHARMACIST, NURSE = trade_of("10"), trade_of("21"), trade_of("60")
GROUP = {1: DOCTOR, 2: PHARMACIST, 3: NURSE, 4: DOCTOR}
answers = st.dictionaries(st.integers(1, 6), st.sampled_from(ANSWERS))
polls = st.lists(answers, min_size=1, max_size=6).map(lambda said: [option(n, each) for n, each in enumerate(said)])


def option(number, said):
    start = START + timedelta(days=number)
    return Option(number, Span(start, start + timedelta(hours=2)), said)


def ids(ranked):
    return [date.option_id for date in ranked]


def test_a_date_says_who_can_come_and_which_trade_lacks():
    (date,) = rules.ranking([option(0, {1: YES, 2: IF_NEED_BE, 3: NO})], GROUP)

    assert (date.yes, date.if_need_be, date.no, date.missing) == (1, 1, 1, (PHARMACIST, NURSE))


def test_those_without_a_trade_count_and_are_missed_by_nobody():
    said = {1: YES, 5: YES}

    (date,) = rules.ranking([option(0, said)], {1: NURSE, 5: None, 6: None})

    assert (date.yes, date.missing) == (2, ())


def test_most_people_then_most_yes_then_trades_then_the_earliest_date_win():
    dates = [
        option(0, {1: YES, 4: YES}),
        option(1, {1: YES, 2: YES}),
        option(2, {1: YES, 2: YES}),
        option(3, {1: YES, 2: IF_NEED_BE, 3: IF_NEED_BE}),
        option(4, {1: YES, 2: YES, 3: IF_NEED_BE}),
    ]

    assert ids(rules.ranking(dates, GROUP)) == [4, 3, 1, 2, 0]


def test_nothing_is_missing_before_anybody_answered():
    (date,) = rules.ranking([option(0, {})], GROUP)

    assert date.missing == ()


@pytest.mark.parametrize(
    ("said", "is_won"), [({}, False), ({1: NO}, False), ({1: IF_NEED_BE}, True), ({9: YES}, False)]
)
def test_a_date_wins_only_when_somebody_could_come(said, is_won):
    assert rules.has_winner(rules.ranking([option(0, said)], GROUP)) is is_won


@given(polls)
def test_a_trade_lacks_everywhere_exactly_when_it_lacks_on_each_date_that_was_answered(dates):
    ranked = rules.ranking(dates, GROUP)
    answered = [date for date in ranked if date.yes + date.if_need_be + date.no]

    everywhere = rules.missing_everywhere(ranked)

    if len(answered) > 1:
        assert {*everywhere} == set.intersection(*({*date.missing} for date in answered))
    else:
        assert everywhere == ()


def test_without_dates_nothing_wins():
    assert not rules.has_winner([])


@given(polls, st.randoms())
def test_the_order_of_the_dates_does_not_matter(dates, random):
    shuffled = random.sample(dates, len(dates))

    assert rules.ranking(shuffled, GROUP) == rules.ranking(dates, GROUP)


@given(polls)
def test_every_date_is_ranked_once_and_counts_only_the_group(dates):
    ranked = rules.ranking(dates, GROUP)

    assert sorted(ids(ranked)) == sorted(date.id for date in dates)
    for date in ranked:
        said = [answer for person, answer in dates[date.option_id].answers.items() if person in GROUP]
        assert date.yes + date.if_need_be + date.no == len(said) <= len(GROUP)


@given(polls, st.data())
def test_a_better_answer_never_lowers_a_date(dates, data):
    chosen = data.draw(st.sampled_from(dates))
    person = data.draw(st.sampled_from(sorted(GROUP)))
    said = chosen.answers.get(person, NO)
    better = {NO: IF_NEED_BE, IF_NEED_BE: YES, YES: YES}[said]
    improved = Option(chosen.id, chosen.span, {**chosen.answers, person: better})
    others = [date for date in dates if date is not chosen]

    before = ids(rules.ranking(dates, GROUP)).index(chosen.id)
    after = ids(rules.ranking([*others, improved], GROUP)).index(chosen.id)

    assert after <= before


@given(polls)
def test_a_profession_is_missing_exactly_when_none_of_it_said_yes(dates):
    for date in rules.ranking(dates, GROUP):
        said = {person: answer for person, answer in dates[date.option_id].answers.items() if person in GROUP}
        for profession in GROUP.values() if said else ():
            has_yes = any(answer == YES and GROUP[person] == profession for person, answer in said.items())
            assert (profession in date.missing) is not has_yes


def test_answers_are_taken_until_the_deadline():
    rules.check_takes_answers(START, None, START - timedelta(seconds=1))
    for deadline, closed_at, now in [(START, None, START), (START, START, START - timedelta(days=1))]:
        with pytest.raises(rules.PollOver):
            rules.check_takes_answers(deadline, closed_at, now)


def test_a_meeting_is_ahead_until_it_ends_or_is_cancelled():
    rules.check_is_ahead(START, None, START - timedelta(seconds=1))
    with pytest.raises(rules.MeetingOver):
        rules.check_is_ahead(START, None, START)
    with pytest.raises(rules.MeetingCancelled):
        rules.check_is_ahead(START, START, START - timedelta(days=1))
