"""What a browser says of itself when it wants to ring."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField
from wtforms.validators import ValidationError

from cpts_net.push.endpoints import ServiceUnknown, host_of
from cpts_net.push.messages import Subscription, are_keys

UNKNOWN: Any = _("Le service de notification de ce navigateur n’est pas connu ici.")
NO_KEYS: Any = _("Ce navigateur n’a pas donné de quoi lui écrire. Rechargez la page et recommencez.")


class DeviceForm(FlaskForm):
    """Filled in by a script: where the browser's maker takes what is for it, and its keys."""

    endpoint = HiddenField()
    p256dh = HiddenField()
    auth = HiddenField()
    again = HiddenField()  # Of a page that says it by itself: nobody was signed in there in between.

    @property
    def subscription(self) -> Subscription:
        """What was said; of a form that holds."""
        return Subscription(self.endpoint.data or "", self.p256dh.data or "", self.auth.data or "")

    def validate_endpoint(self, field: Field) -> None:
        """Refuse what is no service of a browser's maker.

        Raises:
            ValidationError: saying so.
        """
        try:
            host_of(field.data or "")
        except ServiceUnknown as unknown:
            raise ValidationError(str(UNKNOWN)) from unknown

    def validate_auth(self, field: Field) -> None:
        """Refuse keys with which nothing can be enciphered.

        Raises:
            ValidationError: saying so.
        """
        if not are_keys(self.p256dh.data or "", field.data or ""):
            raise ValidationError(str(NO_KEYS))


class ScreenForm(FlaskForm):
    """What the locked screen of a device says."""

    shows_all = BooleanField(
        _("Afficher le détail sur l’écran verrouillé"),
        description=_("Le nom d’un confrère absent ou d’un groupe peut alors s’y lire."),
    )
