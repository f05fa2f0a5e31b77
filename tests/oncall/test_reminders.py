"""A duty is told a week, a day and an hour before: once, to who holds it, and never late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from cpts_net import clock, wiring
from cpts_net.oncall import reminders
from cpts_net.oncall.models import DutySeat, SlotState
from cpts_net.oncall.reminders import remind_of_duties
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.counting import counted
from tests.telling import drawn_mails, told

EIGHT = datetime(2026, 8, 21, 6, tzinfo=UTC)  # A Friday, 8:00 in Paris.
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

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


@pytest.fixture
def only_tomorrow(monkeypatch):
    """The reminder of the day before alone."""
    monkeypatch.setattr(reminders, "REMINDERS", reminders.REMINDERS[1:2])


def run(frozen, at):
    frozen.move_to(at)
    db.session.rollback()
    remind_of_duties(now=clock.now())
    db.session.rollback()
    return [kind.partition(".")[2] for kind, _subject, _person in told()]


def test_a_duty_is_told_a_week_and_a_day_before_each_once(frozen, seat, anne):
    assert run(frozen, EIGHT - 7 * DAY - MINUTE) == []
    assert run(frozen, EIGHT - 7 * DAY) == ["in_a_week"]
    assert run(frozen, EIGHT - 7 * DAY + MINUTE) == ["in_a_week"]
    assert run(frozen, EIGHT - DAY - MINUTE) == ["in_a_week"]
    assert run(frozen, EIGHT - DAY) == ["in_a_week", "tomorrow"]
    assert run(frozen, EIGHT - DAY + HOUR) == ["in_a_week", "tomorrow"]
    assert {(subject, person) for _kind, subject, person in told()} == {(f"seat:{seat.id}", anne.id)}


@pytest.mark.usefixtures("seat")
def test_the_mail_says_it_all_in_its_subject(frozen, only_tomorrow):
    run(frozen, EIGHT - DAY)

    (mail,) = drawn_mails()

    assert mail.to == "anne@cpts.example"
    assert mail.subject == "Astreinte demain 8 h – 10 h : Ligne snp"
    assert "vendredi 21 août de 8\u202fh à 10\u202fh" in mail.body


@pytest.mark.usefixtures("seat", "only_tomorrow")
def test_who_reads_it_on_the_day_itself_reads_so(frozen):
    run(frozen, EIGHT - DAY)
    frozen.move_to(EIGHT - HOUR)

    assert [mail.subject for mail in drawn_mails()] == ["Astreinte aujourd’hui 8 h – 10 h : Ligne snp"]


@pytest.mark.usefixtures("seat", "only_tomorrow")
def test_a_duty_that_has_begun_is_no_reminder_any_more(frozen):
    run(frozen, EIGHT - DAY)
    frozen.move_to(EIGHT)

    assert drawn_mails() == []


@pytest.mark.usefixtures("seat", "only_tomorrow")
def test_a_worker_that_stood_still_tells_what_is_not_late(frozen):
    assert run(frozen, EIGHT - DAY + 6 * HOUR) == []
    assert run(frozen, EIGHT - DAY + 6 * HOUR - MINUTE) == ["tomorrow"]


@pytest.mark.usefixtures("only_tomorrow")
@pytest.mark.parametrize(
    "eight",
    [
        pytest.param(datetime(2026, 10, 25, 7, tzinfo=UTC), id="the clock went back in the night"),
        pytest.param(datetime(2027, 3, 28, 6, tzinfo=UTC), id="the clock went forward in the night"),
    ],
)
def test_a_day_before_is_at_the_same_hour_on_the_wall(frozen, make, line, anne, eight):
    make.seat(make.slot(line, eight, eight + HOUR), anne)
    eight_before = (eight - DAY).replace(hour=13 - eight.hour)  # UTC; 8:00 in Paris on both days.

    assert run(frozen, eight_before - MINUTE) == []
    assert run(frozen, eight_before) == ["tomorrow"]


@pytest.mark.usefixtures("only_tomorrow")
def test_on_the_evening_of_the_day_of_25_hours_tomorrow_is_not_today(frozen, make, line, anne):
    late = datetime(2026, 10, 25, 22, 30, tzinfo=UTC)  # 23:30 in Paris, 24 h after half past midnight of that very day.
    make.seat(make.slot(line, late, late + HOUR), anne)

    assert run(frozen, late - timedelta(hours=25)) == ["tomorrow"]
    (mail,) = drawn_mails()
    assert mail.subject.startswith("Astreinte demain 23 h")


def test_who_came_by_it_since_knows(frozen, make, line, anne):
    make.seat(make.slot(line, EIGHT, EIGHT + HOUR), anne, at=EIGHT - DAY)

    assert run(frozen, EIGHT - DAY + HOUR) == []


def test_a_cancelled_slot_is_no_duty(frozen, make, line, anne):
    make.seat(make.slot(line, EIGHT, EIGHT + HOUR, state=SlotState.CANCELLED), anne)

    assert run(frozen, EIGHT - DAY) == []


def test_what_was_given_back_is_no_duty(frozen, make, line, anne):
    make.seat(make.slot(line, EIGHT, EIGHT + HOUR), anne, released_at=EIGHT - 9 * DAY)

    assert run(frozen, EIGHT - DAY) == []


@pytest.mark.usefixtures("only_tomorrow")
def test_who_passes_it_on_before_the_mail_goes_reads_none(frozen, make, seat):
    run(frozen, EIGHT - DAY)
    paul = make.person("Paul", "Roy")
    with transaction():
        db.session.get_one(DutySeat, seat.id).person_id = paul.id

    assert drawn_mails() == []


def test_many_are_told_in_batches(frozen, make, line, monkeypatch):
    monkeypatch.setattr("cpts_net.oncall.reminders.AT_ONCE", 2)
    for number in range(5):
        start = EIGHT + number * MINUTE
        make.seat(make.slot(line, start, start + HOUR), make.person("Paul", f"Roy{number}"))

    assert len(run(frozen, EIGHT - DAY + HOUR)) == 5


@pytest.mark.usefixtures("seat")
def test_where_nothing_is_near_it_asks_once_for_each_reminder_and_writes_nothing(app, frozen):
    frozen.move_to(EIGHT + DAY)
    with counted(app) as statements:
        remind_of_duties(now=clock.now())

    assert len([each for each in statements if "duty_seat" in each]) == len(reminders.REMINDERS)
    assert not [each for each in statements if each.lstrip().startswith(("INSERT", "UPDATE"))]


def test_it_finds_what_is_near_without_reading_all_that_ever_was():
    if db.engine.dialect.name != "sqlite":
        pytest.skip("a small table is read whole there")
    near = "SELECT id FROM duty_seat WHERE released_at IS NULL AND starts_at > '2026' AND starts_at <= '2027'"
    (plan,) = db.session.execute(text(f"EXPLAIN QUERY PLAN {near}"))

    assert "ix_duty_seat_beginning" in plan.detail


def test_the_worker_tells_it_by_the_minute():
    assert remind_of_duties in wiring.PROMPT_CHORES
