"""The board and the planning of weeks as sections that are pushed; the same for everybody."""

from datetime import date, datetime

from cpts_net.continuity import weeks_drawing
from cpts_net.continuity.drawing import SCOPES, drawing
from cpts_net.continuity.weeks import Weeks
from cpts_net.pictures.live_page import ONLY_ONE, LivePage
from cpts_net.pictures.picture import Picture


def _board(_key: str, now: datetime, _old: Picture | None) -> Picture:
    return drawing(now).picture


def _weeks(key: str, now: datetime, _old: Picture | None) -> Picture:
    """Raises LookupError for a day that is no Monday, or that no calendar has."""
    try:
        weeks = Weeks.around(date.fromisoformat(key))
    except ValueError as unknown:
        raise LookupError(key) from unknown
    if str(weeks) != key:
        raise LookupError(key)
    return weeks_drawing.weeks_of(weeks, now).picture


BOARD = LivePage("continuity", ONLY_ONE, lambda _key: SCOPES, _board)
WEEKS = LivePage("weeks", "20[0-9][0-9]-[01][0-9]-[0-3][0-9]", lambda _key: weeks_drawing.SCOPES, _weeks)
