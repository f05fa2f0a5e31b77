"""What the directory shows beside a name: on call, or away and who stands in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from cpts_net.continuity.board import Board
from cpts_net.continuity.drawing import drawing_lately
from cpts_net.directory.agreement import agreed
from cpts_net.directory.badges import Badge, StandIn
from cpts_net.i18n import short_day, until
from cpts_net.leave.wording import at


def badges(person_ids: Sequence[int], now: datetime) -> Mapping[int, Badge]:
    """The badges of those among the members who have one at ``now``."""
    board = drawing_lately(now).board
    found = {person_id: _badge(board, person_id, now) for person_id in person_ids}
    return {person_id: badge for person_id, badge in found.items() if badge}


def _badge(board: Board, person_id: int, now: datetime) -> Badge | None:
    if duty := board.on_call.get(person_id):
        return Badge("duty", _("D’astreinte %(until)s", until=until(duty.span.end)))
    absent = board.absent.get(person_id)
    if absent is None or now not in absent.away.span:
        return None
    relay = absent.away.at(now).relay
    day = short_day(absent.back_on)
    if absent.back_at:
        day = _("%(day)s à %(hour)s", day=day, hour=at(absent.back_at))
    said = _("Absent, de retour %(day)s", day=day), _("Absente, de retour %(day)s", day=day)
    text = agreed(absent.away.person.civility, *said)
    return Badge(
        "away",
        text,
        StandIn(relay.id, relay.name, relay.is_hidden, getattr(relay, "trade", None), relay.phone) if relay else None,
    )
