"""The forms of the directory."""

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField

from cpts_net.web.phone_field import PhoneField


class ProfileForm(FlaskForm):
    """What a member decides about their own profile."""

    private_phone = PhoneField(lazy_gettext("Téléphone privé"))
    is_hidden = BooleanField(lazy_gettext("Ne pas figurer dans l’annuaire"))
