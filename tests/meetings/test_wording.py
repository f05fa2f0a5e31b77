from datetime import UTC, datetime, timedelta

import pytest

from cpts_net.meetings.rules import Ranked
from cpts_net.meetings.wording import because
from cpts_net.spans import Span

START = datetime(2026, 9, 1, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("yes", "if_need_be", "no", "missing", "said"),
    [
        (9, 2, 0, ("Pharmacien",), "9 oui, 2 si besoin, il manque un pharmacien"),
        (1, 0, 3, (), "1 oui, 3 non"),
        (0, 0, 0, (), "0 oui"),
        (
            2,
            0,
            0,
            ("Sage-femme", "Infirmier", "Médecin"),
            "2 oui, il manque une sage-femme, un infirmier et un médecin",
        ),
    ],
)
def test_a_date_says_why_it_suits(context, yes, if_need_be, no, missing, said):
    date = Ranked(1, Span(START, START + timedelta(hours=1)), yes, if_need_be, no, missing)

    assert because(date) == said
