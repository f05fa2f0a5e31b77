"""The form of days on which a line is unlike itself."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import Length, Optional, ValidationError

from cpts_net import clock
from cpts_net.oncall.exception_actions import ExceptionDraft
from cpts_net.web.fields import DayField, HourField, Needed, NotBefore, tidy
from cpts_net.web.patient_numbers import refuse_nir


class ExceptionForm(FlaskForm):
    """Some days; without hours the line is closed."""

    first_day = DayField(_l("Du"), validators=[Needed(_l("Dites à partir de quel jour."))])
    last_day = DayField(_l("Au (compris)"), validators=[Optional(), NotBefore("first_day")])
    opens_at = HourField(_l("Ouvre à"), validators=[Optional()])
    closes_at = HourField(_l("Ferme à"))
    message = StringField(
        _l("Ce que les collègues liront"),
        filters=[tidy],
        validators=[
            Needed(_l("Dites quoi faire à la place, par exemple\u202f: appelez le 15.")),
            Length(max=200, message=_l("200 caractères au plus.")),
            refuse_nir,
        ],
    )

    def validate_first_day(self, field: Field) -> None:
        """Refuse days that are past: what has been stays.

        Raises:
            ValidationError: when the first day is over.
        """
        if field.data and field.data < clock.today():
            raise ValidationError(_("Ce jour est passé\u202f: il ne change plus."))

    def validate_closes_at(self, field: Field) -> None:
        """Ask for both hours, or none.

        Raises:
            ValidationError: when one is missing.
        """
        if (field.data is None) != (self.opens_at.data is None):
            raise ValidationError(_("Donnez les deux heures, ou aucune\u202f: sans heures, la ligne est fermée."))

    def draft(self) -> ExceptionDraft:
        """What the form says; one day alone is the first and the last."""
        assert self.first_day.data is not None
        last = self.last_day.data or self.first_day.data
        hours = self.opens_at.data, self.closes_at.data
        return ExceptionDraft(self.first_day.data, last, *hours, self.message.data or "")
