"""A duty tomorrow is told in the evening: once, to who holds it, and never late."""

from datetime import UTC, datetime, timedelta

import pytest

from cpts_net import clock, wiring
from cpts_net.oncall.models import DutySeat, SlotState
from cpts_net.oncall.reminders import tell_of_tomorrow
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.telling import drawn_mails, told

EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)  # A Friday, 8:00 in Paris.
EVENING = datetime(2026, 8, 13, 16, tzinfo=UTC)  # 18:00 of the day before.
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def anne(make):
    person = make.person()
    make.account(person, email="anne@cpts.example")
    return person


@pytest.fixture
def line(make):
    return make.line()


@pytest.fixture
def seat(make, line, anne):
    return make.seat(make.slot(line, EIGHT, EIGHT + 2 * HOUR), anne)


def run(frozen, at):
    frozen.move_to(at)
    db.session.rollback()
    tell_of_tomorrow(now=clock.now())
    db.session.rollback()
    return told()


def test_a_duty_is_told_in_the_evening_before_and_once(frozen, seat, anne):
    once = [("oncall.tomorrow", f"seat:{seat.id}", anne.id)]

    assert run(frozen, EVENING - MINUTE) == []
    assert run(frozen, EVENING) == once
    assert run(frozen, EVENING + HOUR) == once
    (mail,) = drawn_mails()
    assert mail.to == "anne@cpts.example"
    assert mail.subject == "Rappel : vous êtes d’astreinte, Ligne snp, vendredi 14 août de 8 h à 10 h"


def test_at_midnight_it_is_too_late(frozen, seat):
    assert run(frozen, EVENING + 6 * HOUR) == []


@pytest.mark.parametrize(("hours", "is_told"), [(-9, False), (-8, True), (15, True), (16, False)])
def test_tomorrow_is_a_day_on_the_wall(frozen, make, line, anne, hours, is_told):
    make.seat(make.slot(line, EIGHT + hours * HOUR, EIGHT + (hours + 1) * HOUR), anne)

    assert bool(run(frozen, EVENING)) == is_told


def test_on_the_night_when_clocks_go_back_it_is_told_all_the_same(frozen, make, line, anne):
    at_three = datetime(2026, 10, 25, 2, tzinfo=UTC)
    seat = make.seat(make.slot(line, at_three, at_three + HOUR), anne)

    assert run(frozen, datetime(2026, 10, 24, 16, tzinfo=UTC)) == [("oncall.tomorrow", f"seat:{seat.id}", anne.id)]


def test_who_took_it_that_evening_knows(frozen, make, line, anne):
    make.seat(make.slot(line, EIGHT, EIGHT + HOUR), anne, at=EVENING)

    assert run(frozen, EVENING + HOUR) == []


def test_a_cancelled_slot_is_no_duty(frozen, make, line, anne):
    make.seat(make.slot(line, EIGHT, EIGHT + HOUR, state=SlotState.CANCELLED), anne)

    assert run(frozen, EVENING) == []


def test_who_passes_it_on_before_the_mail_goes_reads_none(frozen, make, seat):
    run(frozen, EVENING)
    paul = make.person("Paul", "Roy")
    with transaction():
        db.session.get_one(DutySeat, seat.id).person_id = paul.id

    assert drawn_mails() == []


def test_many_are_told_in_batches(frozen, make, line, monkeypatch):
    monkeypatch.setattr("cpts_net.oncall.reminders.AT_ONCE", 2)
    for number in range(5):
        start = EIGHT + number * HOUR
        make.seat(make.slot(line, start, start + HOUR), make.person("Paul", f"Roy{number}"))

    assert len(run(frozen, EVENING)) == 5


def test_the_worker_tells_it():
    assert tell_of_tomorrow in wiring.LONG_CHORES
