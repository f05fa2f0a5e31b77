"""Pages of one's own planning: duties, leaves and meetings, drawn and listed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net import clock
from cpts_net.calendars.own_weeks import own_weeks
from cpts_net.web.access import guests_too

bp = Blueprint("planning", __name__, url_prefix="/mon-planning")


@bp.get("/")
@guests_too
def mine() -> ResponseReturnValue:
    """What awaits one in the next eight weeks, and what changed in the last seven days."""
    return render_template("calendars/planning.html", mine=own_weeks(current_user.person_id, clock.now()))
