"""What a device needs to be of use without network: the manifest, the worker, and the pages that it carries.

A carried page is drawn for the device, not for the reader: it has no form, no token and no message, so that nothing
of the session is kept with it.
"""

from typing import NamedTuple

from flask import Blueprint, Response, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.calendars.own_weeks import own_weeks
from cpts_net.continuity.drawing import drawing
from cpts_net.offline.build import build
from cpts_net.offline.manifest import manifest as manifest_of_installation
from cpts_net.offline.worker import service_worker as script
from cpts_net.storage.transaction import snapshot
from cpts_net.web.access import guests_too, members_only, public, unattended

bp = Blueprint("offline", __name__)
LOOK_AGAIN = {"Cache-Control": "no-cache"}


class Way(NamedTuple):
    """A page that a device carries, in the frame and in a list."""

    address: str
    sign: str
    label: str
    name: str


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """How the network is installed on a device."""
    response = jsonify(manifest_of_installation())
    response.mimetype = "application/manifest+json"
    return response, LOOK_AGAIN


@bp.get("/service-worker.js")
@public
def service_worker() -> ResponseReturnValue:
    """The script that answers in our place; it lies here because a worker answers only for what lies below it."""
    return script(), {"Content-Type": "text/javascript; charset=utf-8", **LOOK_AGAIN}


@bp.get("/hors-ligne/")
@public
def page() -> ResponseReturnValue:
    """What a device shows instead of a page that it does not carry."""
    return render_template("offline/page.html", ways=_ways())


@bp.get("/hors-ligne/continuite")
@members_only
@unattended
def board() -> ResponseReturnValue:
    """The board as all see it: nothing of one reader, and nothing to be settled."""
    with snapshot():
        picture = drawing(clock.now()).picture
    return _carried(render_template("offline/board.html", sections=picture.sections, ways=_ways()), picture.version)


@bp.get("/hors-ligne/planning")
@guests_too
@unattended
def planning() -> ResponseReturnValue:
    """One's own planning, as its page shows it."""
    mine = own_weeks(current_user.person_id, clock.now())
    return _carried(render_template("offline/planning.html", mine=mine, ways=_ways()), mine.version)


def _ways() -> list[Way]:
    board = Way(url_for("continuity.board"), "board", _("Continuité"), _("Le tableau de continuité"))
    planning = Way(url_for("planning.mine"), "calendar", _("Planning"), _("Mon planning"))
    is_guest = current_user.is_authenticated and current_user.is_guest
    return [planning] if is_guest else [board, planning]


def _carried(html: str, version: str) -> Response:
    """A page with what the worker writes down beside it: for whom it is, and what it shows."""
    response = make_response(html)
    response.headers["X-Carried-For"] = str(current_user.account_id)
    response.headers["X-Carried-Version"] = f"{build()}-{version}"
    return response
