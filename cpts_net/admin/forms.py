"""The forms of the administration."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from cpts_net.accounts.forms import lower
from cpts_net.accounts.wording import ROLE_NAMES
from cpts_net.directory.fields import PersonField
from cpts_net.roles import Role
from cpts_net.web.fields import tidy
from cpts_net.web.mail_field import MAIL_ADDRESS


class RoleForm(FlaskForm):
    """One of the roles that whoever asks may give."""

    role = SelectField(lazy_gettext("Rôle"), validate_choice=False)

    def __init__(self, allowed: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allowed = frozenset(allowed)
        self.role.choices = [(role.value, ROLE_NAMES[role]) for role in Role if role in self.allowed]

    def validate_role(self, field: SelectField) -> None:
        """Refuse a role that is none, or not theirs to give: the form offers neither.

        Raises:
            ValidationError: saying so.
        """
        if field.data not in self.allowed:
            raise ValidationError(_("Vous ne pouvez pas donner ce rôle\u202f: choisissez-en un de la liste."))


class InviteForm(RoleForm):
    """Who is invited, and as what."""

    email = EmailField(
        lazy_gettext("Adresse e-mail"),
        filters=[lower],
        validators=[
            DataRequired(lazy_gettext("Indiquez l’adresse à laquelle envoyer l’invitation.")),
            *MAIL_ADDRESS,
        ],
    )
    display_name = StringField(
        lazy_gettext("Nom affiché"),
        filters=[tidy],
        validators=[
            Length(max=120, message=lazy_gettext("Ce nom est trop long.")),
        ],
    )
    person_id = PersonField(lazy_gettext("Dans l’annuaire"), chosen_for="compte")

    def validate_display_name(self, field: StringField) -> None:
        """Ask for the name of somebody whom the directory does not name.

        Raises:
            ValidationError: when there is none.
        """
        if not field.data and not self.person_id.data:
            raise ValidationError(_("Indiquez le nom que verront les autres."))
