"""What a feed says: points 7 to 19 of what calendars need, each by its number."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events

from cpts_net.calendars import actions
from cpts_net.calendars.models import Feed
from cpts_net.spans import local_instant
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading
from tests.conftest import NOW

PARIS = ZoneInfo("Europe/Paris")
EVENING = datetime(2026, 8, 12, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 8, 13, 6, 0, tzinfo=UTC)


@pytest.fixture
def line(make):
    return make.line(name="Garde, de nuit")


@pytest.fixture
def on_call(make, line, anne):
    """Anne is on call tonight."""
    return make.seat(make.slot(line, EVENING, MORNING), anne)


def test_7_bytes_are_clean_utf8_in_short_lines(subscribe, owner, make, anne, paul):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[paul])
    make.absence(paul, date(2026, 10, 1), date(2026, 10, 2))

    body = subscribe(owner, "absences").body

    assert not body.startswith(b"\xef\xbb\xbf")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", body)


def test_7_commas_are_escaped_once(subscribe, owner, on_call):
    body = subscribe(owner).body

    assert rb"Garde\, de nuit" in body
    assert reading.events(body)[f"duty-{on_call.id}@localhost"]["SUMMARY"].endswith("Garde, de nuit")


def test_8_calendar_says_what_it_is(subscribe, owner):
    lines = subscribe(owner, name="Mes gardes; SNP, nuit \\ jour").body.decode().split("\r\n")

    assert lines[:8] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CPTS-Net//Agenda//FR",
        "CALSCALE:GREGORIAN",
        "NAME:Mes gardes SNP nuit jour",
        "X-WR-CALNAME:Mes gardes SNP nuit jour",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    assert not [line for line in lines if line.startswith(("METHOD", "SOURCE", "UID"))]


def test_9_empty_feed_holds_a_time_zone(subscribe, owner):
    body = subscribe(owner).body

    assert reading.events(body) == {}
    assert [str(zone["TZID"]) for zone in reading.calendar(body).timezones] == ["Europe/Paris"]


def test_10_time_zone_has_rules_and_no_list_of_dates(subscribe, owner):
    body = subscribe(owner).body.decode()

    assert body.count("RRULE:FREQ=YEARLY;BYMONTH=") == 2
    assert "RDATE" not in body


@pytest.mark.parametrize(
    ("day", "is_shown"),
    [
        (date(2026, 5, 11), False),
        (date(2026, 5, 12), True),
        (date(2027, 9, 12), True),
        (date(2027, 9, 13), False),
    ],
)
def test_11_window_reaches_three_months_back_and_thirteen_ahead(subscribe, owner, make, anne, day, is_shown):
    make.absence(anne, day, day)

    assert bool(reading.events(subscribe(owner).body)) == is_shown


def test_12_uid_comes_from_the_database(subscribe, owner, make, anne, on_call):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))

    assert set(reading.events(subscribe(owner).body)) == {
        f"duty-{on_call.id}@localhost",
        f"absence-{absence.id}@localhost",
    }


def test_13_change_raises_the_sequence_and_keeps_the_uid(subscribe, owner, make, anne, change, frozen):
    moved = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    make.absence(anne, date(2026, 10, 1), date(2026, 10, 2))
    feed = subscribe(owner)
    before = feed.body
    frozen.move_to(NOW + timedelta(hours=2))
    change(moved, last_day=date(2026, 9, 5))

    after = feed.body

    old, new = (reading.events(body)[f"absence-{moved.id}@localhost"] for body in (before, after))
    assert (old["SEQUENCE"], new["SEQUENCE"]) == (0, 1)
    assert old["LAST-MODIFIED"].dt == NOW
    assert new["LAST-MODIFIED"].dt == new["DTSTAMP"].dt == NOW + timedelta(hours=2)
    assert new.end == date(2026, 9, 6)
    # Not a byte of the other differs.
    assert before[before.rindex(b"BEGIN:VEVENT") :] == after[after.rindex(b"BEGIN:VEVENT") :]


def test_13_two_changes_within_a_second_are_told_apart(subscribe, owner, make, anne, change):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feed, stamps = subscribe(owner), []
    for day in (4, 5, 6):
        change(absence, last_day=date(2026, 9, day))
        event = reading.only_event(feed.get())
        stamps.append((event["SEQUENCE"], event["LAST-MODIFIED"].dt))

    assert stamps == [(0, NOW), (1, NOW + timedelta(seconds=1)), (2, NOW + timedelta(seconds=2))]


def test_13_renamed_person_is_a_change(subscribe, owner, make, anne, paul, change):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[paul])
    feed = subscribe(owner)
    feed.get()
    change(paul, family_name="Durand-Leroy")

    event = reading.only_event(feed.get())

    assert event["SEQUENCE"] == 1
    assert "Paul Durand-Leroy" in event["DESCRIPTION"]


def test_13_duty_that_changes_hands_is_a_change_for_both(subscribe, make, owner, anne, paul, on_call, change):
    hers, his = subscribe(owner), subscribe(make.account(paul))
    assert reading.only_event(hers.get())["SEQUENCE"] == 0
    change(on_call, person_id=paul.id)

    assert reading.events(hers.body) == {}
    assert reading.only_event(his.get())["SEQUENCE"] == 1
    change(on_call, person_id=anne.id)
    assert reading.only_event(hers.get())["SEQUENCE"] == 2


def test_13_entry_that_left_and_came_back_goes_on_counting(subscribe, owner, make, anne, change):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feed = subscribe(owner)
    feed.get()
    change(absence, last_day=date(2026, 9, 5))
    feed.get()
    change(absence, cancelled_at=NOW)
    assert reading.events(feed.body) == {}
    change(absence, cancelled_at=None, last_day=date(2026, 9, 6))

    assert reading.only_event(feed.get())["SEQUENCE"] == 2


def test_14_whole_days_end_on_the_day_after(subscribe, owner, make, anne):
    make.absence(anne, date(2026, 12, 24), date(2026, 12, 26))

    event = reading.only_event(subscribe(owner).get())

    assert (event.start, event.end) == (date(2026, 12, 24), date(2026, 12, 27))
    assert event["DTSTART"].params["VALUE"] == "DATE"


def test_14_half_day_is_timed_in_utc(subscribe, owner, make, anne):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 1), from_time=time(12))

    event = reading.only_event(subscribe(owner).get())

    assert event["DTSTART"].to_ical() == b"20260901T100000Z"
    assert event["DTEND"].to_ical() == b"20260901T220000Z"


@pytest.mark.parametrize(("night", "hours"), [(date(2026, 10, 24), 13), (date(2027, 3, 27), 11)])
def test_14_duty_across_a_clock_change_lasts_as_long_as_it_does(subscribe, owner, make, anne, night, hours):
    starts_at = local_instant(night, time(20), PARIS)
    ends_at = local_instant(night + timedelta(days=1), time(8), PARIS)
    make.seat(make.slot(make.line(), starts_at, ends_at), anne)

    body = subscribe(owner).body

    (event,) = reading.events(body).values()
    assert event["DTSTART"].to_ical().endswith(b"Z")
    assert event.end - event.start == timedelta(hours=hours)
    (by_vobject,) = reading.events_by_vobject(body).values()
    assert (by_vobject.dtstart.value, by_vobject.dtend.value) == (starts_at, ends_at)
    (occurrence,) = recurring_ical_events.of(reading.calendar(body)).between(night, night + timedelta(days=2))
    assert occurrence.start.astimezone(PARIS).time() == time(20)
    assert occurrence.end.astimezone(PARIS).time() == time(8)


def test_15_feed_repeats_nothing(subscribe, owner, on_call):
    body = subscribe(owner).body

    event = body[body.index(b"BEGIN:VEVENT") :]
    assert b"RRULE" not in event
    assert b"RECURRENCE-ID" not in event


def test_16_feed_shows_the_resolved_roster(subscribe, owner, make, anne, paul, on_call, change):
    marie = make.person("Marie", "Morel")
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[paul])
    make.absence(paul, date(2026, 8, 31), date(2026, 9, 3), relays=[marie])
    change(on_call, person_id=paul.id)

    lines, absences = (subscribe(owner, kind).body for kind in ("duty", "absences"))

    assert [str(event["SUMMARY"]) for event in reading.events(lines).values()] == [
        "Garde, de nuit\u00a0: Dr Paul Durand"
    ]
    by_name = {str(event["SUMMARY"]): str(event["DESCRIPTION"]) for event in reading.events(absences).values()}
    assert by_name == {
        "Dr Anne Petit\u00a0: absent": "Relais du mardi 1er au jeudi 3 septembre\u00a0: Dr Marie Morel"
        " · Relais le vendredi 4 septembre\u00a0: Dr Paul Durand",
        "Dr Paul Durand\u00a0: absent": "Relais\u00a0: Dr Marie Morel",
    }


def flags(event):
    return str(event["TRANSP"]), str(event["X-MICROSOFT-CDO-BUSYSTATUS"])


def test_17_own_duty_leaves_the_day_free(subscribe, owner, on_call):
    assert flags(reading.only_event(subscribe(owner).get())) == ("TRANSPARENT", "FREE")


def test_17_own_duty_is_busy_for_those_who_want_it(subscribe, owner, on_call):
    assert flags(reading.only_event(subscribe(owner, is_busy=True).get())) == ("OPAQUE", "BUSY")


def test_17_switch_is_a_change_of_that_feed_only(subscribe, app, owner, on_call):

    switched, other = subscribe(owner), subscribe(owner)
    kept = other.body
    switched.get()
    later = NOW + timedelta(minutes=1)
    with app.app_context(), transaction():
        actions.change_feed(db.session.get_one(Feed, switched.feed_id), name="Garde", is_busy=True, now=later)

    event = reading.only_event(switched.get())

    assert flags(event) == ("OPAQUE", "BUSY")
    assert (event["SEQUENCE"], event["LAST-MODIFIED"].dt) == (1, later)
    assert other.body == kept


def test_17_own_leave_is_out_of_office(subscribe, owner, make, anne):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))

    assert flags(reading.only_event(subscribe(owner).get())) == ("OPAQUE", "OOF")


@pytest.mark.parametrize("kind", ["duty", "absences"])
def test_17_what_others_do_never_fills_the_day(subscribe, owner, make, anne, on_call, kind):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))

    # Not even for those whose own duties do.
    assert flags(reading.only_event(subscribe(owner, kind, is_busy=True).get())) == ("TRANSPARENT", "FREE")


@pytest.mark.parametrize("kind", ["mine", "duty", "absences"])
def test_18_feed_holds_nothing_private(subscribe, make, kind):
    marie = make.person("Marie", "Morel", phone="+33261912345", private_phone="+33612345678")
    make.seat(make.slot(make.line(phone="+33261919900"), EVENING, MORNING), marie)
    make.absence(marie, date(2026, 9, 1), date(2026, 9, 4), note="Loin")

    body = subscribe(make.account(marie, email="marie@prive.example"), kind).body.decode()

    unwanted = [
        "ATTENDEE",
        "ORGANIZER",
        "VALARM",
        "+336",
        "+332",
        "sick",
        "malad",
        "hôpital",
        "accident",
        "prive.example",
    ]
    assert [word for word in unwanted if word in body] == []


def test_19_removed_entry_is_gone(subscribe, owner, make, anne, change):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    feed = subscribe(owner)
    assert len(reading.events(feed.body)) == 1
    change(absence, cancelled_at=NOW)

    assert reading.events(feed.body) == {}


def test_20_feed_is_read_alike_by_both_parsers(subscribe, owner, make, anne, paul, on_call):
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[paul])
    make.absence(anne, date(2026, 10, 24), date(2026, 10, 26), until_time=time(12))

    body = subscribe(owner).body

    one, other = reading.events(body), reading.events_by_vobject(body)
    assert {uid: (event.start, event.end, str(event["SUMMARY"])) for uid, event in one.items()} == {
        uid: (event.dtstart.value, event.dtend.value, event.summary.value) for uid, event in other.items()
    }
    window = date(2026, 5, 1), date(2027, 9, 1)
    occurrences = recurring_ical_events.of(icalendar.Calendar.from_ical(body)).between(*window)
    assert {str(event["UID"]) for event in occurrences} == set(one)
    assert len(occurrences) == 3


def test_line_feed_shows_its_line_only(subscribe, owner, make, anne, paul, line, on_call):
    other = make.line("infirmiers")
    make.seat(make.slot(other, EVENING, MORNING), paul)

    event = reading.only_event(subscribe(owner, "line", line_id=line.id).get())

    assert str(event["SUMMARY"]) == "Garde, de nuit\u00a0: Dr Anne Petit"


def test_line_feed_says_when_its_holder_is_away(subscribe, owner, make, anne, line, on_call):
    make.absence(anne, date(2026, 8, 12), date(2026, 8, 14))

    event = reading.only_event(subscribe(owner, "line", line_id=line.id).get())

    assert str(event["SUMMARY"]).endswith("Dr Anne Petit (absent)")


def test_account_without_a_member_has_an_empty_agenda(subscribe, make, on_call):
    assert reading.events(subscribe(make.account()).body) == {}
