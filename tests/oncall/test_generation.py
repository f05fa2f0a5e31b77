from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.oncall import queries, slot_actions
from cpts_net.oncall.cli import oncall
from cpts_net.oncall.holidays import public_holidays
from cpts_net.oncall.models import DutyPattern, DutySlot, SlotState
from cpts_net.oncall.rules import HolidayRule
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction


def generate(weeks=1):
    changes = []
    for line in queries.lines():
        with transaction():
            changes.append(slot_actions.follow_patterns(line.id, now=clock.now(), weeks=weeks))
    return sum(len(each.opened) for each in changes), sum(len(each.removed) for each in changes)


def slots():
    return db.session.scalars(select(DutySlot).order_by(DutySlot.starts_at, DutySlot.id)).all()


def starts():
    return [slot.starts_at for slot in slots()]


def test_slots_of_the_coming_week_are_opened_without_those_that_are_over(context, make):
    make.pattern(make.line())

    # Wednesday 10:00: four more today, five on each of Thursday, Friday, Monday, Tuesday, Wednesday.
    assert generate() == (29, 0)
    assert starts()[0] == clock.now()


def test_the_hourly_run_that_has_nothing_to_do_wakes_nobody(context, make, revision_of):
    make.pattern(make.line())
    before = revision_of("continuity")
    assert len(slot_actions.open_coming_slots(now=clock.now(), weeks=1)) == 29

    assert slot_actions.open_coming_slots(now=clock.now(), weeks=1) == []
    assert revision_of("continuity") == before + 1


def test_the_hourly_run_only_opens_what_is_new(context, make, frozen):
    """What was taken away within the horizon was so on purpose, and stays away."""
    make.pattern(make.line())
    slot_actions.open_coming_slots(now=clock.now(), weeks=1)
    with transaction():
        db.session.delete(slots()[-1])
        slots()[-1].state = SlotState.CANCELLED
    frozen.shift(timedelta(days=1))

    opened = slot_actions.open_coming_slots(now=clock.now(), weeks=1)

    assert [slot.span.start.date() for slot in opened] == [date(2026, 8, 20)] * 5


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
        (14, 18),  # An hour would be a stump.
    ]
    assert generate() == (0, 0)


def test_closed_slots_stay_and_cancelled_ones_hold_no_time(context, make):
    make.pattern(make.line())
    generate()
    first, second, *_others = slots()
    with transaction():
        db.session.get(DutySlot, first.id).state = SlotState.CLOSED
        db.session.get(DutySlot, second.id).state = SlotState.CANCELLED

    assert generate() == (1, 0)
    assert [slot.state for slot in slots()[:3]] == [SlotState.CLOSED, SlotState.CANCELLED, SlotState.OPEN]
    assert slots()[1].starts_at == slots()[2].starts_at


def test_slots_beyond_the_horizon_stay(context, make):
    make.pattern(make.line())
    generate(weeks=3)

    assert generate(weeks=1) == (0, 0)


def test_the_command_prints_what_it_did(app, make):
    make.pattern(make.line())

    first, second = (app.test_cli_runner().invoke(oncall, ["generate", "--weeks", "1"]).output for _ in range(2))

    assert (first, second) == ("29 slots opened\n", "0 slots opened\n")


def test_public_holidays_are_those_of_the_territory(context):
    assert public_holidays(date(2026, 11, 1), date(2027, 1, 1)) == {
        date(2026, 11, 1): "Toussaint",
        date(2026, 11, 11): "Armistice",
        date(2026, 12, 25): "Noël",
        date(2027, 1, 1): "Jour de l'an",
    }
