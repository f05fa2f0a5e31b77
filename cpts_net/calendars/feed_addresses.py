"""Where a feed is read, and the links that add it to each kind of calendar."""

from dataclasses import dataclass
from urllib.parse import quote

from cpts_net.calendars import tokens
from cpts_net.calendars.models import Feed, FeedKind
from cpts_net.calendars.tokens import FeedKey
from cpts_net.settings import current_settings

# Short, since some calendars refuse an address of more than 100 characters,
# and without the feed's name, which may say who somebody is.
FILES = {
    FeedKind.MINE: "mon-agenda",
    FeedKind.LINE: "astreinte",
    FeedKind.DUTY: "astreintes",
    FeedKind.ABSENCES: "absents",
}


@dataclass(frozen=True)
class FeedAddresses:
    """The address of a feed, and what each calendar wants to be given."""

    https: str
    webcal: str
    google: str
    outlook: str
    office: str


def feed_addresses(feed: Feed) -> FeedAddresses:
    """The present addresses of a feed, for its owner's eyes only."""
    https = feed_address(feed)
    webcal = "webcal:" + https.partition(":")[2]
    by_microsoft = f"/calendar/0/addfromweb?url={quote(https, safe='')}&name={quote(feed.name, safe='')}"
    return FeedAddresses(
        https=https,
        webcal=webcal,
        # Google takes no https address here.
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.live.com{by_microsoft}",
        # Accounts of a firm, a hospital or a school live elsewhere.
        office=f"https://outlook.office.com{by_microsoft}",
    )


def feed_address(feed: Feed) -> str:
    """Where the feed is read; any name before ``.ics`` would do."""
    settings = current_settings()
    token = tokens.token(FeedKey(feed.id, feed.generation), settings.secret_key)
    return f"{settings.public_url}/agenda/{token}/{FILES[FeedKind(feed.kind)]}.ics"
