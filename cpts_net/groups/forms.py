"""The forms of groups."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from cpts_net.directory.choosing import ANYBODY
from cpts_net.directory.fields import PeopleField
from cpts_net.web.fields import tidy, tidy_lines
from cpts_net.web.patient_numbers import refuse_nir

LONGEST_NAME = 100
LONGEST_PURPOSE = 2000
LONGEST_POST = 5000


class GroupForm(FlaskForm):
    """What a group is."""

    name = StringField(
        _l("Nom du groupe"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Donnez un nom au groupe.")),
            Length(max=LONGEST_NAME, message=_l("Ce nom est trop long\u202f: 100 caractères au plus.")),
            refuse_nir,
        ],
    )
    purpose = TextAreaField(
        _l("À quoi il sert"),
        filters=[tidy_lines],
        validators=[Length(max=LONGEST_PURPOSE, message=_l("Ce texte est trop long.")), refuse_nir],
    )
    is_private = BooleanField(_l("Groupe privé"))


class NewGroupForm(GroupForm):
    """What a group is, and who leads it."""

    leads = PeopleField(_l("Qui l’anime"), chosen_for=ANYBODY)

    def validate_leads(self, field: PeopleField) -> None:
        """Ask for somebody.

        Raises:
            ValidationError: when nobody was chosen.
        """
        if not field.ids:
            raise ValidationError(_("Nommez au moins une personne."))


class NewcomersForm(FlaskForm):
    """Who comes into a group."""

    person_id = PeopleField(_l("Qui ajouter"), chosen_for="groupe")
    as_guest = BooleanField(_l("Sur invitation"))

    def validate_person_id(self, field: PeopleField) -> None:
        """Ask for somebody.

        Raises:
            ValidationError: when nobody was chosen.
        """
        if not field.ids:
            raise ValidationError(_("Choisissez au moins une personne."))


class PostForm(FlaskForm):
    """A message to the group."""

    body = TextAreaField(
        _l("Votre message"),
        filters=[tidy_lines],
        validators=[
            DataRequired(_l("Écrivez votre message.")),
            Length(max=LONGEST_POST, message=_l("Ce message est trop long\u202f: 5 000 caractères au plus.")),
            refuse_nir,
        ],
    )
