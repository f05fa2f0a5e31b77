"""What a feed may be called, how far it reaches, and who reads it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta, tzinfo

from cpts_net.spans import Span, days_span

LONGEST_NAME = 60
DAYS_BACK, DAYS_AHEAD = 92, 396  # Three months and thirteen.
WEEKLY_AHEAD = 92
READERS = (
    ("google", "Google Agenda"),
    ("microsoft", "Outlook"),
    ("outlook", "Outlook"),
    ("thunderbird", "Thunderbird"),
    ("icsx5", "ICSx⁵"),
    ("davx5", "DAVx⁵"),
    ("nextcloud", "Nextcloud"),
    ("evolution", "Evolution"),
    ("dataaccessd", "Apple"),
    ("iphone", "Apple"),
    ("ios/", "Apple"),
    ("macos", "Apple"),
    ("mac os x", "Apple"),
    ("vdirsyncer", "vdirsyncer"),
)


def window(today: date, zone: tzinfo) -> Span:
    """What a feed shows: three months back, thirteen ahead, in whole local days."""
    return days_span(today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD), zone)


def weekly_until(today: date, zone: tzinfo) -> datetime:
    """Until when a feed of everybody’s absences lists days off week by week: three months, for they say the same for years."""
    return days_span(today, today + timedelta(days=WEEKLY_AHEAD), zone).end


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name wanted, with a number behind it when it is taken."""
    wanted = wanted[:LONGEST_NAME]
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted[: LONGEST_NAME - 4]} {number}"
    return name


def reader(user_agent: str) -> str:
    """Which calendar reads, as people call it; empty when it does not say."""
    said = user_agent.lower()
    return next((name for sign, name in READERS if sign in said), user_agent.split("/", 1)[0].strip()[:40])
