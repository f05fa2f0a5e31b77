"""Fields of forms in which a person is chosen by searching, and the step of the search without JavaScript."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.form import BaseForm
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from cpts_net.directory import choosing
from cpts_net.directory.choosing import NOBODY_FOUND, Found, Said
from cpts_net.directory.labels import Label
from cpts_net.web.fields import tidy
from cpts_net.web.row_numbers import row_number

LONGEST_SEARCH = 100
MOST_CHOSEN = 30
STEP = "chercher"


def asks_to_search() -> bool:
    """Whether the form was sent to look for a person only: it comes back as it was typed, with those found."""
    return STEP in request.form


class PeopleField(Field):
    """Several people in order, chosen by searching; ``data`` holds their ids, each once.

    ``chosen_for`` names the selection that a higher room handed in, ``along``
    the fields of the form that it has to know; ``known`` are people who may
    stay although the reader would not find them.
    """

    is_several = True

    def __init__(
        self, label: Any = "", validators: Any = (), *, chosen_for: str, along: Sequence[str] = (), **given: Any
    ) -> None:
        self.chosen_for, self.along = chosen_for, along
        self.about: dict[str, Any] = {}  # What else the search has to know, the same for the whole form.
        self.known: frozenset[int] = frozenset()
        self.words = ""
        super().__init__(label, validators, **given)

    @property
    def ids(self) -> list[int]:
        """The ids of those chosen, in order."""
        return list(self.data or [])

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the chosen, and the words of a search that was not finished."""
        words = f"{self.name}-q"
        is_shown = bool(formdata) and (words in formdata or self.name in formdata)
        self.words = tidy(formdata.get(words, ""))[:LONGEST_SEARCH] if is_shown else ""
        # What a form did not show stays as it was.
        super().process(formdata if is_shown else None, data, extra_filters)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the numbers that were sent; nothing and 0 are nobody."""
        try:
            sent = [row_number(value) for value in valuelist if value.strip()]
        except ValueError as strange:
            self.data = []
            raise ValueError(_not_there()) from strange
        self.data = list(dict.fromkeys(filter(None, sent)))[: MOST_CHOSEN + 1]

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse whoever does not exist for the reader, and words that lead to nobody yet.

        Raises:
            StopValidation: with the sentence for the person who fills in the form.
        """
        unknown = set(self.ids) - self.known
        if unknown - choosing.choosable(unknown, current_user):
            raise StopValidation(_not_there())
        if len(self.ids) > MOST_CHOSEN:
            raise StopValidation(_("C’est trop de monde d’un coup\u202f: 30 personnes au plus."))
        if self._is_search_open():
            raise StopValidation(
                _(
                    "Vous avez cherché «\u202f%(words)s\u202f»\u202f: choisissez la personne, ou effacez.",
                    words=self.words,
                )
            )

    def _is_search_open(self) -> bool:
        return bool(self.words) and not self.ids

    # For the template.

    @property
    def source(self) -> str:
        """Where the widget searches."""
        return url_for("choosing.people", pour=self.chosen_for, **self.about)

    @property
    def chosen(self) -> list[Label]:
        """Those chosen, in order, as far as the reader may know them."""
        ids = set(self.ids)
        seen = choosing.choosable(ids - self.known, current_user) | (ids & self.known)
        named = choosing.labels_of(seen)
        return [named[person_id] for person_id in self.ids if person_id in named]

    @property
    def found(self) -> Found:
        """Whom the words find, for those who search without JavaScript."""
        if not self.words:
            return NOBODY_FOUND
        return choosing.find(choosing.selection(self.chosen_for, self._said()), self.words, current_user)

    @property
    def was_searched(self) -> bool:
        """Whether the form came to search here."""
        return request.form.get(STEP) == self.name

    def _said(self) -> Said:
        about = {name: str(value) for name, value in self.about.items() if value is not None}
        return MultiDict({**{name: request.values[name] for name in self.along if name in request.values}, **about})


class PersonField(PeopleField):
    """One person, chosen by searching; ``data`` is their id, 0 for nobody."""

    is_several = False

    @property
    def ids(self) -> list[int]:
        """The id of who is chosen, if somebody is."""
        return [self.data] if self.data else []

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take the number that was sent; nothing and 0 are nobody."""
        super().process_formdata(valuelist)
        self.data = next(iter(self.data or []), 0)

    def _is_search_open(self) -> bool:
        # Somebody may have been chosen, and then somebody else searched.
        return bool(self.words) and not (self.ids and choosing.is_found(self.ids[0], self.words, current_user))


def _not_there() -> str:
    return str(_("Choisissez quelqu’un d’autre\u202f: cette personne n’est pas dans l’annuaire."))
