"""The forms of the subscriptions pages."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from cpts_net.calendars.rules import LONGEST_NAME
from cpts_net.web.fields import tidy


class FeedForm(FlaskForm):
    """What a feed is called, and how duties in it show."""

    name = StringField(
        _("Nom de l’agenda"),
        filters=[tidy],
        validators=[
            DataRequired(_("Donnez-lui un nom.")),
            Length(max=LONGEST_NAME, message=_("%(max)d caractères au plus.")),
        ],
    )
    is_busy = BooleanField(_("Mes astreintes me montrent occupé"))


class Confirmation(FlaskForm):
    """A button, and the token that shows it was pressed here."""
