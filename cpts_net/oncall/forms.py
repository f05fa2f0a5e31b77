"""The forms of one slot."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from cpts_net.directory.fields import PersonField
from cpts_net.web.fields import Needed, tidy
from cpts_net.web.patient_numbers import refuse_nir

LONGEST_MESSAGE = 200


class AssignForm(FlaskForm):
    """Who is to serve a slot."""

    person = PersonField(_l("À qui confier ce créneau"), chosen_for="creneau")


class CloseForm(FlaskForm):
    """That nobody is to serve a slot, and what to do instead."""

    message = StringField(
        _l("Ce que les collègues liront"),
        filters=[tidy],
        validators=[
            Needed(_l("Dites quoi faire à la place, par exemple\u202f: appelez le 15.")),
            Length(max=LONGEST_MESSAGE, message=_l("200 caractères au plus.")),
            refuse_nir,
        ],
    )
