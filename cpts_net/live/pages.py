"""Every page with a live part: who may watch it and what it looks like."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cpts_net.accounts.identity import Identity
from cpts_net.continuity import live_pages as continuity
from cpts_net.meetings import live_pages as meetings
from cpts_net.pictures.picture import Picture


@dataclass(frozen=True)
class LivePage:
    """The live part of one kind of page; a scope is its name and perhaps a number: ``poll:12``."""

    picture: Callable[[int, datetime], Picture]
    may_watch: Callable[[Identity, int], bool]
    is_numbered: bool


LIVE_PAGES = {
    "continuity": LivePage(continuity.picture, continuity.may_watch, is_numbered=False),
    "poll": LivePage(meetings.picture, meetings.may_watch, is_numbered=True),
}


_SCOPE = re.compile(r"([a-z]+)(?::([1-9][0-9]{0,8}))?", re.ASCII)


def page_of(scope: str) -> tuple[LivePage, int] | None:
    """The page behind a scope and its number, 0 for the only one of its kind; None if there is none."""
    found = _SCOPE.fullmatch(scope)
    page = LIVE_PAGES.get(found[1]) if found else None
    # Another name for the same page would be rendered and kept once more.
    if page is None or found is None or page.is_numbered != bool(found[2]):
        return None
    return page, int(found[2] or 0)
