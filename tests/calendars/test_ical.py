"""The text joiner, against parsers that were written by others."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from cpts_net.calendars import ical
from cpts_net.calendars.ical import Participant, Stamp
from cpts_net.calendars.items import EntryKind, Item, Occupies, View
from cpts_net.spans import Span

START = datetime(2026, 8, 12, 18, 0, tzinfo=UTC)
STAMP = Stamp(2, START)
# What a person can type, and what nobody should be able to.
texts = st.text(st.characters(codec="utf-8"), max_size=200) | st.text(
    st.sampled_from('\\Nn,;:\r\n\t "^é👩'), max_size=90
)


def item_of(description: str, summary: str = "Réunion") -> Item:
    return Item(
        kind=EntryKind.MEETING,
        view=View.MINE,
        uid="meeting-1@localhost",
        whose=0,
        span=Span(START, START + timedelta(hours=2)),
        title="",
        summary=summary,
        url="http://localhost/reunions/1",
        occupies=Occupies.TIME,
        description=description,
    )


def feed_of(description: str, summary: str = "Réunion", name: str = "Agenda") -> bytes:
    item = item_of(description, summary)
    return ical.calendar(name, [ical.event(ical.content(item), ical.stamped(STAMP, item.occupies))])


@given(texts)
@example("C:\\Nouveau, \\\\N")
@example("a\\nb; c, d\\, \\;\n\nfin\\")
@example("é" * 100)
@example("👩‍⚕️" * 30)
@example(" deux  espaces\tet une tabulation ")
@example("BEGIN:VEVENT\r\nSUMMARY:faux\rEND:VEVENT")
@example("\u2028\u0085\x0b\x0c\x00\ufeff")
def test_text_is_read_back_by_icalendar(text):
    (event,) = icalendar.Calendar.from_ical(feed_of(text)).events

    assert str(event.get("DESCRIPTION", "")) == ical.clean(text)


@given(texts)
@example("a, b; c \\ d\ne")
def test_text_is_read_back_by_vobject(text):
    event = vobject.readOne(feed_of(text).decode()).vevent
    read = event.description.value if hasattr(event, "description") else ""

    assert read == ical.clean(text)


@given(texts)
@example("é" * 100)
def test_lines_are_short_and_end_in_crlf(text):
    body = feed_of(text, summary=text, name=text)

    assert body.endswith(b"\r\n")
    lines = body.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # Never cut inside of a character.
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b"\r" not in body.replace(b"\r\n", b"")


@given(texts)
def test_text_has_no_control_characters(text):
    body = feed_of(text, summary=text, name=text).decode().replace("\r\n", "")

    assert not [sign for sign in body if ord(sign) < 32 and sign != "\t"]
    assert not set(body) & {"\x7f", "\x85", "\u2028", "\u2029", "\ufeff"}


@given(texts)
def test_summary_is_one_line(text):
    (event,) = icalendar.Calendar.from_ical(feed_of("", summary=text)).events

    assert "\n" not in str(event["SUMMARY"])


@given(texts)
def test_calendar_name_needs_no_escape(text):
    body = feed_of("", name=text)

    calendar = icalendar.Calendar.from_ical(body)
    assert not set(str(calendar["NAME"])) & set(",;\\\n")
    assert str(calendar["NAME"]) == str(calendar["X-WR-CALNAME"])


@given(st.text(max_size=300), st.integers(0, 80))
def test_folding_is_undone_by_joining(text, shift):
    line = "X" * shift + text.replace("\r", "").replace("\n", "")

    assert ical.fold(line).replace("\r\n ", "") == line


def test_event_is_marked_as_it_occupies():
    body = feed_of("").decode()

    assert "TRANSP:OPAQUE\r\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\n" in body
    assert "SEQUENCE:2\r\n" in body


def mail_to(name: str, address: str = "anne@cpts.example") -> bytes:
    organizer = Participant("CPTS, du Dunois", "contact@cpts.example")
    attendee = Participant(name, address, (("PARTSTAT", "NEEDS-ACTION"), ("RSVP", "TRUE")))
    return ical.message("REQUEST", item_of("", summary=name), STAMP, organizer, attendee, sent_at=START)


@given(texts)
@example('Anne "la\r\nX:1" Petit')
@example("a^b;c,d:e")
@example("\\")
def test_person_cannot_add_a_line(name):
    (event,) = icalendar.Calendar.from_ical(mail_to(name)).events

    read = event["ATTENDEE"].params
    assert str(event["ATTENDEE"]) == "mailto:anne@cpts.example"
    assert set(read) == {"CN", "PARTSTAT", "RSVP"}
    assert read["CN"] == ical.clean(" ".join(re.sub(r'["\\]', " ", name).split()))
    assert event["ORGANIZER"].params["CN"] == "CPTS, du Dunois"


@given(texts)
@example("é" * 200)
def test_mail_is_clean_in_short_lines_and_read_by_vobject(name):
    body = mail_to(name)

    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert b"\n" not in body.replace(b"\r\n", b"")
    parsed = vobject.readOne(body.decode())
    assert (parsed.method.value, parsed.vevent.attendee.value) == ("REQUEST", "mailto:anne@cpts.example")
    assert parsed.vevent.summary.value == ical.one_line(name)


@pytest.mark.parametrize("address", ["a@b\r\nX:1", "a b@c", "a@b\x00"])
def test_person_with_a_broken_address_is_refused(address):
    with pytest.raises(ValueError, match="not a mail address"):
        Participant("Anne", address)
