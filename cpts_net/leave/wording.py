"""How absences are spoken of."""

from flask_babel import gettext as _

from cpts_net.i18n import days
from cpts_net.leave.rules import Days


def away(absence: Days) -> str:
    """Say « du lundi 3 au vendredi 14 août, à partir de midi », « le lundi 3 août, le matin »."""
    said = days(absence.first_day, absence.last_day)
    if absence.first_day == absence.last_day:
        half = _("l’après-midi") if absence.from_noon else _("le matin") if absence.until_noon else ""
        return f"{said}, {half}" if half else said
    halves = [
        *([_("à partir de midi")] if absence.from_noon else []),
        *([_("jusqu’à midi le dernier jour")] if absence.until_noon else []),
    ]
    return ", ".join([said, *halves])
