"""The forms of absences."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from cpts_net.continuity.declaring import Choice, Settlement
from cpts_net.directory.models import Member
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import Declaration
from cpts_net.leave.wording import KINDS, away
from cpts_net.web.fields import DayField, Needed, OneOfField, tidy
from cpts_net.web.patient_numbers import refuse_nir
from cpts_net.web.row_numbers import row_number

LONGEST_TEXT = 200
NOBODY = 0


def text_field(label: Any) -> StringField:
    """A short free text."""
    too_long = Length(max=LONGEST_TEXT, message=_l("200 caractères au plus."))
    return StringField(label, filters=[tidy], validators=[too_long, refuse_nir])


class AbsenceForm(FlaskForm):
    """When somebody is away, and who stands in."""

    member = SelectField(_l("Pour qui"), coerce=row_number, validate_choice=False)
    first_day = DayField(_l("Du"), validators=[Needed(_l("Dites à partir de quel jour."))])
    last_day = DayField(_l("Au (compris)"), validators=[Optional()])
    from_noon = BooleanField(_l("Le premier jour, absent à partir de midi seulement"))
    until_noon = BooleanField(_l("Le dernier jour, absent jusqu’à midi seulement"))
    relay = SelectField(_l("Relais"), coerce=row_number, validate_choice=False, default=NOBODY)
    kind = OneOfField(_l("Raison"))
    note = text_field(_l("Note pour les collègues"))
    reason = text_field(_l("Pourquoi vous le faites à sa place"))
    is_for_another = False
    relay_groups: list[tuple[str, list["RelayOption"]]] = []

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.kind.choices = {str(kind): str(name) for kind, name in KINDS.items()}

    def validate_reason(self, field: Field) -> None:
        """Ask for the reason when it is somebody else's absence."""
        if self.is_for_another and not field.data:
            raise ValidationError(_("Dites pourquoi\u202f: la personne le lira dans le courriel qui la prévient."))

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day, as far as they can be read; one day alone is both."""
        first = self.first_day.data
        return (first, self.last_day.data or first) if first else None

    def declaration(self, other_relays: Iterable[int] = ()) -> Declaration:
        """What the form says; relays of further ranks, which it does not show, stay."""
        first, last = self.days or (date.min, date.min)
        chosen = self.relay.data or NOBODY
        relays = (chosen, *(relay for relay in other_relays if relay != chosen)) if chosen else ()
        return Declaration(
            first_day=first,
            last_day=last,
            kind=self.kind.data or "",
            from_noon=bool(self.from_noon.data),
            until_noon=bool(self.until_noon.data),
            note=self.note.data or "",
            relay_ids=relays,
        )

    def offer_relays(self, people: Iterable[Member], absent: Member | None, away_then: Mapping[int, Absence]) -> None:
        """Fill the list: the same trade first, nobody for themselves, those who are away greyed."""
        same: list[RelayOption] = []
        others: list[RelayOption] = []
        for person in people:
            is_same = absent is not None and person.trade == absent.trade
            if absent is None or person.id != absent.id:
                (same if is_same else others).append(self._option(person, away_then.get(person.id)))
        label = absent.trade.plural_label if absent is not None else ""
        groups = [(label, same), (_("Autres métiers") if same else _("Membres"), others)]
        self.relay_groups = [(name, options) for name, options in groups if options]

    def _option(self, person: Member, absence: Absence | None) -> "RelayOption":
        is_chosen = person.id == self.relay.data
        if absence is None:
            return RelayOption(person.id, person.display_name, is_chosen=is_chosen, is_off=False)
        label = _("%(name)s – absent aussi %(days)s", name=person.display_name, days=away(absence))
        # A browser does not send a greyed choice: the one already made would be lost without a word.
        return RelayOption(person.id, label, is_chosen=is_chosen, is_off=not is_chosen)


@dataclass(frozen=True)
class RelayOption:
    """Somebody who may be chosen to stand in, unless greyed."""

    member_id: int
    label: str
    is_chosen: bool
    is_off: bool


def settlements(sent: Mapping[str, str]) -> dict[int, Settlement]:
    """What was chosen for each duty, by seat id; what makes no sense is left out."""
    found = {}
    for name, value in sent.items():
        seat_id = name.removeprefix("garde-")
        if seat_id != name and value in set(Choice):
            person = sent.get(f"pour-{seat_id}") or NOBODY
            with suppress(ValueError):
                found[row_number(seat_id)] = Settlement(Choice(value), row_number(person))
    return found
