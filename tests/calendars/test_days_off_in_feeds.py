"""Days off week by week in feeds: an entry of its own for each day, under a name for ever, and no rule."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cpts_net.leave.models import AbsenceException
from cpts_net.spans import days_span
from tests.calendars import reading

PARIS = ZoneInfo("Europe/Paris")
FIRST = date(2026, 8, 19)  # A Wednesday; the clocks go back on 25 October.
LAST = date(2026, 11, 4)
DAYS = [f"{day:%Y%m%d}" for day in (date.fromordinal(FIRST.toordinal() + 7 * week) for week in range(12))]


@pytest.fixture
def off(make, anne, paul):
    return make.absence(anne, FIRST, LAST, weekdays="2", relays=[paul])


def sequences(feed):
    return {uid: int(event["SEQUENCE"]) for uid, event in reading.events(feed.body).items()}


def test_each_day_is_an_entry_of_its_own(subscribe, owner, off):
    body = subscribe(owner).body

    events = reading.events(body)
    assert sorted(events) == [f"absence-{off.id}-{day}@localhost" for day in DAYS]
    assert b"RRULE" not in body.split(b"END:VTIMEZONE")[-1]
    entry = events[f"absence-{off.id}-20261028@localhost"]
    assert (entry.start, entry.end) == (date(2026, 10, 28), date(2026, 10, 29))
    assert str(entry["SUMMARY"]) == "Jour de repos"
    assert str(entry["DESCRIPTION"]) == "Relais\N{NO-BREAK SPACE}: Dr Paul Durand"


def test_hours_hold_on_each_day_on_both_sides_of_the_clock_change(subscribe, owner, make, anne):
    off = make.absence(anne, FIRST, LAST, weekdays="2", from_time=time(14), until_time=time(18, 30))

    events = reading.events(subscribe(owner).body)

    local = {
        uid[-18:-10]: (event.start.astimezone(PARIS).time(), event.end.astimezone(PARIS).time())
        for uid, event in events.items()
    }
    assert len(local) == 12
    assert {*local.values()} == {(time(14), time(18, 30))}
    assert {uid.split("-")[1] for uid in events} == {str(off.id)}


def test_only_the_day_that_changes_rises(subscribe, owner, make, off, paul, change):
    """The relay leaves for two of the days: those read otherwise; and they come back to what they were."""
    feed = subscribe(owner)
    before = sequences(feed)
    leave = make.absence(paul, date(2026, 9, 7), date(2026, 9, 18))
    make.announce("continuity")

    during = sequences(feed)
    change(leave, cancelled_at=datetime(2026, 8, 12, 8, tzinfo=PARIS))
    after = sequences(feed)

    names = [f"absence-{off.id}-{day}@localhost" for day in ("20260909", "20260916")]
    assert {uid for uid in before if during[uid] != before[uid]} == {*names}
    assert {uid: after[uid] - before[uid] for uid in names} == dict.fromkeys(names, 2)
    assert {*before} == {*during} == {*after}


def test_a_leave_takes_the_days_that_it_covers_and_an_excepted_day_goes(subscribe, owner, make, anne, off):
    feed = subscribe(owner, "absences")
    before = sequences(feed)
    leave = make.absence(anne, date(2026, 9, 7), date(2026, 9, 16), until_time=time(12))
    make.save(AbsenceException(absence_id=off.id, day=date(2026, 9, 2)))
    make.announce("continuity")

    events = reading.events(feed.body)

    gone = {f"absence-{off.id}-{day}@localhost" for day in ("20260902", "20260909")}
    assert {*before} - {*events} == gone
    assert {*events} - {*before} == {f"absence-{leave.id}@localhost"}
    afternoon = events[f"absence-{off.id}-20260916@localhost"]
    assert afternoon.start.astimezone(PARIS).hour == 12
    assert afternoon.end == days_span(date(2026, 9, 16), date(2026, 9, 16), PARIS).end
    assert int(afternoon["SEQUENCE"]) == before[f"absence-{off.id}-20260916@localhost"] + 1


def test_whoever_stands_in_has_an_entry_for_each_day(subscribe, make, off, paul):
    events = reading.events(subscribe(make.account(paul)).body)

    assert sorted(events) == [f"cover-{off.id}-{paul.id}-{day}T0000@localhost" for day in DAYS]


def test_the_feed_of_everybody_lists_them_three_months_ahead_and_leaves_beyond(subscribe, owner, make, anne, paul):
    """Each day is an entry: those of many people over a year would be most of the feed."""
    off = make.absence(anne, FIRST, None, weekdays="2")
    leave = make.absence(paul, date(2027, 3, 1), date(2027, 3, 5))

    everybody, own = (reading.events(subscribe(owner, kind).body) for kind in ("absences", "mine"))

    listed = sorted(uid for uid in everybody if uid.startswith(f"absence-{off.id}-"))
    assert (listed[0][-18:-10], listed[-1][-18:-10]) == ("20260819", "20261111")
    assert f"absence-{leave.id}@localhost" in everybody
    assert f"absence-{off.id}-20270106@localhost" in own
