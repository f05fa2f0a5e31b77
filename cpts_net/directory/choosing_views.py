"""What the widget that chooses a person asks while somebody types."""

from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from cpts_net import clock
from cpts_net.directory import choosing
from cpts_net.directory.choosing import Candidate, Found
from cpts_net.directory.faces import face_of
from cpts_net.directory.fields import LONGEST_SEARCH
from cpts_net.web.access import members_only
from cpts_net.web.pace import Pace

bp = Blueprint("choosing", __name__, url_prefix="/annuaire")
# Whoever types quickly asks three times a second; a script that reads the directory out asks more.
pace = Pace(most=60, seconds=15)


@bp.get("/choisir")
@members_only
def people() -> ResponseReturnValue:
    """Those found by the words typed so far, for the purpose that the address names; JSON."""
    if wait := pace.wait(current_user.account_id, clock.now()):
        return (
            _answer([], _("Trop de recherches d’un coup\u202f: attendez un instant.")),
            429,
            {"Retry-After": str(wait)},
        )
    try:
        wanted = choosing.selection(request.args.get("pour", choosing.ANYBODY), request.args)
    except KeyError:
        abort(404)
    found = choosing.find(wanted, request.args.get("q", "").strip()[:LONGEST_SEARCH], current_user)
    return _answer([_row(candidate) for candidate in found.candidates], said(found))


def said(found: Found) -> str:
    """How many there are, as a screen reader says it."""
    if not found.total:
        return str(_("Personne ne correspond\u202f: essayez un autre nom, un métier ou une commune."))
    if (shown := len(found.candidates)) < found.total:
        return str(
            _("Les %(shown)s premières personnes sur %(total)s\u202f: précisez.", shown=shown, total=found.total)
        )
    return str(ngettext("%(num)s personne.", "%(num)s personnes.", found.total))


def _answer(rows: list[dict[str, Any]], sentence: str) -> dict[str, Any]:
    return {"people": rows, "said": sentence}


def _row(candidate: Candidate) -> dict[str, Any]:
    label, face = candidate.label, face_of(candidate.label)
    drawn = {"initials": face.initials, "family": face.family} if face else {}
    return {"id": label.person_id, "name": label.name, "about": label.about, **drawn, "hindrance": candidate.hindrance}
