"""The form in which a closing of a structure is announced, with those who are away because of it."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from wtforms import HiddenField

from cpts_net.continuity.closings import ClosingSaid, Touched
from cpts_net.directory.structure_forms import ClosingForm
from cpts_net.directory.workplaces import Worker
from cpts_net.web.fields import BoxesField


class AnnouncedForm(ClosingForm):
    """On which days a structure is closed, and who of it is away then."""

    people = BoxesField(lazy_gettext("Absents pendant la fermeture"), coerce=int)
    seen = HiddenField()  # The days for which the boxes were shown.

    def offer(self, workers: Sequence[Worker]) -> None:
        """Let these be ticked."""
        self.names = {each.entry.id: each.entry.name for each in workers}
        self.people.choices = [*self.names.items()]

    def say(self, touched: Mapping[int, Touched]) -> None:
        """Write behind each name what the closing means for them."""
        self.people.choices = [
            (number, " · ".join([name, *_said(touched[number])])) for number, name in self.names.items()
        ]

    @property
    def said(self) -> ClosingSaid:
        """When it is closed, of a form that is in order."""
        return ClosingSaid(*self.days, from_noon=self.from_noon.data, until_noon=self.until_noon.data)

    @property
    def days_key(self) -> str:
        """The days, to know them again."""
        said = self.said
        return f"{said.first_day} {said.last_day} {said.from_noon:d}{said.until_noon:d}"


def _said(touched: Touched) -> list[str]:
    away = [_("déjà en congé à ce moment")] if touched.is_away else []
    duties = [ngettext("%(num)d garde à remplacer", "%(num)d gardes à remplacer", touched.duties)]
    return [*away, *(duties if touched.duties else [])]
