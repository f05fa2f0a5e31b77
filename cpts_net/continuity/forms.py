"""The forms of absences."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, StringField
from wtforms.validators import Length, Optional, ValidationError

from cpts_net import clock
from cpts_net.continuity.declaring import Choice, Settlement
from cpts_net.continuity.offered import offered
from cpts_net.directory.fields import PeopleField, PersonField
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import MIDNIGHT, NOON, Asks, Days, Declaration, Outsider
from cpts_net.leave.wording import WEEKDAYS
from cpts_net.oncall.models import DutySeat
from cpts_net.phones import dialled
from cpts_net.web.fields import BoxesField, DayField, HourField, Needed, OneOfField, refuse_skipped, tidy
from cpts_net.web.patient_numbers import refuse_nir
from cpts_net.web.row_numbers import row_number

LONGEST_TEXT = 200
NOBODY = 0
NONE = "0"
# Which fields say who is away and when: whoever looks for a relay sees who is away then too.
SAYS_WHEN = (
    "person",
    "first_day",
    "last_day",
    "from_noon",
    "from_time",
    "until_noon",
    "until_time",
    "is_weekly",
    "weekdays",
)


def text_field(label: Any) -> StringField:
    """A short free text."""
    too_long = Length(max=LONGEST_TEXT, message=_l("200 caractères au plus."))
    return StringField(label, filters=[tidy], validators=[too_long, refuse_nir])


class AbsenceForm(FlaskForm):
    """When somebody is away, and who stands in."""

    person = PersonField(_l("Pour qui"), chosen_for="absence")
    first_day = DayField(_l("Du"), validators=[Needed(_l("Dites à partir de quel jour."))])
    last_day = DayField(_l("Au (compris)"), validators=[Optional()])
    from_noon = BooleanField(_l("Le premier jour, absent à partir de midi seulement"))
    from_time = HourField(_l("ou à partir de"), validators=[Optional()])
    until_noon = BooleanField(_l("Le dernier jour, absent jusqu’à midi seulement"))
    until_time = HourField(_l("ou jusqu’à"), validators=[Optional()])
    is_weekly = BooleanField(_l("Chaque semaine"))
    weekdays = BoxesField(_l("Ces jours"))
    relay = PersonField(_l("Relais"), chosen_for="relais", along=SAYS_WHEN)
    further = PeopleField(_l("Puis, si cette personne manque aussi"), chosen_for="relais", along=SAYS_WHEN)
    structure = OneOfField(_l("Ou toute une structure"), default=NONE)
    outsider_name = StringField(
        _l("Quelqu’un d’extérieur"), filters=[tidy], validators=[Length(max=100, message=_l("100 caractères au plus."))]
    )
    outsider_phone = StringField(_l("Son numéro"), filters=[tidy])
    line = OneOfField(_l("En dernier, une ligne"), default=NONE)
    at_once = BooleanField(_l("Demander à tous en même temps"))
    note = text_field(_l("Note pour les collègues"))
    is_for_another = False

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.weekdays.choices = {str(number): str(name) for number, name in enumerate(WEEKDAYS)}

    def stay_as(self, absence: Absence) -> None:
        """A leave never becomes days off week by week, nor the other way round: calendars know each by its own name."""
        del self.is_weekly
        if not absence.weekdays:
            del self.weekdays

    @property
    def comes_weekly(self) -> bool:
        """Whether days off week by week are meant."""
        return "weekdays" in self and bool(self.weekdays.data or "is_weekly" not in self or self.is_weekly.data)

    @property
    def _days_of_the_week(self) -> str:
        """As ``Declaration`` has them; what is no day is refused by its field."""
        return "".join(each for each in "0123456" if each in (self.weekdays.data or ()))

    def validate_weekdays(self, field: Field) -> None:
        """Every week, but on no day."""
        if self.comes_weekly and not field.data:
            raise ValidationError(_("Cochez au moins un jour."))

    def offer(self, person_id: int, named: Iterable[Relay] = ()) -> None:
        """Say what there is to choose from for who is away: the lines, and the structures where they work.

        A structure that was ``named`` before stays to choose, also when they work elsewhere now.
        """
        found = offered(person_id, clock.now())
        before = {relay.structure_id: relay.name for relay in named if relay.structure_id}
        self.line.choices, self.structure.choices = _choices(found.lines), _choices({**before, **found.structures})

    def validate_from_time(self, field: Field) -> None:
        """Noon and another hour are two answers, and an hour that the clocks jump over is none."""
        _refuse_both(self.from_noon, field)
        refuse_skipped(self.first_day.data, field.data)

    def validate_until_time(self, field: Field) -> None:
        """The same of the last day."""
        _refuse_both(self.until_noon, field)
        refuse_skipped(self.last_day.data or self.first_day.data, field.data)

    def validate_outsider_phone(self, field: Field) -> None:
        """A name without a number helps nobody, and a number without a name neither."""
        if self.outsider_name.data and not field.data:
            raise ValidationError(_("Donnez son numéro\u202f: il est sur le tableau pendant votre absence."))
        if field.data and not self.outsider_name.data:
            raise ValidationError(_("Dites aussi de qui est ce numéro."))
        if field.data and not dialled(field.data):
            raise ValidationError(_("Ce numéro ne peut pas être composé\u202f: vérifiez."))

    def _outsider(self) -> Outsider | None:
        phone = dialled(self.outsider_phone.data or "")
        return Outsider(self.outsider_name.data or "", phone) if phone and self.outsider_name.data else None

    @property
    def has_days(self) -> bool:
        """Whether at least the first day can be read, and which ones if they come weekly."""
        return self.first_day.data is not None and not (self.comes_weekly and not self._days_of_the_week)

    def declaration(self) -> Declaration:
        """What the form says, once it has days; one day alone is the first and the last.

        Raises:
            DaysRefused: for days that no absence can have.
        """
        assert self.first_day.data is not None
        return Declaration(
            first_day=self.first_day.data,
            last_day=self.last_day.data or (None if self.comes_weekly else self.first_day.data),
            weekdays=self._days_of_the_week if self.comes_weekly else "",
            from_time=_time(self.from_noon, self.from_time),
            until_time=_time(self.until_noon, self.until_time),
            note=self.note.data or "",
            relay_ids=tuple(dict.fromkeys([*self.relay.ids, *self.further.ids])),
            outsider=self._outsider(),
            line_id=_chosen(self.line),
            structure_id=_chosen(self.structure),
            asks=Asks.AT_ONCE if self.at_once.data else Asks.IN_ORDER,
        )


def _chosen(field: OneOfField) -> int | None:
    """What was chosen of what there is; consequences are drawn before, and beside, the refusal of anything else."""
    return (row_number(field.data) or None) if field.data in (field.choices or ()) else None


def _time(noon: Field, at: Field) -> time | None:
    """What the two fields say together; midnight cuts nothing from a day."""
    return at.data or (NOON if noon.data else None) if at.data != MIDNIGHT else None


def _refuse_both(noon: Field, at: Field) -> None:
    if noon.data and at.data not in {None, NOON}:
        raise ValidationError(_("Midi, ou une autre heure : gardez l’un des deux."))


def noons(absence: Days) -> dict[str, Any]:
    """The fields that say when it begins and ends on its days: noon is a box, another hour is written."""
    found: dict[str, Any] = {}
    for edge, at in (("from", absence.from_time), ("until", absence.until_time)):
        found |= {f"{edge}_noon": at == NOON, f"{edge}_time": None if at == NOON else at}
    return found


def _choices(named: Mapping[int, str]) -> dict[str, str]:
    return {NONE: str(_("Aucune")), **{str(number): name for number, name in named.items()}}


class ExceptionForm(FlaskForm):
    """A weekly day off on which somebody is there."""

    day = DayField(_l("Présent le"), validators=[Needed(_l("Dites quel jour."))])


class RelayAnswerForm(FlaskForm):
    """What a relay says."""

    word = text_field(_l("Un mot, si vous voulez"))


TOGETHER = (Choice.KEEP, Choice.SEEK, Choice.RELEASE)  # To whom each could be handed over differs.
EACH = "each"


def said_together(sent: MultiDict[str, str]) -> str:
    """What was chosen for all duties at once: one of ``TOGETHER``, ``EACH``, or nothing yet."""
    said = sent.get("toutes", "")
    has_said_one = any(name.startswith(("garde-", "pour-")) and value not in {"", "0"} for name, value in sent.items())
    return said if said in {*TOGETHER, EACH} else EACH if has_said_one else ""


def settlements(sent: MultiDict[str, str]) -> dict[int, Settlement]:
    """What was chosen for each duty, by seat id; what makes no sense is left out.

    Whoever names somebody hands the duty over, unless they say otherwise. An
    answer for all counts for the duties that the page showed beside it, whatever each said before.
    """
    seats = {name.partition("-")[2] for name in sent if name.startswith(("garde-", "pour-"))}
    found = {}
    for seat_id in seats:
        person = sent.get(f"pour-{seat_id}") or NOBODY
        value = sent.get(f"garde-{seat_id}") or (Choice.HAND_OVER if person else "")
        if value in set(Choice):
            with suppress(ValueError):
                found[row_number(seat_id)] = Settlement(Choice(value), row_number(person))
    return found | _settled_together(sent)


def _settled_together(sent: MultiDict[str, str]) -> dict[int, Settlement]:
    if (said := said_together(sent)) not in TOGETHER:
        return {}
    return {seat_id: Settlement(Choice(said)) for seat_id in sent.getlist("parmi", type=row_number)}


def hand_over_field(form: AbsenceForm, seat: DutySeat, sent: MultiDict[str, str]) -> PersonField:
    """The field in which somebody is chosen for a duty that falls into the absence."""
    unbound = PersonField(_l("À qui la confier"), chosen_for="siege")
    field: PersonField = form.meta.bind_field(form, unbound, {"name": f"pour-{seat.id}", "prefix": ""})
    field.about = {"siege": seat.id}
    field.process(sent)
    return field
