"""The forms of groups."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from cpts_net.groups import queries
from cpts_net.web.fields import tidy
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
        filters=[tidy],
        validators=[Length(max=LONGEST_PURPOSE, message=_l("Ce texte est trop long.")), refuse_nir],
    )
    is_private = BooleanField(_l("Groupe privé"))


class NewGroupForm(GroupForm):
    """What a group is, and who leads it."""

    leads = StringField(_l("Qui l’anime"), filters=[tidy])

    def validate_leads(self, field: StringField) -> None:
        """Find the one person that each name means.

        Raises:
            ValidationError: when a name means nobody, or more than one person.
        """
        names = [name.strip() for name in (field.data or "").split(",") if name.strip()]
        if not names:
            raise ValidationError(_("Nommez au moins une personne."))
        self.lead_ids = [_one_person(name) for name in names]


def _one_person(name: str) -> int:
    found = queries.candidates(name)
    if not found:
        raise ValidationError(_("Personne ne s’appelle «\u202f%(name)s\u202f» dans l’annuaire.", name=name))
    if len(found) > 1:
        people = ", ".join(member.display_name for member in found)
        raise ValidationError(
            _(
                "«\u202f%(name)s\u202f» peut être %(people)s\u202f: précisez, au besoin avec la commune.",
                name=name,
                people=people,
            )
        )
    return found[0].id


class PostForm(FlaskForm):
    """A message to the group."""

    body = TextAreaField(
        _l("Votre message"),
        filters=[tidy],
        validators=[
            DataRequired(_l("Écrivez votre message.")),
            Length(max=LONGEST_POST, message=_l("Ce message est trop long\u202f: 5 000 caractères au plus.")),
            refuse_nir,
        ],
    )
