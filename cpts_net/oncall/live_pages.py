"""The months of lines as they are pushed; the same for everybody."""

from datetime import datetime

from cpts_net.oncall.drawing import SCOPES, month_of
from cpts_net.oncall.month import Month
from cpts_net.pictures.live_page import NUMBER, LivePage
from cpts_net.pictures.picture import Picture


def month_key(line_id: int, month: Month) -> str:
    """What tells the pages of months apart: « 3-2026-08 »."""
    return f"{line_id}-{month}"


def _picture(key: str, now: datetime, _old: Picture | None) -> Picture:
    line_id, _, month = key.partition("-")
    return month_of(int(line_id), Month.of(month, now.date()), now).picture


MONTH = LivePage("month", NUMBER + "-20[0-9][0-9]-(0[1-9]|1[0-2])", lambda _key: SCOPES, _picture)
