from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cpts_net.oncall.models import SlotState
from cpts_net.oncall.month import Held, Holder, Month, MonthReader, MonthSlot, days_of, own
from cpts_net.spans import Span

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 8, 12, 10, tzinfo=PARIS)
SPAN = Span(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
ANNE = Holder(7, 1, SPAN, 7, "Dr Anne Petit", is_hidden=False)
INES = Holder(8, 2, SPAN, 8, "Inès Boyer", is_hidden=False)
STRANGER = MonthReader(5, has_trade=True, may_serve=False)
DOCTOR = MonthReader(6, has_trade=True, may_serve=True)


def slot(start, hours=2, **columns):
    span = Span(start, start + timedelta(hours=hours))
    seats = {"fewest": 1, "most": 2, "holders": ()}
    return MonthSlot(**{"id": 1, "span": span, "state": "open", "message": "", **seats, **columns})


def place(start=NOW + timedelta(days=1), hours=2, **columns):
    (day,) = days_of([slot(start, hours, **columns)], {}, NOW, PARIS)
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

    days = days_of([slot(late), slot(late + timedelta(hours=2), id=2)], {}, NOW, PARIS)

    assert [day.day for day in days] == [date(2026, 8, 14), date(2026, 8, 15)]


def test_free_and_missing_seats_are_counted():
    held = place(holders=(ANNE,))

    assert (held.free, held.missing, own(held, DOCTOR).may_take) == (1, 0, True)
    assert (place().free, place().missing) == (2, 1)


@pytest.mark.parametrize(
    ("reader", "refusing"),
    [
        (STRANGER, {}),
        (DOCTOR, {"start": NOW - timedelta(hours=3)}),
        (DOCTOR, {"state": SlotState.CLOSED}),
        (DOCTOR, {"holders": (ANNE, INES)}),
    ],
)
def test_what_cannot_be_taken_is_not_offered(reader, refusing):
    assert not own(place(**refusing), reader).may_take


def test_my_own_seat_and_my_other_duty_are_told_apart():
    mine = Held(3, 1, place().slot.span, "SNP", "snp")
    reader = MonthReader(6, has_trade=True, may_serve=True, duties=[mine])

    assert own(place(), reader).mine is mine
    assert (own(place(id=2), reader).mine, own(place(id=2), reader).other_duty) == (None, mine)
    assert not own(place(id=2), reader).may_take


def test_nothing_is_offered_while_the_reader_is_away():
    reader = MonthReader(6, has_trade=True, may_serve=True, absences=[place().slot.span])

    assert (own(place(), reader).is_away, own(place(), reader).may_take) == (True, False)


@pytest.mark.parametrize(("hour", "is_night"), [(19, False), (20, True), (23, True), (6, True), (7, False)])
def test_night_is_from_eight_in_the_evening_to_seven(hour, is_night):
    assert place(start=datetime(2026, 8, 14, hour, tzinfo=PARIS)).is_night is is_night
