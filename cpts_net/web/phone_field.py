"""The one field in which a phone number is typed."""

from typing import Any

from flask_babel import gettext as _
from wtforms import TelField

from cpts_net.i18n import phone
from cpts_net.phones import dialled


class PhoneField(TelField):
    """A phone number; ``data`` is as the tables keep it (see ``phones``), empty for nothing."""

    typed: str | None = None

    def _value(self) -> str:
        """Show what was typed while it is refused, else the number as people write it."""
        return phone(self.data or "").replace("\u00a0", " ") if self.typed is None else self.typed

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what somebody typed.

        Raises:
            ValueError: when it is no number that can be dialled.
        """
        given = str(valuelist[0]).strip() if valuelist else ""
        self.data = dialled(given)
        if given and not self.data:
            self.typed = given
            raise ValueError(
                _("Ce numéro ne se compose pas\u202f: écrivez par exemple 02\u00a037\u00a000\u00a000\u00a000, ou 3237.")
            )
