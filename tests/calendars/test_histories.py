"""Whatever happened, feeds say what a process says that remembers nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpts_net.storage import revisions
from tests.calendars import reading

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]

EVENING = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)  # The clocks go back in the second night.
NIGHTS = 4
KINDS = ("mine", "line", "duty", "absences")


@pytest.fixture
def people(make):
    return [make.person(name, "Petit") for name in ("Anne", "Bruno", "Chloé")]


@pytest.fixture
def line(make):
    return make.line(name="Nuit")


@pytest.fixture
def seats(make, people, line):
    nights = [EVENING + timedelta(days=number) for number in range(NIGHTS)]
    slots = [make.slot(line, night, night + timedelta(hours=12)) for night in nights]
    return [make.seat(slot, people[number % 3]) for number, slot in enumerate(slots)]


@pytest.fixture
def absences(make, people):
    return [make.absence(person, date(2026, 10, 25), date(2026, 10, 26), relays=[people[0]]) for person in people[1:]]


@pytest.fixture
def feeds(subscribe, make, people, line):
    owner = make.account(people[0])
    return [subscribe(owner, kind, line_id=line.id if kind == "line" else None) for kind in KINDS]


steps = st.one_of(
    st.tuples(st.just("hand over"), st.integers(0, NIGHTS - 1), st.integers(0, 2)),
    st.tuples(st.just("rename"), st.integers(0, 2), st.sampled_from(["Petit", "Durand, née Roux", "👩‍⚕️ \\N;"])),
    st.tuples(st.just("rename the line"), st.just(0), st.sampled_from(["Nuit", "Garde ; nuit"])),
    st.tuples(st.just("move leave"), st.integers(0, 1), st.integers(24, 28)),
    st.tuples(st.just("cancel leave"), st.integers(0, 1), st.sampled_from([None, EVENING])),
)


@pytest.fixture
def take(people, line, seats, absences, change):
    """Take one step of a history."""
    ways = {
        "hand over": lambda which, to: change(seats[which], person_id=people[to].id),
        "rename": lambda which, to: change(people[which], revisions.DIRECTORY, family_name=to),
        "rename the line": lambda _which, to: change(line, name=to),
        "move leave": lambda which, day: change(
            absences[which], first_day=date(2026, 10, day), last_day=date(2026, 10, day + 1)
        ),
        "cancel leave": lambda which, at: change(absences[which], cancelled_at=at),
    }
    return lambda what, which, to: ways[what](which, to)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(steps, min_size=1, max_size=6))
def test_feeds_say_what_a_fresh_process_says(feeds, take, elsewhere, history):
    for step in history:
        take(*step)
        remembered = [feed.body for feed in feeds]
        assert remembered == elsewhere(lambda: [feed.body for feed in feeds])
    for body in remembered:
        one, other = reading.events(body), reading.events_by_vobject(body)
        assert {uid: (event.start, event.end, str(event["SUMMARY"])) for uid, event in one.items()} == {
            uid: (event.dtstart.value, event.dtend.value, event.summary.value) for uid, event in other.items()
        }
