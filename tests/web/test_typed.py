"""What people type for a day or an hour is read, or told apart from what cannot be."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.web.typed import DoesNotExist, Unreadable, read_day, read_hour

WAYS_TO_WRITE_A_DAY = [
    "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y", "%Y/%m/%d", " %Y-%m-%d ",
    "%d / %m / %Y", "%d %m %Y", "%Y-%m-%dT00:00", "%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00:00.000",
]  # fmt: skip
WAYS_TO_WRITE_AN_HOUR = [
    "%H:%M", "%H:%M:00", "%Hh%M", "%H h %M", "%HH%M", "%H.%M", "%H\u202fh\u202f%M", " %H : %M", "%H heures %M", "%Hh%Mmin",
]  # fmt: skip


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), way=st.sampled_from(WAYS_TO_WRITE_A_DAY))
def test_a_day_is_read_however_it_is_written(day, way):
    assert read_day(day.strftime(way)) == day


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_without_leading_noughts(day):
    assert read_day(f"{day.day}/{day.month}/{day.year}") == day
    assert read_day(f"{day.day}.{day.month}.{day:%y}") == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er août 2027", date(2027, 8, 1)),
        ("samedi 24 avril 2027", date(2027, 4, 24)),
        ("sam. 24 avr. 2027", date(2027, 4, 24)),
        ("3 juin 2027", date(2027, 6, 3)),
        ("3 JUILLET 2027", date(2027, 7, 3)),
    ],
)
def test_a_day_is_read_in_words(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["29/02/2027", "2027-02-29", "31.4.27", "45/45/2027", "0000-01-01", "31 juin 2027"])
def test_a_day_of_no_calendar_does_not_exist(text):
    with pytest.raises(DoesNotExist):
        read_day(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "demain",
        "24-04/2027",
        "24/04",
        "3 jui 2027",
        "2027-04-24T00:00+02:00",
        "9" * 400,
        "1" * 10**6,
        "\x00",
        "½/1/27",
    ],
)
def test_what_is_no_day_is_unreadable(text):
    with pytest.raises((Unreadable, DoesNotExist)):
        read_day(text)


@given(at=st.times().map(lambda at: time(at.hour, at.minute)), way=st.sampled_from(WAYS_TO_WRITE_AN_HOUR))
def test_an_hour_is_read_however_it_is_written(at, way):
    assert read_hour(at.strftime(way)) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [("20h", time(20)), ("20 h", time(20)), ("8:30", time(8, 30)), ("8 heures", time(8)), ("0 h", time(0))],
)
def test_an_hour_is_read_in_short(text, at):
    assert read_hour(text) == at


@pytest.mark.parametrize("text", ["25:00", "24:00", "20:60", "20h75", "99 h"])
def test_an_hour_of_no_clock_does_not_exist(text):
    with pytest.raises(DoesNotExist):
        read_hour(text)


@pytest.mark.parametrize("text", ["", "midi passé", "20", "2030", "20:3", "20:30:15", "9" * 400, "-1:30"])
def test_what_is_no_hour_is_unreadable(text):
    with pytest.raises(Unreadable):
        read_hour(text)


@given(text=st.text())
def test_whatever_is_typed_is_read_or_refused(text):
    for read in (read_day, read_hour):
        try:
            read(text)
        except (Unreadable, DoesNotExist):
            continue
