"""The board as sections that are pushed; the same for everybody."""

from datetime import datetime

from cpts_net.accounts.identity import Identity
from cpts_net.continuity.drawing import drawing
from cpts_net.pictures.picture import Picture


def may_watch(_identity: Identity, _number: int) -> bool:
    """Every member of the community may."""
    return True


def picture(_number: int, now: datetime) -> Picture:
    """The sections of the board at ``now``."""
    return drawing(now).picture
