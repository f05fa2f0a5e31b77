from datetime import date, time

import pytest

from cpts_net.leave.rules import NOON, Declaration
from cpts_net.leave.wording import away

MONDAY, FRIDAY = date(2026, 8, 17), date(2026, 8, 21)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((MONDAY, FRIDAY), "du lundi 17 au vendredi 21 août"),
        ((MONDAY, MONDAY), "le lundi 17 août"),
        ((MONDAY, MONDAY, NOON), "le lundi 17 août, l’après-midi"),
        ((MONDAY, MONDAY, None, NOON), "le lundi 17 août, le matin"),
        ((MONDAY, MONDAY, time(9), time(11, 30)), "le lundi 17 août de 9\u202fh à 11\u202fh\u202f30"),
        ((MONDAY, MONDAY, time(14)), "le lundi 17 août, à partir de 14\u202fh"),
        ((MONDAY, MONDAY, None, time(10)), "le lundi 17 août, jusqu’à 10\u202fh"),
        (
            (MONDAY, FRIDAY, NOON, NOON),
            "du lundi 17 au vendredi 21 août, à partir de midi, jusqu’à midi le dernier jour",
        ),
        (
            (MONDAY, FRIDAY, time(18, 30), time(8)),
            "du lundi 17 au vendredi 21 août, à partir de 18\u202fh\u202f30, jusqu’à 8\u202fh le dernier jour",
        ),
    ],
)
def test_absences_are_said_to_the_hour(context, days, said):
    assert away(Declaration(*days)) == said
