from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cpts_net.oncall.models import DutyLine, DutySeat, DutySlot, SlotState
from cpts_net.oncall.month import Month, MonthReader, days_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 8, 12, 10, tzinfo=PARIS)
LINE = DutyLine(seats_min=1, seats_max=2)
STRANGER = MonthReader(may_serve=False, seats=(), absences=())
DOCTOR = MonthReader(may_serve=True, seats=(), absences=())


def slot(start, hours=2, **columns):
    return DutySlot(
        **{
            "id": 1,
            "starts_at": start,
            "ends_at": start + timedelta(hours=hours),
            "seats": [],
            "state": "open",
            **columns,
        }
    )


def place(reader=DOCTOR, start=NOW + timedelta(days=1), hours=2, **columns):
    (day,) = days_of([slot(start, hours, **columns)], LINE, reader, {}, NOW, PARIS)
    return day.places[0]


def test_months_follow_each_other_across_the_year():
    december = Month.of("2026-12", date(2026, 8, 12))

    assert (str(december.previous), str(december.next), december.last) == ("2026-11", "2027-01", date(2026, 12, 31))


@pytest.mark.parametrize(("month", "hours"), [("2026-10", 31 * 24 + 1), ("2027-03", 31 * 24 - 1), ("2026-12", 31 * 24)])
def test_months_last_their_real_hours(month, hours):
    assert Month.of(month, date(2026, 8, 12)).span(PARIS).duration == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "2026", "2026-00", "2026-13", "1999-01", "2026-1", "2026-01-01"])
def test_what_names_no_month_is_the_present_one(text):
    assert str(Month.of(text, date(2026, 8, 12))) == "2026-08"


def test_slots_are_grouped_by_the_local_date_on_which_they_begin():
    late = datetime(2026, 8, 14, 23, tzinfo=PARIS)

    days = days_of([slot(late), slot(late + timedelta(hours=2), id=2)], LINE, DOCTOR, {}, NOW, PARIS)

    assert [day.day for day in days] == [date(2026, 8, 14), date(2026, 8, 15)]


def test_free_and_missing_seats_are_counted():
    held = place(seats=[DutySeat(member_id=7)])

    assert (held.free, held.missing, held.may_take) == (1, 0, True)
    assert (place().free, place().missing) == (2, 1)


@pytest.mark.parametrize(
    "refusing",
    [
        {"reader": STRANGER},
        {"start": NOW - timedelta(hours=3)},
        {"state": SlotState.CLOSED},
        {"seats": [DutySeat(member_id=7), DutySeat(member_id=8)]},
    ],
)
def test_what_cannot_be_taken_is_not_offered(refusing):
    assert not place(**refusing).may_take


def test_my_own_seat_and_my_other_duty_are_told_apart():
    mine = DutySeat(id=3, slot_id=1, slot=slot(NOW + timedelta(days=1)))
    reader = MonthReader(may_serve=True, seats=[mine], absences=())

    assert place(reader).mine is mine
    assert (place(reader, id=2).mine, place(reader, id=2).other_duty) == (None, mine)
    assert not place(reader, id=2).may_take


@pytest.mark.parametrize(("hour", "is_night"), [(19, False), (20, True), (23, True), (6, True), (7, False)])
def test_night_is_from_eight_in_the_evening_to_seven(hour, is_night):
    assert place(start=datetime(2026, 8, 14, hour, tzinfo=PARIS)).is_night is is_night
