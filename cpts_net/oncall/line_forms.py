"""The form of a duty line and its opening hours."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from cpts_net import clock
from cpts_net.directory.queries import professions
from cpts_net.directory.rules import e164
from cpts_net.i18n import phone as said_number
from cpts_net.oncall import queries
from cpts_net.oncall.line_actions import LineDraft, PatternDraft
from cpts_net.oncall.models import DutyLine, DutyPattern
from cpts_net.oncall.rules import HolidayRule
from cpts_net.web.fields import keep_in_reach
from cpts_net.web.patient_numbers import refuse_nir

MOST_SEATS = 20
WEEKDAYS = (_l("lun."), _l("mar."), _l("mer."), _l("jeu."), _l("ven."), _l("sam."), _l("dim."))
HOLIDAYS = {
    HolidayRule.CLOSED: _l("fermé"),
    HolidayRule.AS_USUAL: _l("comme les autres jours"),
    HolidayRule.ALSO: _l("ouvert, quel que soit le jour"),
}
SLOTS = (30, 60, 90, 120, 180, 240, 360, 480, 600, 720, 1440)  # Minutes.


class CheckboxesField(SelectMultipleField):
    """Several choices, each with its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DayField(DateField):
    """A day from which, or until which, hours hold."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what a browser typed."""
        super().process_formdata(valuelist)
        keep_in_reach(self)


class PatternForm(Form):
    """One stretch of opening hours; a row without days is no stretch."""

    weekdays = CheckboxesField(_l("Jours"))
    opens_at = TimeField(_l("Ouvre à"), validators=[Optional()])
    closes_at = TimeField(_l("Ferme à"), validators=[Optional()])
    slot_minutes = SelectField(_l("Durée d’un créneau"), coerce=int, default=120)
    holidays = SelectField(_l("Jours fériés"), default=HolidayRule.CLOSED)
    valid_from = DayField(_l("À partir du"), validators=[Optional()])
    valid_until = DayField(_l("Jusqu’au (compris)"), validators=[Optional()])

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.weekdays.choices = {str(number): str(name) for number, name in enumerate(WEEKDAYS)}
        self.holidays.choices = {str(rule): str(name) for rule, name in HOLIDAYS.items()}
        # A line may have another length already; what is sent adds none.
        lengths = {*SLOTS, self.slot_minutes.object_data or SLOTS[0]}
        self.slot_minutes.choices = {str(minutes): length_in_words(minutes) for minutes in sorted(lengths)}

    @property
    def is_wanted(self) -> bool:
        return bool(self.weekdays.data) or self.holidays.data == HolidayRule.ALSO

    def validate(self, *args: Any, **given: Any) -> bool:
        """Check the row; opening hours need both times."""
        is_valid = bool(super().validate(*args, **given))
        if self.is_wanted and (self.opens_at.data is None or self.closes_at.data is None):
            self.opens_at.errors = [_("Donnez les deux heures, par exemple 08:00 et 18:00.")]
            return False
        return is_valid

    def validate_valid_until(self, field: Field) -> None:
        """Refuse an end before the start.

        Raises:
            ValidationError: when the days are reversed.
        """
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_("Le dernier jour est avant le premier."))

    def draft(self, today: date) -> PatternDraft:
        """What the row says; without a first day it holds from today."""
        assert self.opens_at.data is not None
        assert self.closes_at.data is not None
        return PatternDraft(
            weekdays="".join(sorted(self.weekdays.data or [])),
            holidays=str(self.holidays.data),
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            slot_minutes=int(self.slot_minutes.data),
            valid_from=self.valid_from.data or today,
            valid_until=self.valid_until.data,
        )


class LineForm(FlaskForm):
    """A duty line: its name, who may serve it, when it is open."""

    name = StringField(
        _l("Nom"),
        validators=[
            DataRequired(_l("Donnez un nom à la ligne.")),
            Length(max=80, message=_l("80 caractères au plus.")),
            refuse_nir,
        ],
    )
    purpose = StringField(
        _l("À quoi elle sert"), validators=[Length(max=200, message=_l("200 caractères au plus.")), refuse_nir]
    )
    phone = StringField(_l("Numéro à appeler"))
    seats_min = IntegerField(
        _l("Personnes nécessaires"), default=1, validators=[NumberRange(1, MOST_SEATS, _l("De 1 à 20."))]
    )
    seats_max = IntegerField(_l("Places au plus"), default=1, validators=[NumberRange(1, MOST_SEATS, _l("De 1 à 20."))])
    eligible = CheckboxesField(
        _l("Qui peut la tenir"), validators=[DataRequired(_l("Choisissez au moins une profession."))]
    )
    patterns = FieldList(FormField(PatternForm), label=_l("Ouverture"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        specialties = queries.specialties()
        choices: dict[str, str] = {}
        for profession in professions():
            choices[profession.code] = profession.label
            for each in specialties.get(profession.code, []):
                choices[f"{profession.code}/{each.code}"] = f"{profession.label} – {each.label}"
        self.eligible.choices = choices

    def validate_phone(self, field: Field) -> None:
        """Refuse what nobody can dial.

        Raises:
            ValidationError: when it is no phone number.
        """
        if (field.data or "").strip() and not e164(field.data):
            raise ValidationError(_("Ce numéro ne se compose pas\u202f: écrivez par exemple 02 37 00 00 00."))

    def validate_seats_max(self, field: Field) -> None:
        """Refuse fewer seats than people needed.

        Raises:
            ValidationError: when the maximum is below the minimum.
        """
        if field.data and self.seats_min.data and field.data < self.seats_min.data:
            raise ValidationError(_("Au moins autant que de personnes nécessaires."))

    def draft(self) -> LineDraft:
        """What the form says, rows without days left out."""
        eligible = [code.partition("/") for code in self.eligible.data or []]
        return LineDraft(
            name=(self.name.data or "").strip(),
            purpose=(self.purpose.data or "").strip(),
            phone=e164(self.phone.data or ""),
            seats_min=int(self.seats_min.data or 1),
            seats_max=int(self.seats_max.data or 1),
            eligible=tuple((profession, specialty or None) for profession, _slash, specialty in eligible),
            patterns=tuple(row.form.draft(clock.today()) for row in self.patterns if row.form.is_wanted),
        )


def values_of(line: DutyLine) -> dict[str, Any]:
    """The line as the form has it."""
    return {
        "name": line.name,
        "purpose": line.purpose,
        "phone": said_number(line.phone).replace("\u00a0", " "),
        "seats_min": line.seats_min,
        "seats_max": line.seats_max,
        "eligible": [
            f"{each.profession_code}/{each.specialty_code}" if each.specialty_code else each.profession_code
            for each in line.eligibilities
        ],
        "patterns": [_pattern_values(pattern) for pattern in line.patterns],
    }


def _pattern_values(pattern: DutyPattern) -> dict[str, Any]:
    names = ("holidays", "opens_at", "closes_at", "slot_minutes", "valid_from", "valid_until")
    return {"weekdays": list(pattern.weekdays), **{name: getattr(pattern, name) for name in names}}


def length_in_words(minutes: int) -> str:
    """Say « 30 min », « 2 h », « 1 h 30 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u202fmin"
    return f"{hours}\u202fh\u202f{rest:02}" if rest else f"{hours}\u202fh"
