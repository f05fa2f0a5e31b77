from datetime import date

import pytest

from cpts_net.leave.rules import Declaration
from cpts_net.leave.wording import away

MONDAY, FRIDAY = date(2026, 8, 17), date(2026, 8, 21)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((MONDAY, FRIDAY), "du lundi 17 au vendredi 21 août"),
        ((MONDAY, MONDAY), "le lundi 17 août"),
        ((MONDAY, MONDAY, True), "le lundi 17 août, l’après-midi"),
        ((MONDAY, MONDAY, False, True), "le lundi 17 août, le matin"),
        (
            (MONDAY, FRIDAY, True, True),
            "du lundi 17 au vendredi 21 août, à partir de midi, jusqu’à midi le dernier jour",
        ),
    ],
)
def test_absences_are_said_to_the_half_day(context, days, said):
    assert away(Declaration(*days)) == said
