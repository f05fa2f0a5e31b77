"""Pages of one's own planning: duties, leaves and meetings in one list."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net import clock
from cpts_net.calendars import contents, planning
from cpts_net.web.access import members_only

bp = Blueprint("planning", __name__, url_prefix="/mon-planning")


@bp.get("/")
@members_only
def mine() -> ResponseReturnValue:
    """What awaits one in the next eight weeks."""
    today, zone = clock.today(), clock.zone()
    items = contents.own(current_user.member_id, planning.weeks_ahead(today, zone), today)
    return render_template(
        "calendars/planning.html",
        days=planning.days(items, today, zone),
        headline=planning.headline(items, clock.now()),
        planning=planning,
        today=today,
    )
