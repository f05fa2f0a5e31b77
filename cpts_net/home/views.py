"""The way in, what is behind "Plus", and the health of the web process."""

from importlib.metadata import version

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cpts_net.accounts.policy import MANAGERS
from cpts_net.groups import queries as groups
from cpts_net.storage.connections import db
from cpts_net.web import look
from cpts_net.web.access import guests_too, public
from cpts_net.web.ways import Way

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """The board is what people come for; guests come for their group."""
    if current_user.is_authenticated and current_user.is_guest:
        return redirect(_group_of_guest(), code=303)
    return redirect(url_for("continuity.board"), code=303)


def _group_of_guest() -> str:
    """Where a guest lands: in their group, or before the list of them."""
    ids = groups.own_group_ids(current_user.person_id)
    return url_for("groups.show", group_id=ids[0]) if len(ids) == 1 else url_for("groups.overview")


@bp.get("/plus/")
@guests_too
def more() -> ResponseReturnValue:
    """Everything that has no place of its own in the bar."""
    ways = [
        Way(url_for("notices.mine"), _("Quoi de neuf"), _("Ce qu’on vous a annoncé")),
        Way(url_for("own.account"), _("Mon compte"), _("Mot de passe, appareils connectés")),
        Way(_card(), _("Ma fiche"), _("Ce que les autres voient de vous")),
        *([] if current_user.is_guest else [Way("/absences/", _("Mes absences"), _("Déclarer, changer, annuler"))]),
        Way("/abonnements/", _("Mes abonnements"), _("Le réseau dans l’agenda de votre téléphone")),
        Way(
            url_for("home.about", _anchor="sans-reseau"),
            _("Sur votre téléphone"),
            _("L’installer, et ce qui s’y lit sans réseau"),
        ),
        Way(url_for("home.about"), _("À propos"), _("Ce qu’est ce réseau, et ce qu’il n’est pas")),
        Way(url_for("home.privacy"), _("Données personnelles"), _("Ce qui est gardé, qui le voit, combien de temps")),
    ]
    if current_user.is_staff:
        ways.insert(0, Way(url_for("people.overview"), _("Personnes"), _("Avec ou sans compte ; en ajouter")))
    if current_user.role in MANAGERS:
        ways.insert(0, Way(url_for("admin.accounts"), _("Administration"), _("Comptes, invitations, journal")))
    looks = [("", _("Automatique")), ("light", _("Clair")), ("dark", _("Sombre"))]
    return render_template("home/more.html", ways=ways, looks=looks)


@bp.post("/apparence")
@guests_too
def choose_look() -> Response:
    """Light, dark, or as the device has it; kept by the browser alone."""
    response = make_response(redirect(url_for("home.more", _anchor="apparence"), code=303))
    look.keep(response, request.form.get("look", ""))
    return response


def _card() -> str:
    return url_for("directory.profile", person_id=current_user.person_id)


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
