"""The board: who is on call, who is away, who stands in."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from cpts_net import clock
from cpts_net.continuity.drawing import drawing, drawing_lately
from cpts_net.continuity.first_steps import first_steps
from cpts_net.continuity.live_pages import BOARD
from cpts_net.continuity.reading import Filter
from cpts_net.pictures.news import sections_answer
from cpts_net.storage.transaction import snapshot
from cpts_net.web.access import members_only

bp = Blueprint("continuity", __name__, url_prefix="/continuite")
PLACE_OF_PARTS = Markup("<!-- parts -->")


@bp.get("/")
@members_only
def board() -> ResponseReturnValue:
    """The whole board at this moment, readable without JavaScript."""
    now = clock.now()
    wanted = Filter(*(request.args.get(name, "").strip() for name in ("metier", "commune", "nom")))
    with snapshot():
        drawn = drawing_lately(now)
        reader = drawn.reader(current_user)
        parts = drawn.parts(reader, wanted)
    ways = first_steps(drawn.board, current_user)
    page = render_template(
        "continuity/board.html", now=now, picture=drawn.picture, reader=reader, parts=PLACE_OF_PARTS, ways=ways
    )
    # The parts are nearly all of the page; they are sent as they are kept, and only what is around them is made anew.
    head, foot = page.encode().split(PLACE_OF_PARTS.encode())
    return head + parts + foot, {"Content-Type": "text/html; charset=utf-8"}


@bp.get("/sections")
@members_only
def sections() -> ResponseReturnValue:
    """The sections as JSON, for a screen that cannot hold a socket; 304 when it has them."""
    with snapshot():
        picture = drawing(clock.now()).picture
    return sections_answer(BOARD.address(), picture)
