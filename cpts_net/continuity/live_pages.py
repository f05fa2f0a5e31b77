"""The board as sections that are pushed; the same for everybody."""

from datetime import datetime

from cpts_net.continuity.drawing import SCOPES, drawing
from cpts_net.pictures.live_page import ONLY_ONE, LivePage
from cpts_net.pictures.picture import Picture


def _picture(_key: str, now: datetime, _old: Picture | None) -> Picture:
    return drawing(now).picture


BOARD = LivePage("continuity", ONLY_ONE, lambda _key: SCOPES, _picture)
