"""iCalendar text (RFC 5545), written by ``icalendar``, with what it lets pass put right.

Lines end in CRLF and hold 75 octets at the most, folded as they always were:
calendars and the ledger know entries by their bytes (docs/decisions/0010).
Texts are escaped once and carry no control characters.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import icalendar
from icalendar import vCalAddress, vText, vUri
from icalendar.cal.component import Component

from cpts_net.calendars.items import Item, Occupies

CRLF = "\r\n"
LONGEST_LINE = 75
PRODID = "-//CPTS-Net//Agenda//FR"
REFRESH = timedelta(hours=1)
# What ends a line for some reader, or is no character at all; the tab and the
# line feed stay.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[,;\\ \t\n]+")
_NOT_IN_PARAMETERS = re.compile(r'["\\]')  # A quote ends the name; some readers take a backslash for an escape.
_SPACE = re.compile(r"[ \t\n]+")  # Others, as in « 8 h », stay.
_CONTINUED = 0b10000000  # The first two bits of a byte inside a UTF-8 character.


@dataclass(frozen=True)
class Stamp:
    """How often an entry has changed visibly, and when it last did."""

    sequence: int
    modified_at: datetime


@dataclass(frozen=True)
class Participant:
    """Somebody in a mail, with the parameters that stand behind their name.

    Raises:
        ValueError: for an address that would end the line.
    """

    name: str
    address: str
    parameters: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if clean(self.address) != self.address or any(sign.isspace() for sign in self.address):
            raise ValueError(f"not a mail address: {self.address!r}")

    @property
    def written(self) -> vCalAddress:
        """The value as a component takes it."""
        name = clean(" ".join(_NOT_IN_PARAMETERS.sub(" ", self.name).split()))
        return vCalAddress(f"mailto:{self.address}", params={"CN": name, **dict(self.parameters)})


class _Text(vText):
    """A TEXT in which a backslash before an N stays one: the library takes the two for a line break."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def clean(value: str) -> str:
    """The text with line feeds as its only line breaks, and without control characters."""
    return _UNWANTED.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(value: str) -> str:
    """A text without line breaks; some readers skip an event whose summary has one."""
    return _SPACE.sub(" ", clean(value)).strip()


def plain_name(value: str) -> str:
    """A calendar's name without commas, semicolons and backslashes: no spelling of these is read alike by all."""
    return _NOT_IN_NAMES.sub(" ", clean(value)).strip()


def content(item: Item) -> str:
    """The lines of an entry that people see; two entries that read alike have the same."""
    event = icalendar.Event()
    _add_content(event, item)
    return _lines(event)


@lru_cache(maxsize=10_000)
def stamped(stamp: Stamp, occupies: Occupies) -> str:
    """The lines of an entry in a feed that say since when it reads so, and what it does to its owner's time."""
    event = icalendar.Event()
    _add_stamp(event, stamp, occupies, stamp.modified_at)
    return _lines(event)


def event(content: str, stamped: str) -> str:
    """One entry of a feed, of the lines that were written of it."""
    return f"BEGIN:VEVENT{CRLF}{content}{stamped}END:VEVENT{CRLF}"


def calendar(name: str, parts: Iterable[str]) -> bytes:
    """A feed: time zone and events are already text.

    No METHOD, which would make it an invitation, and no SOURCE, which would
    hold the secret address.
    """
    return f"BEGIN:VCALENDAR{CRLF}{_head(plain_name(name))}{''.join(parts)}END:VCALENDAR{CRLF}".encode()


def message(
    method: str, item: Item, stamp: Stamp, organizer: Participant, attendee: Participant, *, sent_at: datetime
) -> bytes:
    """What a mail carries: one event and what to do with it.

    In a mail DTSTAMP says when it was written, in a feed when the entry last changed.
    """
    event = icalendar.Event()
    _add_content(event, item)
    _add_stamp(event, stamp, item.occupies, sent_at)
    event.add("ORGANIZER", organizer.written)
    event.add("ATTENDEE", attendee.written)
    calendar = _calendar()
    calendar.add("METHOD", method)
    calendar.add_component(event)
    written: bytes = calendar.to_ical(sorted=False)
    return written


def fold(line: str) -> str:
    """The line in pieces of 75 octets at the most, cut between characters."""
    octets = line.encode()
    if len(octets) <= LONGEST_LINE:
        return line
    pieces, start, room = [], 0, LONGEST_LINE
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0b11000000 == _CONTINUED:
            end -= 1
        pieces.append(octets[start:end].decode())
        start, room = end, LONGEST_LINE - 1  # The space in front of a piece counts.
    pieces.append(octets[start:].decode())
    return f"{CRLF} ".join(pieces)


def _add_content(event: icalendar.Event, item: Item) -> None:
    event.add("UID", vText(item.uid))
    for name, moment in zip(("DTSTART", "DTEND"), item.days or (item.span.start, item.span.end), strict=True):
        event.add(name, _in_utc(moment))
    event.add("SUMMARY", _Text(one_line(item.summary)))
    if item.description:
        event.add("DESCRIPTION", _Text(clean(item.description)))
    if item.location:
        event.add("LOCATION", _Text(one_line(item.location)))
    event.add("URL", vUri(item.url))
    event.add("STATUS", "CANCELLED" if item.is_cancelled else "CONFIRMED")


def _add_stamp(event: icalendar.Event, stamp: Stamp, occupies: Occupies, written_at: datetime) -> None:
    event.add("DTSTAMP", written_at)
    event.add("LAST-MODIFIED", stamp.modified_at)
    event.add("SEQUENCE", stamp.sequence)
    event.add("TRANSP", "TRANSPARENT" if occupies == Occupies.NOTHING else "OPAQUE")
    event.add("X-MICROSOFT-CDO-BUSYSTATUS", vText(occupies))


def _in_utc(moment: date | datetime) -> date | datetime:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


@lru_cache(maxsize=1000)
def _head(name: str) -> str:
    calendar = _calendar()
    for spelling in ("NAME", "X-WR-CALNAME"):
        calendar.add(spelling, vText(name))
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", icalendar.vDuration(REFRESH))
    return _lines(calendar)


def _calendar() -> icalendar.Calendar:
    # Not by ``Calendar.new``, which gives it a UID by chance: other bytes at each reading.
    calendar = icalendar.Calendar()
    for name, value in (("VERSION", "2.0"), ("PRODID", PRODID), ("CALSCALE", "GREGORIAN")):
        calendar.add(name, value)
    return calendar


def _lines(component: Component) -> str:
    """What stands between the beginning and the end of a component, each line folded and ended."""
    _begin, *inner, _end, _nothing = component.content_lines(sorted=False)
    return "".join(f"{fold(line)}{CRLF}" for line in inner)
