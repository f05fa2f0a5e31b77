"""Pages of ``groups``."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cpts_net.access import members_only

bp = Blueprint("groups", __name__, url_prefix="/groupes")


@bp.get("/")
@members_only
def overview() -> ResponseReturnValue:
    return render_template("soon.html", title="Groupes")
