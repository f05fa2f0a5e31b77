from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.oncall.house_keeping import count_impossible, empty_words
from cpts_net.oncall.models import DutySlot, SeatChange
from cpts_net.oncall.replay import SeatKind
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

AT_NIGHT = datetime(2026, 8, 13, 2, 30, tzinfo=UTC)
EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def line(make):
    return make.line(seats_max=2)


@pytest.fixture
def slot(make, line):
    return make.slot(line, EIGHT, EIGHT + 4 * HOUR)


def found():
    return count_impossible(now=AT_NIGHT)


def test_a_sound_base_counts_nothing(context, make, line, slot):
    make.seat(slot, make.person())
    make.seat(slot, make.person(), number=2, ends_at=EIGHT + HOUR)
    make.seat(slot, make.person(), number=2, starts_at=EIGHT + HOUR)
    make.slot(line, EIGHT, EIGHT + HOUR, state="cancelled")

    assert found() == {}


def test_what_should_not_exist_is_counted(context, make, line, slot):
    anne = make.person()
    make.seat(slot, anne)
    make.seat(make.slot(make.line("nuit"), EIGHT + HOUR, EIGHT + 2 * HOUR), anne)
    make.seat(slot, make.person(), starts_at=EIGHT + HOUR)
    make.seat(slot, make.person(), number=2, ends_at=EIGHT + 5 * HOUR)
    off = make.slot(line, EIGHT - 5 * HOUR, EIGHT - 4 * HOUR)
    make.seat(off, make.person())
    make.slot(line, EIGHT + HOUR, EIGHT + 2 * HOUR)
    with transaction():
        db.session.get(DutySlot, off.id).state = "cancelled"
        db.session.scalars(select(SeatChange).limit(1)).one().until = EIGHT + HOUR

    assert found() == {
        "two duties of one person at once": 1,
        "one seat held twice": 1,
        "seats outside of their slot": 1,
        "seats of a slot that is off": 1,
        "slots of a line at once": 1,
        "seats that are not what happened to them": 1,
    }


def test_by_day_nothing_is_counted(context):
    assert count_impossible(now=clock.now()) == {}


def test_words_go_thirty_days_after_the_duty_and_the_fact_stays(context, make, slot):
    seat = make.seat(slot, make.person())
    make.fact(seat, SeatKind.SPLIT, effective_at=EIGHT + HOUR, words="Merci", reason_code="agreed")

    def words(days):
        with transaction():
            empty_words(now=seat.ends_at + timedelta(days=days, seconds=1))
        db.session.expire_all()
        return [
            (fact.words, fact.reason_code) for fact in db.session.scalars(select(SeatChange).order_by(SeatChange.id))
        ][-1]

    assert (words(29), words(30)) == (("Merci", "agreed"), ("", "agreed"))
