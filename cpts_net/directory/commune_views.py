"""The page on which staff tick the communes of the territory, each with its basin."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory import commune_actions, communes
from cpts_net.directory.territory import COMMUNE_CODE
from cpts_net.roles import STAFF
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import roles
from cpts_net.web.fields import tidy

bp = Blueprint("territory", __name__, url_prefix="/annuaire/territoire")
LONGEST_SEARCH = 100
LONGEST_BASIN = 80
MOST_SHOWN = 1000


@bp.get("/")
@roles(*STAFF)
def show() -> ResponseReturnValue:
    """The communes that are ticked or may be."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    offered = communes.offered(words)
    return render_template(
        "directory/territory.html",
        words=words,
        offered=offered,
        basins=sorted({each.basin for each in offered} - {""}),
        is_list_there=communes.is_list_there(),
        unplaced=communes.unplaced(),
    )


@bp.post("/")
@roles(*STAFF)
def change() -> ResponseReturnValue:
    """Keep what is ticked; what the page did not show stays."""
    shown = [code for code in request.form.getlist("shown") if COMMUNE_CODE.fullmatch(code)][:MOST_SHOWN]
    ticked = set(request.form.getlist("commune"))
    said = {
        code: tidy(request.form.get(f"bassin-{code}"))[:LONGEST_BASIN] if code in ticked else None for code in shown
    }
    with transaction():
        commune_actions.set_territory(said, actor_id=current_user.account_id, now=clock.now())
    flash(_("Le territoire est à jour."))
    return redirect(url_for("territory.show"), code=303)
