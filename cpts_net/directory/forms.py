"""The forms of the directory."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, TelField
from wtforms.validators import Length, ValidationError

from cpts_net.directory.rules import e164


class ProfileForm(FlaskForm):
    """What a member decides about their own profile."""

    private_phone = TelField(lazy_gettext("Téléphone privé"), validators=[Length(max=40)])
    is_hidden = BooleanField(lazy_gettext("Ne pas figurer dans l’annuaire"))

    def validate_private_phone(self, field: Any) -> None:
        """Keep the number in international form, or say that it is none."""
        if given := (field.data or "").strip():
            self.number = e164(given)
            if not self.number:
                raise ValidationError(
                    _("Ce numéro n’est pas reconnu\u202f: écrivez-le par exemple 06\u00a039\u00a098\u00a000\u00a001.")
                )

    number = ""  # E.164, once the form is valid.
