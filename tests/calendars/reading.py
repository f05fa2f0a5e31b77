"""Reading a feed the way calendars do, by parsers that share no code with what wrote it."""

from email.message import EmailMessage
from typing import Any

import icalendar
import vobject
from werkzeug.test import TestResponse


def calendar(body: bytes) -> icalendar.Calendar:
    """The feed as icalendar reads it."""
    return icalendar.Calendar.from_ical(body)


def events(body: bytes) -> dict[str, Any]:
    """The events by UID, as icalendar reads them."""
    found = {str(event["UID"]): event for event in calendar(body).events}
    assert len(found) == body.count(b"BEGIN:VEVENT"), "a UID twice"
    return found


def events_by_vobject(body: bytes) -> dict[str, Any]:
    """The events by UID, as vobject reads them."""
    parsed = vobject.readOne(body.decode())
    return {event.uid.value: event for event in parsed.contents.get("vevent", [])}


def only_event(response: TestResponse) -> Any:
    """The one event of a feed."""
    return only_event_of(response.data)


def only_event_of(body: bytes) -> Any:
    """The one event of a file."""
    (event,) = events(body).values()
    return event


def part(message: EmailMessage, kind: str) -> EmailMessage:
    """The one part of a mail that is of this kind."""
    (found,) = [each for each in message.walk() if each.get_content_type() == kind]
    return found


def entry(message: EmailMessage) -> tuple[icalendar.Calendar, Any]:
    """What a mail has for calendars, and the one event in it."""
    mailed = icalendar.Calendar.from_ical(part(message, "text/calendar").get_payload(decode=True))
    (event,) = mailed.events
    return mailed, event
