"""The form of a duty line and its opening hours."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, FormField, HiddenField, StringField
from wtforms.validators import Length, Optional, ValidationError

from cpts_net import clock
from cpts_net.directory.practices import professions, specialties
from cpts_net.i18n import duration
from cpts_net.oncall.line_actions import LineDraft
from cpts_net.oncall.models import ORDINARY, DutyLine, DutyPattern
from cpts_net.oncall.rules import HolidayRule
from cpts_net.oncall.versions import PatternsOverlap, Version, refuse_overlap
from cpts_net.web.fields import (
    BoxesField,
    DayField,
    HourField,
    Needed,
    NotBefore,
    NumberField,
    OneOfField,
    Row,
    Rows,
    tidy,
)
from cpts_net.web.patient_numbers import refuse_nir
from cpts_net.web.phone_field import PhoneField
from cpts_net.web.row_numbers import row_number

MOST_SEATS = 20
MOST_WEIGHT = 1000
TERMS = ("seats_min", "seats_max", "weight")
MOST_PATTERNS = 30
WEEKDAYS = (_l("lun."), _l("mar."), _l("mer."), _l("jeu."), _l("ven."), _l("sam."), _l("dim."))
HOLIDAYS = {
    HolidayRule.CLOSED: _l("fermé"),
    HolidayRule.AS_USUAL: _l("comme les autres jours"),
    HolidayRule.ALSO: _l("ouvert, quel que soit le jour"),
}
SLOTS = (30, 60, 90, 120, 180, 240, 360, 480, 600, 720, 1440)  # Minutes.


class PatternForm(Row):
    """One stretch of opening hours; a row without days is no stretch."""

    id = HiddenField(default="0")
    weekdays = BoxesField(_l("Jours"))
    opens_at = HourField(_l("Ouvre à"), validators=[Optional()])
    closes_at = HourField(_l("Ferme à"), validators=[Optional()])
    slot_minutes = OneOfField(_l("Durée d’un créneau"), coerce=int, default=120)
    seats_min = NumberField(_l("Personnes nécessaires"), least=1, most=MOST_SEATS, default=1)
    seats_max = NumberField(_l("Places au plus"), least=1, most=MOST_SEATS, default=1)
    weight = NumberField(_l("Compte pour (100 = un créneau ordinaire)"), least=1, most=MOST_WEIGHT, default=ORDINARY)
    holidays = OneOfField(_l("Jours fériés"), default=HolidayRule.CLOSED)
    valid_from = DayField(_l("À partir du"), validators=[Optional()])
    valid_until = DayField(_l("Jusqu’au (compris)"), validators=[Optional(), NotBefore("valid_from")])

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.weekdays.choices = {str(number): str(name) for number, name in enumerate(WEEKDAYS)}
        self.holidays.choices = {str(rule): str(name) for rule, name in HOLIDAYS.items()}
        # A line may have another length already; what is sent adds none.
        lengths = {*SLOTS, self.slot_minutes.object_data or SLOTS[0]}
        self.slot_minutes.choices = {str(minutes): duration(minutes) for minutes in sorted(lengths)}

    @property
    def is_wanted(self) -> bool:
        return bool(self.weekdays.data) or self.holidays.data == HolidayRule.ALSO

    def validate(self, *args: Any, **given: Any) -> bool:
        """Check the row; opening hours need both times."""
        is_valid = bool(super().validate(*args, **given))
        if not self.is_wanted:
            return is_valid
        lacking = [each for each in (self.opens_at, self.closes_at) if each.data is None and not each.errors]
        for each in lacking:
            each.errors = [_("Donnez les deux heures, par exemple 08:00 et 18:00.")]
        return is_valid and not lacking

    def validate_seats_max(self, field: Field) -> None:
        """Refuse fewer seats than people needed.

        Raises:
            ValidationError: when the maximum is below the minimum.
        """
        if field.data and self.seats_min.data and field.data < self.seats_min.data:
            raise ValidationError(_("Au moins autant que de personnes nécessaires."))

    def _number(self) -> int:
        """The version that the row changes; what is no number names none."""
        try:
            return row_number(self.id.data or "0")
        except ValueError:
            return 0

    def draft(self, today: date) -> Version:
        """What the row says; without a first day it holds from today."""
        assert self.opens_at.data is not None
        assert self.closes_at.data is not None
        return Version(
            weekdays="".join(sorted(self.weekdays.data or [])),
            holidays=str(self.holidays.data),
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            slot_minutes=int(self.slot_minutes.data),
            valid_from=self.valid_from.data or today,
            valid_until=self.valid_until.data,
            seats_min=int(self.seats_min.data or 1),
            seats_max=int(self.seats_max.data or 1),
            weight=int(self.weight.data or ORDINARY),
            id=self._number(),
        )


class LineForm(FlaskForm):
    """A duty line: its name, who may serve it, when it is open."""

    name = StringField(
        _l("Nom"),
        filters=[tidy],
        validators=[
            Needed(_l("Donnez un nom à la ligne.")),
            Length(max=80, message=_l("80 caractères au plus.")),
            refuse_nir,
        ],
    )
    purpose = StringField(
        _l("À quoi elle sert"),
        filters=[tidy],
        validators=[Length(max=200, message=_l("200 caractères au plus.")), refuse_nir],
    )
    phone = PhoneField(_l("Numéro à appeler"))
    out_of_hours = StringField(
        _l("En dehors de ces heures"),
        filters=[tidy],
        validators=[Length(max=200, message=_l("200 caractères au plus.")), refuse_nir],
    )
    eligible = BoxesField(_l("Qui peut la tenir"), validators=[Needed(_l("Choisissez au moins une profession."))])
    patterns = Rows(FormField(PatternForm), label=_l("Ouverture"), max_entries=MOST_PATTERNS)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        known = specialties()
        choices: dict[str, str] = {}
        for profession in professions():
            choices[profession.code] = profession.label
            for each in known.get(profession.code, []):
                choices[f"{profession.code}/{each.code}"] = f"{profession.label} – {each.label}"
        self.eligible.choices = choices

    def validate(self, *args: Any, **given: Any) -> bool:
        """Check the fields; then that no two of the opening hours are open at once."""
        if not super().validate(*args, **given):
            return False
        rows = [row for row in self.patterns if row.form.is_wanted]
        try:
            refuse_overlap([row.form.draft(clock.today()) for row in rows])
        except PatternsOverlap as overlap:
            other = 1 + list(self.patterns).index(rows[overlap.one])
            sentence = _(
                "Ouvre en même temps que la plage %(number)s\u202f: une heure ne s’ouvre qu’une fois.", number=other
            )
            rows[overlap.two].form.opens_at.errors = [sentence]
            self.patterns.errors = [row.errors for row in self.patterns]
            return False
        return True

    def draft(self) -> LineDraft:
        """What the form says, rows without days left out."""
        eligible = [code.partition("/") for code in self.eligible.data or []]
        return LineDraft(
            name=self.name.data or "",
            purpose=self.purpose.data or "",
            phone=self.phone.data or "",
            out_of_hours=self.out_of_hours.data or "",
            eligible=tuple((profession, specialty or None) for profession, _slash, specialty in eligible),
            patterns=tuple(row.form.draft(clock.today()) for row in self.patterns if row.form.is_wanted),
        )


def is_over(pattern: DutyPattern) -> bool:
    """Whether a version held before today only."""
    return pattern.valid_until is not None and pattern.valid_until < clock.today()


def values_of(line: DutyLine) -> dict[str, Any]:
    """The line as the form has it."""
    return {
        "name": line.name,
        "purpose": line.purpose,
        "phone": line.phone,
        "out_of_hours": line.out_of_hours,
        "eligible": [
            f"{each.profession_code}/{each.specialty_code}" if each.specialty_code else each.profession_code
            for each in line.eligibilities
        ],
        "patterns": [_pattern_values(pattern) for pattern in line.patterns if not is_over(pattern)],
    }


def _pattern_values(pattern: DutyPattern) -> dict[str, Any]:
    names = ("id", "holidays", "opens_at", "closes_at", "slot_minutes", "valid_from", "valid_until", *TERMS)
    return {"weekdays": list(pattern.weekdays), **{name: getattr(pattern, name) for name in names}}
