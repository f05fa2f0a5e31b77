"""The days on which somebody is there although it is one of their weekly days off."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from cpts_net.continuity import declaring
from cpts_net.continuity.absence_page import absence_form, absence_page, absence_to_change, by_reader, gone
from cpts_net.continuity.forms import ExceptionForm
from cpts_net.continuity.wording import changed_meanwhile
from cpts_net.i18n import days
from cpts_net.leave.rules import AbsenceChanged, AbsenceGone, NotOneOfItsDays
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import members_only
from cpts_net.web.typed import DoesNotExist, Unreadable, read_day

bp = Blueprint("days_off", __name__, url_prefix="/absences")


@bp.post("/<int:absence_id>/sauf")
@members_only
def except_day(absence_id: int) -> ResponseReturnValue:
    """Say that somebody is there on one of their days off."""
    absence, form = absence_to_change(absence_id), ExceptionForm()
    if form.validate() and form.day.data:
        try:
            with transaction():
                declaring.except_day(absence_id, form.day.data, **by_reader(), seen=request.form.get("seen"))
        except AbsenceGone:
            return gone()
        except AbsenceChanged:
            absence = absence_to_change(absence_id)
            form.day.errors = [changed_meanwhile(absence, _("Enregistrez encore si le jour est toujours le bon."))]
        except NotOneOfItsDays:
            form.day.errors = [_("Ce n’est pas un de ces jours de repos à venir.")]
        else:
            flash(_("C’est noté\u202f: de retour %(day)s.", day=days(form.day.data, form.day.data)))
            return redirect(url_for("absences.change", absence_id=absence_id), code=303)
    return absence_page(absence_form(absence, is_fresh=True), None, absence, excepting=form)


@bp.post("/<int:absence_id>/sauf/<day>/retirer")
@members_only
def restore_day(absence_id: int, day: str) -> ResponseReturnValue:
    """Say that somebody is away on that day after all."""
    absence_to_change(absence_id)
    try:
        with transaction():
            declaring.restore_day(absence_id, read_day(day), **by_reader())
    except AbsenceGone:
        return gone()
    except (NotOneOfItsDays, DoesNotExist, Unreadable):
        flash(_("Ce jour n’était plus excepté\u202f: rien n’a changé."), "error")
    else:
        flash(_("C’est noté\u202f: ce jour est de nouveau un jour de repos."))
    return redirect(url_for("absences.change", absence_id=absence_id), code=303)
