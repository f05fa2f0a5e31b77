from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.calendars import rules


def test_window_is_whole_local_days():
    window = rules.window(date(2026, 8, 12), ZoneInfo("Europe/Paris"))

    assert window.start == datetime(2026, 5, 11, 22, tzinfo=UTC)
    assert window.end == datetime(2027, 9, 12, 22, tzinfo=UTC)


@given(st.text(min_size=1, max_size=80), st.integers(0, 30))
def test_free_name_is_new_and_short_enough(wanted, taken_times):
    taken = set()
    for _ in range(taken_times):
        taken.add(rules.free_name(wanted, taken))

    name = rules.free_name(wanted, taken)

    assert len(taken) == taken_times
    assert name not in taken
    assert len(name) <= rules.LONGEST_NAME


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Google-Calendar-Importer", "Google Agenda"),
        ("Mozilla/5.0 (compatible; Google-Calendar; +http://www.google.com)", "Google Agenda"),
        ("iOS/18.2 (22C152) dataaccessd/1.0", "Apple"),
        ("macOS/15.0 (24A335) CalendarAgent/984", "Apple"),
        ("Microsoft Exchange/15.20 (InternetCalendar)", "Outlook"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", "Outlook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Thunderbird/153.0", "Thunderbird"),
        ("ICSx5/2.2.4 (at.bitfire.icsdroid)", "ICSx⁵"),
        ("Autre Agenda/1.0", "Autre Agenda"),
        ("", ""),
    ],
)
def test_reader_is_named_as_people_call_it(user_agent, name):
    assert rules.reader(user_agent) == name
