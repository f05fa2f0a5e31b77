"""Pages of ``continuity``."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cpts_net.access import members_only

bp = Blueprint("continuity", __name__, url_prefix="/continuite")


@bp.get("/")
@members_only
def board() -> ResponseReturnValue:
    return render_template("soon.html", title="Continuité")
