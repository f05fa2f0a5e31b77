"""Pages of ``accounts``."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from cpts_net.access import public

bp = Blueprint("accounts", __name__)


@bp.get("/connexion")
@public
def sign_in() -> ResponseReturnValue:
    return render_template("soon.html", title="Connexion")
