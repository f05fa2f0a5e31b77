"""The form in which the staff adds somebody, and invites them in the same step."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from cpts_net.accounts.forms import lower
from cpts_net.admin.forms import RoleForm
from cpts_net.directory.actions import NewPerson
from cpts_net.directory.forms import NameForm, short_text
from cpts_net.directory.models import Kind
from cpts_net.roles import Role
from cpts_net.web.mail_field import MAIL_ADDRESS
from cpts_net.web.phone_field import PhoneField


class NewPersonForm(RoleForm, NameForm):
    """Who somebody is, where they work, and perhaps the address to which an invitation goes."""

    function = short_text(lazy_gettext("Fonction"), 120)
    phone = PhoneField(lazy_gettext("Téléphone"))
    structure = short_text(lazy_gettext("Lieu de travail"), 200)
    commune = short_text(lazy_gettext("Commune"), 100)
    email = EmailField(lazy_gettext("Adresse e-mail"), filters=[lower], validators=[Optional(), *MAIL_ADDRESS])

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not self.allowed:  # Whoever gives no role invites nobody.
            del self.email, self.role

    def validate_function(self, field: StringField) -> None:
        """Ask what somebody does of whom nothing else says it.

        Raises:
            ValidationError: when nothing is said.
        """
        if not field.data:
            raise ValidationError(_("Dites ce que fait cette personne\u202f: «\u202fDirectrice de l’EHPAD\u202f»."))

    def validate_structure(self, field: StringField) -> None:
        """Ask for the name of a place of which only the commune is said.

        Raises:
            ValidationError: when there is none.
        """
        if self.commune.data and not field.data:
            raise ValidationError(_("Donnez un nom à ce lieu, ou laissez la commune vide."))

    def validate_kind(self, field: SelectField) -> None:
        """Refuse that somebody is shown as a guest and may see everything.

        Raises:
            ValidationError: when kind and role are at odds.
        """
        if self.address and (field.data == Kind.GUEST) is not (self.role.data == Role.GUEST):
            raise ValidationError(_("Une personne invitée dans un groupe a le rôle du même nom, et nul autre."))

    @property
    def address(self) -> str:
        """To which an invitation goes; empty for none."""
        return (self.email.data or "") if "email" in self else ""

    @property
    def chosen_role(self) -> Role:
        """As what they are invited, or would be."""
        if Kind(self.kind.data) is Kind.GUEST and not self.address:
            return Role.GUEST
        return Role(self.role.data) if "role" in self else Role.MEMBER

    @property
    def person(self) -> NewPerson:
        """Who is to be added."""
        return NewPerson(
            family_name=self.family_name.data or "",
            given_name=self.given_name.data or "",
            civility=self.civility.data or "",
            kind=Kind(self.kind.data),
            function=self.function.data or "",
        )
