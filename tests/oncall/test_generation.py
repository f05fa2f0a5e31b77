from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cpts_net import clock
from cpts_net.oncall import actions
from cpts_net.oncall.cli import oncall
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.models import DutyPattern, DutySlot, SlotState
from cpts_net.oncall.rules import HolidayRule, free_parts
from cpts_net.spans import Span, union
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction


def generate(weeks=1):
    with transaction():
        changes = actions.generate_slots(now=clock.now(), weeks=weeks)
    return len(changes.opened), len(changes.removed)


def slots():
    return db.session.scalars(select(DutySlot).order_by(DutySlot.starts_at)).all()


def starts():
    return [slot.starts_at for slot in slots()]


def test_slots_of_the_coming_week_are_opened_without_those_that_are_over(context, make):
    make.pattern(make.line())

    # Wednesday 10:00: four more today, five on each of Thursday, Friday, Monday, Tuesday, Wednesday.
    assert generate() == (29, 0)
    assert starts()[0] == clock.now()


def test_a_second_run_changes_nothing_and_wakes_nobody(context, make, revision_of):
    make.pattern(make.line())
    before = revision_of("continuity")
    generate()

    assert generate() == (0, 0)
    assert revision_of("continuity") == before + 1


def test_running_on_every_day_gives_what_one_run_gives(context, make, frozen):
    make.pattern(make.line(), weekdays="0123456", opens_at=time(20), closes_at=time(8), slot_minutes=240)
    frozen.move_to(datetime(2026, 10, 20, 8, tzinfo=UTC))
    for _day in range(14):
        generate()
        frozen.shift(timedelta(days=1))
    generate()
    together = starts()
    with transaction():
        for slot in slots():
            db.session.delete(slot)
    frozen.move_to(datetime(2026, 10, 20, 8, tzinfo=UTC))

    generate(weeks=3)

    assert starts() == together


@pytest.mark.parametrize("around", [datetime(2026, 10, 23, 8, tzinfo=UTC), datetime(2027, 3, 26, 8, tzinfo=UTC)])
def test_nights_leave_no_hole_across_a_clock_change(context, make, frozen, around):
    line = make.line()
    make.pattern(
        line,
        weekdays="0123456",
        holidays=HolidayRule.AS_USUAL,
        opens_at=time(0),
        closes_at=time(0),
        slot_minutes=60,
    )
    frozen.move_to(around)

    generate()

    assert all(one.ends_at == other.starts_at for one, other in pairwise(slots()))
    assert generate() == (0, 0)


def test_assumption_day_is_closed_or_opened_by_the_holiday_rule(context, make):
    line = make.line()
    make.pattern(line, weekdays="5", holidays=HolidayRule.CLOSED)
    make.pattern(line, weekdays="6", holidays=HolidayRule.ALSO, opens_at=time(9), closes_at=time(9), slot_minutes=1440)

    generate()

    assert starts() == [datetime(2026, 8, day, 7, tzinfo=UTC) for day in (15, 16)]


def test_empty_slots_that_no_pattern_opens_any_more_are_removed(context, make):
    line = make.line()
    pattern = make.pattern(line)
    generate()
    held = slots()[-1]
    make.seat(held, make.person())
    with transaction():
        db.session.get(DutyPattern, pattern.id).valid_until = date(2026, 8, 13)

    opened, removed = generate()

    assert (opened, removed) == (0, 19)
    assert slots()[-1].id == held.id


def test_new_slots_leave_the_time_of_a_held_one_alone(context, make):
    line = make.line()
    pattern = make.pattern(line, weekdays="3")
    generate()
    make.seat(slots()[1], make.person())  # Thursday from 10 to 12.
    with transaction():
        db.session.get(DutyPattern, pattern.id).slot_minutes = 180

    generate()

    assert [(slot.starts_at.hour + 2, slot.ends_at.hour + 2) for slot in slots()] == [
        (8, 10),
        (10, 12),
        (12, 14),
        (14, 17),
        (17, 18),
    ]
    assert generate() == (0, 0)


def test_closed_and_cancelled_slots_stay_as_they_are(context, make):
    make.pattern(make.line())
    generate()
    first, second, *_others = slots()
    with transaction():
        db.session.get(DutySlot, first.id).state = SlotState.CLOSED
        db.session.get(DutySlot, second.id).state = SlotState.CANCELLED

    assert generate() == (0, 0)


def test_slots_beyond_the_horizon_stay(context, make):
    make.pattern(make.line())
    generate(weeks=3)

    assert generate(weeks=1) == (0, 0)


def test_the_command_prints_what_it_did(app, make):
    make.pattern(make.line())

    first, second = (app.test_cli_runner().invoke(oncall, ["generate", "--weeks", "1"]).output for _ in range(2))

    assert (first, second) == ("29 slots opened, 0 removed\n", "0 slots opened, 0 removed\n")


def test_public_holidays_are_those_of_the_territory(context):
    assert public_holidays(date(2026, 11, 1), date(2027, 1, 1)) == {
        date(2026, 11, 1): "Toussaint",
        date(2026, 11, 11): "Armistice",
        date(2026, 12, 25): "Noël",
        date(2027, 1, 1): "Jour de l'an",
    }


MIDNIGHT = datetime(2026, 8, 12, tzinfo=UTC)
SPANS = st.lists(
    st.builds(
        lambda start, length: Span(MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=start + length)),
        st.integers(0, 40),
        st.integers(1, 12),
    ),
    max_size=8,
)


@given(SPANS, SPANS)
def test_free_parts_fill_what_is_wanted_beside_what_is_kept(wanted, kept):
    parts = free_parts(wanted, kept)

    assert all(one.end <= other.start for one, other in pairwise(parts))
    assert not any(part.overlaps(other) for part in parts for other in kept)
    assert union([*parts, *kept]) == union([*wanted, *kept])
