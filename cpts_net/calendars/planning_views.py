"""Pages of one's own planning: duties, leaves and meetings in one list."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cpts_net.access import members_only

bp = Blueprint("planning", __name__, url_prefix="/mon-planning")


@bp.get("/")
@members_only
def mine() -> ResponseReturnValue:
    return render_template("soon.html", title="Mon planning")
