"""« Avis »: what I was told."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net import clock
from cpts_net.notices import actions, queries, reading
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.access import guests_too
from cpts_net.web.paging import page_number
from cpts_net.web.row_numbers import row_number

bp = Blueprint("notices", __name__, url_prefix="/avis")


@bp.get("/")
@guests_too
def mine() -> ResponseReturnValue:
    """My notices, those that I have not seen first. The page tells by itself that they are seen, where one was not."""
    with snapshot():
        page = queries.notices_of(current_user.person_id, page_number())
        lines = reading.lines(page.items, clock.now())
        return render_template("notices/mine.html", page=page, lines=lines)


@bp.post("/vus")
@guests_too
def see() -> ResponseReturnValue:
    """Note that I have seen what the page showed me."""
    shown = request.form.getlist("avis", row_number)[: queries.NOTICES_ON_A_PAGE]
    person_id = current_user.person_id
    if queries.are_unseen(person_id, shown):
        with transaction():
            actions.see(person_id, shown, now=clock.now())
    if request.headers.get("HX-Request"):
        return "", 204
    return redirect(url_for("notices.mine"), code=303)
