"""The way in, what is behind "Plus", and the health of the web process."""

from importlib.metadata import version
from typing import NamedTuple

from flask import Blueprint, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cpts_net.accounts.policy import MANAGERS
from cpts_net.notices.reading import unseen
from cpts_net.storage.connections import db
from cpts_net.web.access import members_only, public

bp = Blueprint("home", __name__)


class Way(NamedTuple):
    """A way on, and what is found there."""

    address: str
    name: str
    hint: str


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """The board is what people come for."""
    return redirect(url_for("continuity.board"), code=303)


@bp.get("/plus/")
@members_only
def more() -> ResponseReturnValue:
    """Everything that has no place of its own in the bar."""
    ways = [
        Way(url_for("notices.mine"), _("Avis"), _unseen()),
        Way(url_for("own.account"), _("Mon compte"), _("Mot de passe, appareils connectés")),
        Way("/absences/", _("Mes absences"), _("Déclarer, changer, annuler")),
        Way("/abonnements/", _("Mes abonnements"), _("Le réseau dans l’agenda de votre téléphone")),
        Way(url_for("home.about"), _("À propos"), _("Ce qu’est ce réseau, et ce qu’il n’est pas")),
        Way(url_for("home.privacy"), _("Données personnelles"), _("Ce qui est gardé, qui le voit, combien de temps")),
    ]
    if current_user.role in MANAGERS:
        ways.insert(0, Way(url_for("admin.accounts"), _("Administration"), _("Comptes, invitations, journal")))
    return render_template("home/more.html", ways=ways)


def _unseen() -> str:
    if count := unseen():
        return str(ngettext("%(num)s avis non lu", "%(num)s avis non lus", count))
    return str(_("Ce qu’on vous a annoncé"))


@bp.get("/a-propos/")
@public
def about() -> ResponseReturnValue:
    """What this is, what it is not, and under which licence."""
    return render_template("home/about.html", version=version("cpts-net"))


@bp.get("/donnees-personnelles/")
@public
def privacy() -> ResponseReturnValue:
    """What is known of people, also of those who are in the directory without an account."""
    return render_template("home/privacy.html")


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
