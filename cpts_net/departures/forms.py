"""The forms of merging two people, and of letting somebody leave."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from cpts_net.departures.rules import Side
from cpts_net.directory.fields import PersonField
from cpts_net.web.fields import DayField, Needed

CHOICE = "choix-"


class OtherForm(FlaskForm):
    """Who is the same person."""

    person = PersonField(_l("L’autre fiche"), chosen_for="fusion")


class LeaveForm(FlaskForm):
    """From which day on somebody is no longer of the community."""

    left_on = DayField(_l("Quitte la communauté le"), validators=[Needed(_l("Dites à partir de quel jour."))])
    seen = HiddenField()


def choices(sent: Mapping[str, str]) -> dict[str, Side]:
    """What was chosen for each clash, by its key; what makes no sense is left out."""
    sides = {side.value: side for side in Side}
    return {
        name.removeprefix(CHOICE): sides[value]
        for name, value in sent.items()
        if name.startswith(CHOICE) and value in sides
    }
