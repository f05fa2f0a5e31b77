"""The week that opening hours make, and its picture beside the fields of a line."""

import re
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net import clock
from cpts_net.oncall.line_forms import SLOTS
from cpts_net.oncall.ordinary_week import MINUTES_OF_DAY, ordinary_monday, week_of
from cpts_net.oncall.rules import HolidayRule, slot_spans
from cpts_net.oncall.versions import Version
from cpts_net.roles import Role
from tests.oncall.test_line_views import FORM, line

MONDAY = date(2026, 9, 7)
WORKDAYS = Version("01234", HolidayRule.CLOSED, time(8), time(18), 120, date(2026, 1, 1), None)
NIGHTS = replace(WORKDAYS, weekdays="0123456", opens_at=time(20), closes_at=time(8), slot_minutes=720)
PREVIEW = "/astreintes/lignes/apercu"


@pytest.fixture(autouse=True)
def _settings(app):
    with app.app_context():
        yield


@pytest.fixture
def coordinator(make, sign_in):
    make.person(profession="60")
    return sign_in(make.account(role=Role.COORDINATOR))


def bars(day):
    return [tuple(bar)[:3] for bar in day.bars]


def test_each_slot_is_a_bar_with_the_people_it_needs():
    week = week_of([replace(WORKDAYS, seats_min=2, seats_max=3)], MONDAY)

    assert bars(week.days[0]) == [(start * 60, (start + 2) * 60, 2) for start in (8, 10, 12, 14, 16)]
    assert [len(day.bars) for day in week.days] == [5, 5, 5, 5, 5, 0, 0]
    assert (week.slots, week.days[0].bars[0].left, week.days[0].bars[0].width) == (25, "33.333%", "8.333%")


def test_a_rest_too_short_for_a_slot_goes_to_the_one_before_as_it_will():
    week = week_of([replace(WORKDAYS, slot_minutes=180)], MONDAY)

    assert bars(week.days[0])[-1] == (14 * 60, 18 * 60, 1)


def test_a_night_is_on_both_its_days_and_said_on_the_first():
    week = week_of([NIGHTS], MONDAY)

    assert [bars(day) for day in week.days] == [[(0, 480, 1), (1200, 1440, 1)]] * 7
    assert [len(day.runs) for day in week.days] == [1] * 7


def test_short_slots_side_by_side_share_a_number():
    week = week_of([replace(WORKDAYS, slot_minutes=30)], MONDAY)

    assert len(week.days[0].bars) == 20
    assert [tuple(number)[:3] for number in week.days[0].numbers] == [(480, 1080, 1)]


def test_the_short_end_of_a_night_has_no_number_of_its_own():
    week = week_of([replace(NIGHTS, opens_at=time(23))], MONDAY)

    assert [len(day.bars) for day in week.days] == [2] * 7
    assert [[number.start for number in day.numbers] for day in week.days] == [[0]] * 7


def test_only_hours_that_open_on_any_holiday_are_in_its_row():
    usual = replace(WORKDAYS, holidays=HolidayRule.AS_USUAL)
    week = week_of([usual, replace(NIGHTS, weekdays="", holidays=HolidayRule.ALSO)], MONDAY)

    assert bars(week.holiday) == [(1200, 1440, 1)]
    assert all(len(day.runs) == (day.day.weekday() < 5) for day in week.days)


def test_the_week_has_no_holiday_and_begins_when_all_hours_have():
    assert ordinary_monday([WORKDAYS], date(2026, 8, 12)) == date(2026, 8, 17)
    assert ordinary_monday([WORKDAYS], date(2026, 10, 20)) == date(2026, 11, 16)
    assert ordinary_monday([WORKDAYS, replace(NIGHTS, valid_from=date(2026, 12, 1))], date(2026, 8, 12)) == date(
        2026, 12, 7
    )


def test_the_week_has_no_clock_change():
    assert ordinary_monday([], date(2026, 3, 23)) == date(2026, 3, 30)
    assert ordinary_monday([], date(2026, 10, 19)) == date(2026, 11, 16)


@given(
    st.sets(st.sampled_from("0123456"), min_size=1),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(SLOTS),
)
def test_the_bars_cover_what_the_rules_open_and_nothing_else(weekdays, opens_at, closes_at, minutes):
    hours = replace(
        WORKDAYS, weekdays="".join(sorted(weekdays)), opens_at=opens_at, closes_at=closes_at, slot_minutes=minutes
    )
    week = week_of([hours], MONDAY)
    spans = slot_spans(hours, MONDAY, MONDAY + timedelta(days=6), clock.zone(), ())

    drawn = sum(bar.end - bar.start for day in week.days for bar in day.bars)
    assert timedelta(minutes=drawn) == sum(
        (span.duration for span in spans), timedelta()
    )  # A Sunday's night is Monday's.
    for day in week.days:
        assert all(0 <= bar.start < bar.end <= MINUTES_OF_DAY for bar in day.bars)
        assert all(one.end <= two.start for one, two in zip(day.bars, day.bars[1:], strict=False))


def left_out(page):
    return [said.strip() for said in re.findall(r"<li>(Plage.*?)</li>", page.text, re.DOTALL)]


def test_the_form_of_a_line_shows_its_week(coordinator, app):
    coordinator.post("/astreintes/lignes/nouvelle", data=FORM)

    page = coordinator.get(f"/astreintes/lignes/{line(app, 'week-end-infirmier').id}")

    assert "2 créneaux dans la semaine." in page.text
    assert page.text.count("de 8\u202fh à 20\u202fh, 1 créneau, 1 personne au moins") == 3
    assert page.text.count("<rect") == 3  # Saturday, Sunday, and a holiday.


def test_the_week_is_drawn_anew_while_somebody_types(coordinator):
    page = coordinator.post(PREVIEW, data={**FORM, "name": "", "patterns-0-slot_minutes": "360"})

    assert page.status_code == 200
    assert page.text.count("<rect") == 6
    assert 'hx-swap-oob="innerHTML"' in page.text
    assert "4 créneaux dans la semaine." in page.text
    assert not left_out(page)


def test_what_is_wrong_is_left_out_and_said(coordinator):
    other = {"patterns-1-weekdays": ["0"], "patterns-1-opens_at": "9h00", "patterns-1-closes_at": "25:99"}

    page = coordinator.post(PREVIEW, data={**FORM, **other})

    assert page.text.count("<rect") == 3
    (sentence,) = left_out(page)
    assert sentence.startswith("Plage 2")


def test_hours_that_meet_others_are_left_out_and_said(coordinator):
    other = {"patterns-1-weekdays": ["5", "0"], "patterns-1-opens_at": "19:00", "patterns-1-closes_at": "23:00"}

    page = coordinator.post(PREVIEW, data={**FORM, "name": "", **other})

    (sentence,) = left_out(page)
    assert "en même temps que la plage 1" in sentence
    assert page.text.count("<rect") == 3


def test_hours_that_are_over_by_then_are_said_to_be(coordinator):
    later = {
        "patterns-0-valid_until": "2026-08-31",
        "patterns-1-weekdays": ["5"],
        "patterns-1-opens_at": "08:00",
        "patterns-1-closes_at": "20:00",
        "patterns-1-valid_from": "2026-09-01",
    }

    page = coordinator.post(PREVIEW, data={**FORM, **later})

    (sentence,) = left_out(page)
    assert sentence.startswith("Plage 1")
    assert "lundi 7 septembre" in page.text


def test_without_a_script_the_week_comes_back_with_the_form(coordinator):
    page = coordinator.post("/astreintes/lignes/nouvelle", data={**FORM, "name": ""})

    assert page.status_code == 422
    assert page.text.count("<rect") == 3


def test_hours_as_on_other_days_are_said_of_a_holiday(coordinator):
    page = coordinator.post(PREVIEW, data={**FORM, "patterns-0-holidays": "as_usual"})

    assert "Un jour férié, la plage 1 ouvre comme un autre jour." in page.text
    assert "comme un autre jour</span>" in page.text


def test_a_week_of_a_line_that_there_is_not_is_not_drawn(coordinator):
    assert coordinator.post(f"{PREVIEW}?line=99", data=FORM).status_code == 404


def test_others_see_no_week(make, sign_in):
    assert sign_in(make.account()).post(PREVIEW, data=FORM).status_code == 404
