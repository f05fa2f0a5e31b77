"""Every page with a live part, as its room declares it."""

from typing import NamedTuple

from cpts_net.continuity.live_pages import BOARD, WEEKS
from cpts_net.groups.live_pages import GROUP
from cpts_net.meetings.live_pages import POLL
from cpts_net.notices.live_pages import NEWS
from cpts_net.oncall.live_pages import MONTH
from cpts_net.pictures.live_page import LivePage

LIVE_PAGES = (BOARD, WEEKS, GROUP, MONTH, NEWS, POLL)


class Room(NamedTuple):
    """Those who see the same: one page, in one language."""

    address: str
    language: str


def page_of(address: str) -> tuple[LivePage, str] | None:
    """The kind of page that calls itself so, and its key; None if there is none.

    Another name for the same page is no page: it would be drawn and kept once more.
    """
    found = ((page, page.key_in(address)) for page in LIVE_PAGES)
    return next(((page, key) for page, key in found if key is not None), None)
