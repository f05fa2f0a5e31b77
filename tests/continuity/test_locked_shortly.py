"""How much a leave asks while nobody else can write: each question lets others compute first, and keeps writers waiting."""

import pytest

from tests.continuity.declared import WEEK, absences
from tests.counting import counted

ANSWERED = "UPDATE sent_form"  # How the answer is kept, in a write of its own.


def asked_while_locked(statements):
    """What was asked in the first write among them."""
    begins = next(place for place, each in enumerate(statements) if "sent_form" in each)
    ends = next(place for place, each in enumerate(statements) if each.startswith(ANSWERED))
    said = ("SELECT", "INSERT", "UPDATE", "WITH")
    return [each for each in statements[begins:ends] if each.startswith(said) and "pg_notify" not in each]


@pytest.fixture
def asked(app, browser):
    """What a leave of a week asks; one of another week was declared before."""

    def declared(**said):
        browser.post("/absences/nouvelle", data={**WEEK, "first_day": "2026-10-05", "last_day": "2026-10-06"})
        with counted(app) as statements:
            answer = browser.post("/absences/nouvelle", data={**WEEK, **said})
        assert answer.status_code == 303
        return asked_while_locked(statements)

    return declared


def test_a_leave_of_whom_nobody_counts_on_asks_some_twenty_questions(app, asked):
    statements = asked()

    assert len(absences(app)) == 2
    assert len(statements) <= 25, "\n".join(statements)


def test_people_and_their_places_are_read_before(asked):
    """Who goes away is known; nobody is named, so nobody else need be."""
    assert [each for each in asked() if "position.rank" in each or "structure.name" in each] == []


def test_who_has_no_duty_is_looked_at_once(asked):
    """Who holds none before it holds none after it."""
    assert len([each for each in asked() if "SELECT DISTINCT duty_seat.person_id" in each]) == 1
