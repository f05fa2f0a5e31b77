"""Who stands in over time: the same in every window, and shown to whoever stands in."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpts_net.continuity.resolver import resolve
from cpts_net.spans import Span, days_span
from cpts_net.storage.connections import db

PARIS = ZoneInfo("Europe/Paris")
FIRST = date(2026, 8, 17)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def window(first: int, last: int) -> Span:
    return days_span(day(first), day(last), PARIS)


@pytest.fixture
def resolved(app):
    def resolve_in_app(span, **of):
        with app.app_context():
            return resolve(span, **of)

    return resolve_in_app


@pytest.fixture
def two(make):
    return make.person("Anne", "A"), make.person("Bruno", "B")


def test_an_unchanged_absence_reads_the_same_in_every_window(make, resolved, two):
    """L2: the relay leaves in the middle of the leave that they cover."""
    anne, bruno = two
    absence = make.absence(anne, day(0), day(9), relays=[bruno])
    make.absence(bruno, day(4), day(5))

    read = {
        away
        for span in (window(0, 0), window(4, 4), window(9, 9), window(-30, 30))
        for away in resolved(span).aways
        if away.absence_id == absence.id
    }

    (away,) = read
    assert [(each.span, each.relay and each.relay.name) for each in away.stretches] == [
        (window(0, 3), "Dr Bruno B"),
        (window(4, 5), None),
        (window(6, 9), "Dr Bruno B"),
    ]


def test_whoever_stands_in_sees_it_also_through_somebody_elses_leave(make, resolved, two):
    anne, bruno = two
    chloe = make.person("Chloé", "C")
    make.absence(anne, day(0), day(9), relays=[bruno])
    make.absence(bruno, day(4), day(5), relays=[chloe])

    covers = resolved(window(0, 9), person_id=chloe.id).covers
    of_bruno = resolved(window(0, 4), person_id=bruno.id).covers

    assert {(cover.away.person.name, cover.span) for cover in covers} == {
        ("Dr Anne A", window(4, 5)),
        ("Dr Bruno B", window(4, 5)),
    }
    assert [(cover.away.person.name, cover.span) for cover in of_bruno] == [("Dr Anne A", window(0, 3))]


DAYS = st.tuples(st.integers(0, 12), st.integers(0, 5))
LEAVES = st.dictionaries(st.integers(0, 5), st.tuples(DAYS, st.lists(st.integers(0, 5), max_size=2, unique=True)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leaves=LEAVES, first=st.integers(-1, 14), length=st.integers(0, 6))
def test_covers_and_absences_agree_in_every_window(app, make, resolved, leaves, first, length):
    people = [make.person(f"P{number}", "X") for number in range(6)]
    for number, ((start, days), relays) in leaves.items():
        named = [people[relay] for relay in relays if relay != number]
        make.absence(people[number], day(start), day(start + days), relays=named)
    shown = window(first, first + length)

    whole = {away.absence_id: away for away in resolved(window(-5, 25)).aways}
    part = {away.absence_id: away for away in resolved(shown).aways if away.person.id in {each.id for each in people}}

    assert part == {
        number: away
        for number, away in whole.items()
        if away.span.overlaps(shown) and away.person.id in {each.id for each in people}
    }
    for person in people:
        own = resolved(shown, person_id=person.id)
        assert {away.absence_id: away for away in own.aways} == {
            number: away for number, away in part.items() if away.person.id == person.id
        }
        for cover in own.covers:
            moment = max(cover.span.start, shown.start)
            assert whole[cover.away.absence_id].at(moment).relay.id == person.id
        covered = {(cover.away.absence_id, cover.span.start) for cover in own.covers}
        for away in part.values():
            for each in away.stretches:
                if each.relay and each.relay.id == person.id and each.span.overlaps(shown):
                    assert any(number == away.absence_id and start <= each.span.start for number, start in covered)
    with app.app_context():
        db.session.rollback()
