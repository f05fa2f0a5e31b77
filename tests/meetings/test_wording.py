from datetime import UTC, datetime, timedelta

import pytest

from cpts_net.directory.trades import trade_of
from cpts_net.meetings.rules import Ranked
from cpts_net.meetings.wording import because, by_trade, lacking, shared_civilities
from cpts_net.spans import Span

START = datetime(2026, 9, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("yes", "if_need_be", "no", "missing", "said"),
    [
        (9, 2, 0, (trade_of("21"),), "9 oui, 2 si besoin, il manque un pharmacien"),
        (1, 0, 3, (), "1 oui, 3 non"),
        (0, 0, 0, (), "0 oui"),
        (
            2,
            0,
            0,
            (trade_of("50"), trade_of("60"), trade_of("10", "SM26")),
            "2 oui, il manque une sage-femme, une infirmière et un médecin généraliste",
        ),
    ],
)
def test_a_date_says_why_it_suits(context, yes, if_need_be, no, missing, said):
    date = Ranked(1, Span(START, START + timedelta(hours=1)), yes, if_need_be, no, missing)

    assert because(date, {trade_of("60"): "MME"}) == said


def test_what_is_said_above_for_all_dates_is_not_said_again(context):
    missing = (trade_of("21"), trade_of("60"))
    date = Ranked(1, Span(START, START + timedelta(hours=1)), 1, 0, 0, missing)

    assert because(date, {}, said_above=missing[:1]) == "1 oui, il manque un infirmier"
    assert because(date, {}, said_above=missing) == "1 oui"
    assert lacking(missing, {}) == "Quelle que soit la date, il manque un pharmacien et un infirmier."
    assert lacking((), {}) == ""


def test_a_trade_is_said_in_the_gender_that_all_in_the_group_share(make):
    people = [
        make.person(profession=code, civility=civility)
        for code, civility in (("60", "MME"), ("60", "M"), ("21", "MME"))
    ]

    assert shared_civilities(people) == {trade_of("21"): "MME"}


def test_who_comes_is_said_by_trade_the_most_first_and_those_without_one_last(make, context):
    people = [make.person() for _ in range(2)]
    people += [make.person(profession="60"), make.colleague("Hélène Garnier"), make.colleague("Paul Vidal")]

    assert by_trade(people) == ["2 médecins généralistes", "1 infirmier", "2 autres personnes"]
    assert by_trade([]) == []
