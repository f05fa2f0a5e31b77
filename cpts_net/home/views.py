"""The way in, what is behind "Plus", and the health of the web process."""

from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cpts_net.access import members_only, public
from cpts_net.extensions import db

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """The board is what people come for."""
    return redirect(url_for("continuity.board"), code=303)


@bp.get("/plus/")
@members_only
def more() -> ResponseReturnValue:
    """Everything that has no place of its own in the bar."""
    return render_template("home/more.html")


@bp.get("/sante")
@public
def health() -> ResponseReturnValue:
    """200 when the database answers, else 503; for whoever watches the installation."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(process="web", database="unreachable"), 503
    return jsonify(process="web", database="ok")


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Nothing here is for search engines; calendars that obey this file may read the feeds."""
    return "User-agent: *\nAllow: /agenda/\nDisallow: /\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
