from datetime import UTC, date, datetime, time

import pytest

from cpts_net.leave import queries
from cpts_net.spans import Span

AUGUST_12 = Span(datetime(2026, 8, 11, 22, tzinfo=UTC), datetime(2026, 8, 12, 22, tzinfo=UTC))
MORNING = Span(datetime(2026, 8, 12, 6, tzinfo=UTC), datetime(2026, 8, 12, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("first_day", "last_day", "halves", "is_found"),
    [
        (date(2026, 8, 12), date(2026, 8, 12), {}, True),
        (date(2026, 8, 1), date(2026, 8, 31), {}, True),
        (date(2026, 8, 1), date(2026, 8, 11), {}, False),
        (date(2026, 8, 13), date(2026, 8, 14), {}, False),
        (date(2026, 8, 12), date(2026, 8, 14), {"from_time": time(12)}, False),
        (date(2026, 8, 11), date(2026, 8, 12), {"until_time": time(12)}, True),
    ],
)
def test_absences_are_found_to_the_half_day(context, make, first_day, last_day, halves, is_found):
    absence = make.absence(make.person(), first_day, last_day, **halves)

    found = queries.absences_between(MORNING)

    assert [other.id for other in found] == ([absence.id] if is_found else [])


def test_absences_come_with_what_the_board_shows_of_them(context, make):
    relay = make.person("Inès", "Boyer", profession="60")
    make.absence(make.person(), date(2026, 8, 12), date(2026, 8, 12), relays=[relay])

    (absence,) = queries.absences_between(AUGUST_12)

    assert absence.person.profession.label == "Médecin"
    assert absence.person.places[0].commune == "Châteaudun"
    assert [(other.person.profession.label, other.person.places[0].phone) for other in absence.relays] == [
        ("Infirmier", "+33261910001")
    ]


def test_cancelled_absences_are_not_found(context, make):
    make.absence(make.person(), date(2026, 8, 12), date(2026, 8, 12), cancelled_at=datetime(2026, 8, 1, tzinfo=UTC))

    assert queries.absences_between(AUGUST_12) == []


def test_absences_of_some_members_only(context, make):
    anne, paul = make.person(), make.person("Paul", "Roy")
    for person in (anne, paul):
        make.absence(person, date(2026, 8, 12), date(2026, 8, 12))

    found = queries.absences_between(AUGUST_12, [paul.id])

    assert [absence.person_id for absence in found] == [paul.id]
