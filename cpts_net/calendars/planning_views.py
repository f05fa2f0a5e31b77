"""Pages of one's own planning: duties, leaves and meetings in one list."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net import clock
from cpts_net.calendars import planning
from cpts_net.web.access import guests_too

bp = Blueprint("planning", __name__, url_prefix="/mon-planning")


@bp.get("/")
@guests_too
def mine() -> ResponseReturnValue:
    """What awaits one in the next eight weeks."""
    now, today, zone = clock.now(), clock.today(), clock.zone()
    items = planning.awaited(current_user.person_id, now)
    return render_template(
        "calendars/planning.html",
        days=planning.days(items, today, zone),
        headline=planning.headline(items, now),
        planning=planning,
        today=today,
    )
