"""The forms of the directory."""

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.validators import Length, Optional

from cpts_net.directory.models import Kind
from cpts_net.web.fields import Needed, tidy
from cpts_net.web.mail_field import MAIL_ADDRESS
from cpts_net.web.phone_field import PhoneField

KINDS = {
    Kind.PROFESSIONAL: lazy_gettext("Professionnel de santé"),
    Kind.TEAM: lazy_gettext("Équipe de la CPTS"),
    Kind.PARTNER: lazy_gettext("Partenaire"),
    Kind.GUEST: lazy_gettext("Personne invitée dans un groupe"),
}
CIVILITIES = [("", lazy_gettext("Non précisée")), ("MME", lazy_gettext("Madame")), ("M", lazy_gettext("Monsieur"))]


def short_text(label: Any, longest: int, *needed: Needed) -> StringField:
    """A line of text of no more than so many characters."""
    return StringField(
        label, filters=[tidy], validators=[*needed, Length(max=longest, message=lazy_gettext("C’est trop long."))]
    )


class NameForm(FlaskForm):
    """How somebody is called, and as what they are shown."""

    given_name = short_text(lazy_gettext("Prénom"), 80)
    family_name = short_text(lazy_gettext("Nom"), 80, Needed(lazy_gettext("Indiquez le nom.")))
    civility = SelectField(lazy_gettext("Civilité"))
    kind = SelectField(lazy_gettext("En tant que"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.civility.choices = CIVILITIES
        self.kind.choices = [(kind.value, words) for kind, words in KINDS.items()]


class ProfileForm(FlaskForm):
    """What a member decides about their own profile."""

    function = short_text(lazy_gettext("Fonction"), 120)
    private_phone = PhoneField(lazy_gettext("Téléphone privé"))
    mail = EmailField(lazy_gettext("Adresse e-mail"), filters=[tidy], validators=[Optional(), *MAIL_ADDRESS])
    is_mail_shown = BooleanField(lazy_gettext("Montrer cette adresse à la communauté"))
    is_hidden = BooleanField(lazy_gettext("Ne pas figurer dans l’annuaire"))


class StaffProfileForm(NameForm, ProfileForm):
    """The same with what the staff alone corrects: an import leaves what is typed here."""

    CORRECTS = ("given_name", "family_name", "civility", "kind")
