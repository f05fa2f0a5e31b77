"""Feeds and mails as three readers see them that share no code with each other: before icalendar wrote them, and after."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
import vobject

from cpts_net.calendars import ical
from cpts_net.calendars.ical import Participant, Stamp
from cpts_net.calendars.items import EntryKind, Item, Occupies, View
from cpts_net.spans import Span, local_instant
from tests.calendars import reading

RECORDED = Path(__file__).parent / "recorded"
PARIS = ZoneInfo("Europe/Paris")
ZONES = ["Europe/Paris", "Indian/Reunion", "America/Miquelon", "America/Cayenne", "Pacific/Noumea", "Pacific/Marquesas"]
# The last Sundays of October and March begin in the first and the last; Miquelon changes on others.
NIGHTS = [date(2026, 10, 24), date(2026, 10, 31), date(2026, 12, 31), date(2027, 3, 13), date(2027, 3, 27)]


def by_icalendar(body):
    return {
        str(event["UID"]): (event.start, event.end, str(event["SUMMARY"])) for event in reading.calendar(body).events
    }


def by_vobject(body):
    events = reading.events_by_vobject(body)
    return {uid: (event.dtstart.value, event.dtend.value, event.summary.value) for uid, event in events.items()}


def by_occurrence(body):
    found = recurring_ical_events.of(reading.calendar(body)).between(date(2026, 5, 1), date(2027, 10, 1))
    assert len(found) == len({str(event["UID"]) for event in found})
    return {str(event["UID"]): (event.start, event.end, str(event["SUMMARY"])) for event in found}


@pytest.fixture(params=ZONES)
def zone(request, app, settings, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", replace(settings, timezone=request.param))
    return ZoneInfo(request.param)


def test_every_reader_sees_duties_and_leaves_of_every_territory_as_they_are(subscribe, make, zone):
    anne, line = make.person(), make.line()
    expected = {}
    for night in NIGHTS:
        held = Span(local_instant(night, time(20), zone), local_instant(night + timedelta(days=1), time(8), zone))
        seat = make.seat(make.slot(line, held.start, held.end), anne)
        expected[f"duty-{seat.id}@localhost"] = held.start, held.end
    whole = make.absence(anne, date(2026, 12, 24), date(2027, 1, 3))
    half = make.absence(anne, date(2026, 10, 25), date(2026, 10, 25), from_time=time(12))
    expected[f"absence-{whole.id}@localhost"] = date(2026, 12, 24), date(2027, 1, 4)
    noon, midnight = (local_instant(date(2026, 10, day), time(hour), zone) for day, hour in ((25, 12), (26, 0)))
    expected[f"absence-{half.id}@localhost"] = noon, midnight

    body = subscribe(make.account(anne)).body

    seen = by_icalendar(body)
    assert {uid: (start, end) for uid, (start, end, _summary) in seen.items()} == expected
    assert seen == by_vobject(body) == by_occurrence(body)


@pytest.mark.parametrize("kind", ["mine", "duty", "absences"])
def test_every_reader_sees_what_was_recorded_alike(kind):
    body = (RECORDED / f"{kind}.ics").read_bytes()

    assert by_icalendar(body) == by_vobject(body) == by_occurrence(body)
    assert len(by_icalendar(body)) == {"mine": 7, "duty": 4, "absences": 2}[kind]


def meeting(starts_at: datetime) -> Item:
    return Item(
        kind=EntryKind.MEETING,
        view=View.MINE,
        uid="meeting-901@localhost",
        whose=0,
        span=Span(starts_at, starts_at + timedelta(hours=2)),
        title="Réunion",
        summary="Réunion, première ; avec un titre si long qu’il faut bien le plier en plusieurs lignes",
        url="http://localhost:8000/reunions/901",
        occupies=Occupies.TIME,
        description="Parcours, diabète\n\nOrdre du jour ; « chemin » C:\\Nouveau\\notes\n👩‍⚕️ " + "é" * 90,
        location="Salle 3 ; étage \\ 2, au fond",
    )


def invitation(starts_at: datetime, method: str = "REQUEST") -> bytes:
    organizer = Participant("CPTS du Dunois", "contact@cpts.example")
    asked = ("CUTYPE", "INDIVIDUAL"), ("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "NEEDS-ACTION"), ("RSVP", "TRUE")
    attendee = Participant("Dr Anne Petit, médecin ; « Nanou »", "anne@cpts.example", asked)
    item = replace(meeting(starts_at), is_cancelled=method == "CANCEL")
    return ical.message(method, item, Stamp(3, SENT - timedelta(days=2)), organizer, attendee, sent_at=SENT)


SENT = datetime(2026, 8, 12, 8, 0, tzinfo=UTC)
ONE = datetime(2026, 9, 10, 18, 0, tzinfo=UTC)


def test_a_mail_says_what_it_said_before():
    old, new = (RECORDED / "invitation.ics").read_bytes(), invitation(ONE)

    (was,), (now) = icalendar.Calendar.from_ical(old).events, icalendar.Calendar.from_ical(new).events[0]
    assert dict(now) == dict(was)
    assert now["ATTENDEE"].params == was["ATTENDEE"].params
    assert by_icalendar(new) == by_icalendar(old) == by_vobject(new) == by_vobject(old) == by_occurrence(new)
    # But for where lines are folded, and for quotes around what needs none.
    assert unfolded(new) == unfolded(old)


def unfolded(body: bytes) -> list[bytes]:
    return body.replace(b"\r\n ", b"").replace(b'"', b"").split(b"\r\n")


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
@pytest.mark.parametrize("night", NIGHTS)
def test_every_reader_sees_a_mail_in_the_night_of_a_clock_change_alike(night, method):
    starts_at = local_instant(night + timedelta(days=1), time(2, 30), PARIS)
    body = invitation(starts_at, method)

    assert by_icalendar(body) == by_vobject(body) == by_occurrence(body)
    (event,) = icalendar.Calendar.from_ical(body).events
    assert (event.start, event.end - event.start) == (starts_at, timedelta(hours=2))
    assert event["STATUS"] == ("CANCELLED" if method == "CANCEL" else "CONFIRMED")
    assert vobject.readOne(body.decode()).method.value == method
