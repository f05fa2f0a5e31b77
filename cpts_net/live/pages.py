"""Every page with a live part: who may watch it and what it looks like."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cpts_net.accounts.identity import Identity
from cpts_net.continuity import live_pages as continuity
from cpts_net.fragments import Picture


@dataclass(frozen=True)
class LivePage:
    """The live part of one kind of page; a scope is its name and perhaps a number: ``poll:12``."""

    picture: Callable[[int, datetime], Picture]
    may_watch: Callable[[Identity, int], bool]


LIVE_PAGES = {
    "continuity": LivePage(continuity.picture, continuity.may_watch),
}


def page_of(scope: str) -> tuple[LivePage, int] | None:
    """The page behind a scope and its number, 0 for the only one of its kind; None if there is none."""
    name, _, number = scope.partition(":")
    page = LIVE_PAGES.get(name)
    if page is None or not (number.isdecimal() and len(number) < 10 or scope == name):
        return None
    return page, int(number or 0)
