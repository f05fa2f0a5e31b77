from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cpts_net.continuity.resolver import duties, resolve
from cpts_net.oncall.models import SlotState
from cpts_net.spans import Span

MONDAY = datetime(2026, 8, 17, 6, 0, tzinfo=UTC)  # 8:00 in Paris.


def hours(start: datetime, count: float) -> Span:
    return Span(start, start + timedelta(hours=count))


@pytest.fixture
def resolved(app):
    def resolve_in_app(span, **of):
        with app.app_context():
            return resolve(span, **of)

    return resolve_in_app


def test_a_duty_carries_its_holder_and_the_number_to_call(make, resolved):
    anne = make.person("Anne", "Petit", phone="+33261910001")
    own_number, shared_number = make.line("pharmacie", phone=""), make.line("snp", phone="+33261919900")
    for hour, line in enumerate((own_number, shared_number)):
        slot = make.slot(line, MONDAY + timedelta(hours=hour), MONDAY + timedelta(hours=hour + 1))
        make.seat(slot, anne)

    duties = resolved(hours(MONDAY, 24)).duties

    assert [(duty.line.slug, duty.phone) for duty in duties] == [
        ("pharmacie", "+33261910001"),
        ("snp", "+33261919900"),
    ]
    assert duties[0].holder.name == "Dr Anne Petit"


def test_spans_are_half_open(make, resolved):
    slot = make.slot(make.line(), MONDAY, MONDAY + timedelta(hours=2))
    make.seat(slot, make.person())

    assert resolved(hours(MONDAY - timedelta(hours=2), 2)).duties == ()
    assert len(resolved(hours(MONDAY, 2)).duties) == 1
    assert resolved(hours(MONDAY + timedelta(hours=2), 2)).duties == ()


def test_a_slot_below_its_minimum_is_a_gap_for_those_missing(make, resolved):
    line = make.line(seats_min=2, seats_max=3)
    slot = make.slot(line, MONDAY, MONDAY + timedelta(hours=2))
    make.seat(slot, make.person())

    (gap,) = resolved(hours(MONDAY, 2)).gaps

    assert (gap.slot_id, gap.missing) == (slot.id, 1)


@pytest.mark.parametrize("looked_from", [0, 1, 3])
def test_the_rest_of_a_duty_that_ended_is_a_gap_from_there_on(make, resolved, looked_from):
    """However late one looks: what was served is no part of it."""
    slot = make.slot(make.line(), MONDAY, MONDAY + timedelta(hours=6))
    make.seat(slot, make.person(), ends_at=MONDAY + timedelta(hours=2))

    (gap,) = resolved(hours(MONDAY + timedelta(hours=looked_from), 2.5)).gaps

    assert gap.span == hours(MONDAY + timedelta(hours=2), 4)


def test_a_closed_slot_is_no_gap_and_who_sits_in_it_is_not_on_call(make, resolved):
    line = make.line()
    closed = make.slot(line, MONDAY, MONDAY + timedelta(hours=2), state=SlotState.CLOSED, message="Appelez le 15")
    make.seat(closed, make.person())
    make.slot(line, MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=4), state=SlotState.CANCELLED)

    roster = resolved(hours(MONDAY, 4))

    assert (roster.duties, roster.gaps) == ((), ())
    assert [closed.message for closed in roster.closed] == ["Appelez le 15"]


def test_a_holder_who_is_away_is_marked(make, resolved):
    slot = make.slot(make.line(), MONDAY, MONDAY + timedelta(hours=2))
    anne = make.person()
    make.seat(slot, anne)
    make.absence(anne, date(2026, 8, 17), date(2026, 8, 17))

    (duty,) = resolved(hours(MONDAY, 2)).duties
    (same_of_line,) = resolved(hours(MONDAY, 2), line_id=slot.line_id).duties
    (same_of_person,) = resolved(hours(MONDAY, 2), person_id=anne.id).duties

    assert duty.is_holder_away
    assert duty == same_of_line == same_of_person


def test_the_relay_of_a_relay_who_is_away_stands_in(make, resolved):
    anne, bruno, chloe = make.person("Anne", "A"), make.person("Bruno", "B"), make.person("Chloé", "C")
    make.absence(anne, date(2026, 8, 17), date(2026, 8, 21), relays=[bruno])
    make.absence(bruno, date(2026, 8, 14), date(2026, 8, 18), relays=[chloe])

    of_anne = next(away for away in resolved(hours(MONDAY, 1)).aways if away.person.id == anne.id)
    (alone,) = resolved(hours(MONDAY, 1), person_id=anne.id).aways
    later = resolved(hours(MONDAY + timedelta(days=2), 1)).aways[0]

    first, second = of_anne.stretches
    assert [person.name for person in first.relays] == ["Dr Bruno B", "Dr Chloé C"]
    assert first.relay == first.relays[-1]
    assert second.relay.name == "Dr Bruno B"
    assert alone == of_anne == later


def test_relays_in_a_circle_end_with_nobody(make, resolved):
    anne, bruno = make.person("Anne", "A"), make.person("Bruno", "B")
    make.absence(anne, date(2026, 8, 17), date(2026, 8, 21), relays=[bruno])
    make.absence(bruno, date(2026, 8, 17), date(2026, 8, 21), relays=[anne])

    aways = resolved(hours(MONDAY, 1)).aways

    assert [away.stretches[0].relay for away in aways] == [None, None]


def test_a_cancelled_absence_does_not_count(make, resolved):
    make.absence(make.person(), date(2026, 8, 17), date(2026, 8, 21), cancelled_at=MONDAY)

    assert resolved(hours(MONDAY, 1)).aways == ()


def test_an_absence_from_noon_leaves_the_morning(make, resolved):
    make.absence(make.person(), date(2026, 8, 17), date(2026, 8, 17), from_time=time(12))

    assert resolved(Span(MONDAY, datetime(2026, 8, 17, 10, tzinfo=UTC))).aways == ()
    assert len(resolved(hours(datetime(2026, 8, 17, 10, tzinfo=UTC), 1)).aways) == 1


SPANS = st.tuples(st.integers(0, 70), st.integers(1, 40)).map(lambda p: hours(MONDAY + timedelta(hours=p[0]), p[1]))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(window=SPANS)
def test_parts_of_the_territory_add_up_to_the_whole(make, resolved, a_busy_week, window):
    people, lines = a_busy_week

    whole = resolved(window)
    by_person = [duty for person in people for duty in resolved(window, person_id=person.id).duties]
    by_line = [duty for line in lines for duty in resolved(window, line_id=line.id).duties]
    gaps_by_line = [gap for line in lines for gap in resolved(window, line_id=line.id).gaps]

    assert sorted(by_person, key=lambda duty: duty.seat_id) == sorted(whole.duties, key=lambda duty: duty.seat_id)
    assert sorted(by_line, key=lambda duty: duty.seat_id) == sorted(whole.duties, key=lambda duty: duty.seat_id)
    assert sorted(gaps_by_line, key=lambda gap: gap.slot_id) == sorted(whole.gaps, key=lambda gap: gap.slot_id)
    assert all(each.span.overlaps(window) for each in (*whole.stretches, *whole.aways))
    assert {duty.slot_id for duty in whole.duties}.isdisjoint(gap.slot_id for gap in whole.gaps)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(window=SPANS, earlier=SPANS)
def test_duties_alone_are_those_of_the_whole_whatever_was_read_before(app, resolved, a_busy_week, window, earlier):
    _people, lines = a_busy_week
    before = resolved(earlier).duties

    with app.app_context():
        assert duties(window, before=before) == resolved(window).duties
        for line in lines:
            assert duties(window, line_id=line.id, before=before) == resolved(window, line_id=line.id).duties


def test_a_duty_that_is_the_same_is_given_again(app, make, resolved):
    slot = make.slot(make.line(), MONDAY, MONDAY + timedelta(hours=2))
    make.seat(slot, make.person())
    before = resolved(hours(MONDAY, 2)).duties

    with app.app_context():
        (same,) = duties(hours(MONDAY, 2), before=before)

    assert same is before[0]


@pytest.fixture
def a_busy_week(make):
    """Three people, two lines, three days of slots: some held, some held by people who are away, some not."""
    people = [make.person(name, name) for name in ("A", "B", "C")]
    lines = [make.line("nuit"), make.line("jour")]
    for number in range(18):
        line = lines[number % 2]
        start = MONDAY + timedelta(hours=4 * number)
        slot = make.slot(line, start, start + timedelta(hours=6))
        if number % 3:
            make.seat(slot, people[number % 3])
    make.absence(people[1], date(2026, 8, 17), date(2026, 8, 18), relays=[people[2]])
    make.absence(people[2], date(2026, 8, 18), date(2026, 8, 19), relays=[people[0]])
    return people, lines
