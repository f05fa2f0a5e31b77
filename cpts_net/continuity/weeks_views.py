"""The planning of weeks: who is away and who is on call, people by days."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from cpts_net import clock
from cpts_net.continuity.live_pages import WEEKS
from cpts_net.continuity.reading import Filter
from cpts_net.continuity.weeks import Weeks
from cpts_net.continuity.weeks_asked import asked_weeks
from cpts_net.continuity.weeks_drawing import own_row, weeks_of
from cpts_net.continuity.weeks_wording import letters
from cpts_net.leave.queries import first_day_away
from cpts_net.oncall.queries import first_slot_at
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import snapshot
from cpts_net.web.access import members_only

bp = Blueprint("weeks", __name__, url_prefix="/continuite/semaines")
PLACE_OF_TABLE = Markup("<!-- table -->")
FILTERS = ("metier", "commune", "nom")


@bp.get("/")
@members_only
def show() -> ResponseReturnValue:
    """Four weeks of everybody who has something in them, readable without JavaScript."""
    now = clock.now()
    named = {name: request.args.get(name, "").strip() for name in FILTERS}
    wanted = Filter(*named.values())
    with snapshot():
        asked = asked_weeks(request.args.get("du", ""), request.args.get("au", ""), clock.today(), _first_kept)
        drawn = weeks_of(asked.weeks, now)
        table = drawn.table(own_row(current_user.person_id, drawn, now), wanted)
    page = render_template(
        "continuity/weeks.html",
        now=now,
        asked=asked,
        present=Weeks.around(clock.today()),
        live=WEEKS.address(str(asked.weeks)),
        drawn=drawn,
        people=len(drawn.rows),
        shown=drawn.shown(wanted),
        wanted=wanted,
        named={name: value for name, value in named.items() if value},
        letters=letters,
        zone=current_settings().school_zone,
        table=PLACE_OF_TABLE,
    )
    # The table is nearly all of the page; it is sent as it is kept, and only what is around it is made anew.
    head, foot = page.encode().split(PLACE_OF_TABLE.encode())
    return b"".join([head, *table, foot]), {"Content-Type": "text/html; charset=utf-8"}


def _first_kept() -> date | None:
    slot = first_slot_at()
    days = [day for day in (first_day_away(), slot.astimezone(clock.zone()).date() if slot else None) if day]
    return min(days, default=None)
