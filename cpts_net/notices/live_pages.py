"""« Quoi de neuf » as it changes in open windows: each person's is their own.

What is told to everybody's screens is which notice was the last; the page then
takes its rows from itself, as its reader may read them. So nothing of anybody
is drawn ahead, and words change with the next notice or when the page is
opened, not with every change of what they speak of.
"""

from collections.abc import Collection, Set
from datetime import datetime

from cpts_net.notices import queries
from cpts_net.pictures.live_page import NUMBER, LivePage
from cpts_net.pictures.picture import Part, Picture, draw
from cpts_net.storage import revisions


def _picture(key: str, _now: datetime, old: Picture | None) -> Picture:
    newest = queries.newest(int(key))
    return draw([Part("newest-notice", "notices/_newest.html", {"newest": newest})], old=old)


def _themselves(key: str, person_ids: Set[int]) -> Collection[int]:
    return {int(key)} & person_ids


NEWS = LivePage("news", NUMBER, lambda _key: (revisions.NOTICES,), _picture, _themselves, is_of_one=True)
