"""The one search of the frame: people, lines, structures, groups, meetings."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory.fields import LONGEST_SEARCH
from cpts_net.search import finding
from cpts_net.web.access import guests_too
from cpts_net.web.paging import ListPages, page_number

bp = Blueprint("search", __name__)

FIRST_FEW = 6  # Of each kind, before one asks for all of it.
PAGE_LENGTH = 50


@bp.get("/recherche/")
@guests_too
def results() -> ResponseReturnValue:
    """The first few of each kind, or a page of one kind."""
    words = request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = finding.find(words, current_user, clock.now())
    chosen = next((each for each in found if each.kind.key == request.args.get("dans")), None)
    page = ListPages(page=page_number(), per_page=PAGE_LENGTH, error_out=False, items=chosen.hits) if chosen else None
    return render_template(
        "search/results.html",
        words=words,
        found=[chosen] if chosen else found,
        said=finding.counted([chosen] if chosen else found),
        page=page,
        first_few=FIRST_FEW,
    )
