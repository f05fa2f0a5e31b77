"""The forms in which structures and positions are said."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, StringField
from wtforms.validators import Length, Optional, Regexp, ValidationError

from cpts_net.directory.categories import CATEGORIES
from cpts_net.directory.fields import PersonField
from cpts_net.directory.models import Sector
from cpts_net.directory.wording import SECTORS, TIERS
from cpts_net.folding import fold
from cpts_net.web.fields import DayField, Needed, NotBefore, OneOfField, tidy
from cpts_net.web.mail_field import MAIL_ADDRESS
from cpts_net.web.phone_field import PhoneField


def _words(label: Any, most: int, *validators: Any) -> StringField:
    long = Length(max=most, message=lazy_gettext("C’est trop long."))
    return StringField(label, filters=[tidy], validators=[*validators, long])


def _figures(label: Any, pattern: str, message: Any) -> StringField:
    return StringField(label, filters=[_dense], validators=[Optional(), Regexp(pattern, message=message)])


def _dense(text: str | None) -> str:
    return "".join((text or "").split()).upper()


class StructureForm(FlaskForm):
    """What staff say of a structure."""

    name = _words(lazy_gettext("Nom"), 200)
    category_code = OneOfField(lazy_gettext("Catégorie"))
    sector = OneOfField(lazy_gettext("Secteur"))
    tier = OneOfField(lazy_gettext("Ligne de recours"))
    street = _words(lazy_gettext("Numéro et rue"), 200)
    postal_code = _words(lazy_gettext("Code postal"), 10)
    commune = _words(lazy_gettext("Commune"), 100)
    phone = PhoneField(lazy_gettext("Téléphone"))
    mail = EmailField(lazy_gettext("Adresse e-mail"), filters=[tidy], validators=[Optional(), *MAIL_ADDRESS])
    web = _words(
        lazy_gettext("Site web"),
        200,
        Optional(),
        Regexp(
            r"https?://[^\s/]+\S*\Z",
            message=lazy_gettext("Écrivez l’adresse entière, par exemple https://www.exemple.fr."),
        ),
    )
    hours = _words(lazy_gettext("Horaires"), 300)
    finess = _figures(
        lazy_gettext("Numéro FINESS"), r"\d[\dAB]\d{7}\Z", lazy_gettext("Un numéro FINESS a neuf chiffres.")
    )
    siret = _figures(lazy_gettext("Numéro SIRET"), r"\d{14}\Z", lazy_gettext("Un numéro SIRET a quatorze chiffres."))

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        kinds = sorted(((code, kind.label) for code, kind in CATEGORIES.items()), key=lambda each: fold(each[1]))
        self.category_code.choices = [("", _("Non précisée")), *kinds]
        self.sector.choices = [("", _("Non précisé")), *SECTORS.items()]
        self.tier.choices = [("", _("Non précisée")), *TIERS.items()]

    def validate_name(self, field: StringField) -> None:
        """Refuse a structure that nobody could name.

        Raises:
            ValidationError: saying so.
        """
        if not fold(field.data or ""):
            raise ValidationError(_("Donnez un nom à cette structure\u202f: c’est par lui qu’on la trouve."))

    def said(self) -> dict[str, Any]:
        """What was typed, as the table keeps it."""
        fields = {name: self[name].data or "" for name in _PLAIN}
        sector, tier = self.sector.data, self.tier.data
        return {**fields, "sector": Sector(sector) if sector else None, "tier": int(tier) if tier else None}


_PLAIN = (
    *("name", "category_code", "street", "postal_code", "commune", "phone", "mail", "web", "hours", "finess", "siret"),
)


class ClosingForm(FlaskForm):
    """On which days a structure is closed."""

    first_day = DayField(lazy_gettext("Premier jour"), validators=[Needed(lazy_gettext("Indiquez le premier jour."))])
    last_day = DayField(
        lazy_gettext("Dernier jour"),
        validators=[Needed(lazy_gettext("Indiquez le dernier jour.")), NotBefore("first_day")],
    )
    from_noon = BooleanField(lazy_gettext("À partir de midi le premier jour"))
    until_noon = BooleanField(lazy_gettext("Jusqu’à midi le dernier jour"))

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, of a form that is in order."""
        assert self.first_day.data
        assert self.last_day.data
        return self.first_day.data, self.last_day.data

    def validate_last_day(self, field: DayField) -> None:
        """Refuse a day that is over before it begins.

        Raises:
            ValidationError: saying so.
        """
        is_one_day = field.data and field.data == self.first_day.data
        if is_one_day and self.from_noon.data and self.until_noon.data:
            raise ValidationError(_("Le même jour, à partir de midi et jusqu’à midi\u202f: il ne reste rien."))


class WorkerForm(FlaskForm):
    """Who works at a structure."""

    person = PersonField(lazy_gettext("Personne"), chosen_for="annuaire")

    def validate_person(self, field: PersonField) -> None:
        """Ask for somebody.

        Raises:
            ValidationError: when nobody is chosen.
        """
        if not field.data:
            raise ValidationError(_("Choisissez quelqu’un."))


class PositionForm(FlaskForm):
    """What somebody does at a place, and whether they show it."""

    function = _words(lazy_gettext("Fonction"), 120)
    phone = PhoneField(lazy_gettext("Téléphone à cet endroit"))
    hours = _words(lazy_gettext("Horaires"), 300)
    is_hidden = BooleanField(lazy_gettext("Ne pas montrer ce lieu"))
