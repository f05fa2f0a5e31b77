from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from cpts_net.calendars.timezones import RuleUnknown, vtimezone

# Every zone in which a French CPTS can be, and two beyond for the other hemisphere and for half hours.
ZONES = [
    "Europe/Paris",
    "Indian/Reunion",
    "Indian/Mayotte",
    "America/Martinique",
    "America/Guadeloupe",
    "America/Cayenne",
    "America/Miquelon",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Marquesas",
    "Pacific/Wallis",
    "Australia/Sydney",
    "Etc/UTC",
]


@pytest.mark.parametrize("key", ZONES)
def test_zone_is_the_same_to_the_hour_for_two_years(key):
    body = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *vtimezone(key), "END:VCALENDAR", ""])
    (component,) = icalendar.Calendar.from_ical(body.encode()).timezones
    read = component.to_tz(lookup_tzid=False)
    zone, moment = ZoneInfo(key), datetime(2026, 1, 1, tzinfo=UTC)

    differing = [
        at for hours in range(24 * 730) if (at := moment + timedelta(hours=hours)).astimezone(zone).utcoffset()
        != at.astimezone(read).utcoffset()
    ]  # fmt: skip

    assert differing == []


@pytest.mark.parametrize("key", ZONES)
def test_zone_is_read_by_vobject(key):
    body = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *vtimezone(key), "END:VCALENDAR", ""])

    assert vobject.readOne(body).vtimezone.tzid.value == key


@pytest.mark.parametrize("key", ["Europe/Paris", "America/Miquelon"])
def test_zone_with_summer_time_has_rules_that_outlook_reads(key):
    text = "\n".join(vtimezone(key))

    assert text.count("RRULE:FREQ=YEARLY;BYMONTH=") == 2
    assert text.count("BYDAY=") == 2
    assert "RDATE" not in text
    assert "COMMENT" not in text


def test_zone_with_an_hour_of_another_day_is_refused():
    with pytest.raises(RuleUnknown):
        vtimezone("America/Nuuk")
