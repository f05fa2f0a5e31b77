"""The forms of one seat."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from cpts_net.directory.fields import PersonField
from cpts_net.oncall.replay import Reason
from cpts_net.oncall.wording import REASONS
from cpts_net.web.fields import HourField, Needed, OneOfField, tidy
from cpts_net.web.patient_numbers import refuse_nir

LONGEST_WORDS = 200


class HandOverForm(FlaskForm):
    """Who is to have a whole seat."""

    person = PersonField(_l("À qui la confier"), chosen_for="siege", validators=[Needed(_l("Choisissez quelqu’un."))])


class SplitForm(FlaskForm):
    """Where a seat ends, who goes on, and why."""

    at = HourField(_l("S’arrête à"), validators=[Needed(_l("Dites à quelle heure."))])
    person = PersonField(_l("Qui prend la suite"), chosen_for="siege")
    reason = OneOfField(_l("Raison"), default=Reason.HINDERED)
    words = StringField(
        _l("Un mot pour la suite"),
        filters=[tidy],
        validators=[Length(max=LONGEST_WORDS, message=_l("200 caractères au plus.")), refuse_nir],
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"prefix": "partage", **given})
        self.reason.choices = {str(code): str(words) for code, words in REASONS.items()}
