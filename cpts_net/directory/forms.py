"""The forms of the directory."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField
from wtforms.validators import Email, Length, Optional, Regexp

from cpts_net.web.fields import tidy
from cpts_net.web.phone_field import PhoneField

ASCII = r"[\x21-\x7e]*\Z"  # What every mail server takes.
MAIL_ADDRESS = (
    Optional(),
    Email(lazy_gettext("Cette adresse e-mail n’est pas complète.")),
    Regexp(ASCII, message=lazy_gettext("Écrivez cette adresse sans accents.")),
    Length(max=254),
)


class ProfileForm(FlaskForm):
    """What a member decides about their own profile."""

    private_phone = PhoneField(lazy_gettext("Téléphone privé"))
    mail = EmailField(lazy_gettext("Adresse e-mail"), filters=[tidy], validators=MAIL_ADDRESS)
    is_mail_shown = BooleanField(lazy_gettext("Montrer cette adresse à la communauté"))
    is_hidden = BooleanField(lazy_gettext("Ne pas figurer dans l’annuaire"))
