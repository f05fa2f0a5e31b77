"""The form in which somebody chooses what they hear of, how often, and when."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from cpts_net.notices.devices import devices
from cpts_net.notices.kinds import Kind
from cpts_net.notices.models import Channel
from cpts_net.notices.rules import When
from cpts_net.notices.timing import Hours
from cpts_net.notices.wording import OFTEN, WEEKDAYS
from cpts_net.web.fields import HourField, Needed, OneOfField


def channels() -> list[Channel]:
    """By what people may choose to hear of something here."""
    return [Channel.MAIL, Channel.PUSH] if devices().may_ring else [Channel.MAIL]


class HoursForm(FlaskForm):
    """When somebody is left alone, and when their digests go."""

    is_quiet = BooleanField(_l("Garder des heures calmes"))
    quiet_from = HourField(_l("De"))
    quiet_until = HourField(_l("À"))
    digest_at = HourField(_l("Heure du résumé"), validators=[Needed(_l("Indiquez à quelle heure part le résumé."))])
    digest_weekday = OneOfField(_l("Jour de la semaine"), coerce=int)

    @property
    def hours(self) -> Hours:
        """What was chosen; of a form that holds."""
        quiet = (self.quiet_from.data, self.quiet_until.data) if self.is_quiet.data else (None, None)
        assert self.digest_at.data is not None, "a form that holds has an hour"
        return Hours(*quiet, self.digest_at.data, self.digest_weekday.data)

    def validate_quiet_from(self, field: Field) -> None:
        """Ask for the hour where there are to be quiet ones.

        Raises:
            ValidationError: saying so.
        """
        if self.is_quiet.data and field.data is None and not field.process_errors:
            raise ValidationError(_("Indiquez l’heure à laquelle le calme commence."))

    def validate_quiet_until(self, field: Field) -> None:
        """Ask for the hour where there are to be quiet ones, and for another one than the first.

        Raises:
            ValidationError: saying so.
        """
        if not self.is_quiet.data or field.process_errors:
            return
        if field.data is None:
            raise ValidationError(_("Indiquez l’heure à laquelle le calme finit."))
        if field.data == self.quiet_from.data:
            raise ValidationError(_("Le calme finirait à l’heure où il commence\u202f: choisissez une autre heure."))

    def validate_digest_at(self, field: Field) -> None:
        """Refuse an hour at which nobody is to be disturbed.

        Raises:
            ValidationError: saying so.
        """
        typed = self.is_quiet.data and self.quiet_from.data and self.quiet_until.data and field.data
        if typed and Hours(self.quiet_from.data, self.quiet_until.data).is_quiet_at(field.data):
            raise ValidationError(_("C’est pendant vos heures calmes\u202f: choisissez une autre heure."))


def field_name(kind: Kind, channel: Channel) -> str:
    """The name of the field in which one says how often one hears of a kind by a channel."""
    return f"{channel}-{kind.name.replace('.', '-')}"


def _label(kind: Kind, channel: Channel) -> Any:
    return _l("%(kind)s, par notification", kind=kind.label) if channel is Channel.PUSH else kind.label


def choices_form(kinds: Collection[Kind], **given: Any) -> HoursForm:
    """The form with a field for each kind and channel; what may not be chosen is not among its choices."""
    fields = {
        field_name(kind, channel): OneOfField(
            _label(kind, channel), choices={str(when): str(OFTEN[when]) for when in kind.choices(channel)}
        )
        for kind in kinds
        for channel in channels()
    }
    made: HoursForm = type("ChoicesForm", (HoursForm,), fields)(**given)
    made.digest_weekday.choices = {str(number): str(name) for number, name in enumerate(WEEKDAYS)}
    return made


def chosen(form: HoursForm, kinds: Collection[Kind]) -> dict[tuple[str, Channel], When]:
    """How often somebody wants to hear of each kind; of a form that holds."""
    return {
        (kind.name, channel): When(form[field_name(kind, channel)].data) for kind in kinds for channel in channels()
    }
