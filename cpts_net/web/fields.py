"""What the forms of all packages share."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.form import FlaskForm
from wtforms import DateField, Field, FieldList, Form, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.utils import unset_value
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, Input, ListWidget

from cpts_net import clock
from cpts_net.i18n import day as day_words
from cpts_net.i18n import time_of_day
from cpts_net.legible import legible
from cpts_net.spans import is_skipped, local_instant
from cpts_net.web.typed import DoesNotExist, Unreadable, read_day, read_hour

CHOOSE = _l("Choisissez dans la liste.")
CENTURY = 20  # The years from 2000 to 2099.
MOST_DIGITS = 9


def tidy(text: str | None) -> str:
    """What somebody typed on one line, as a reader sees it; a filter of text fields. Line ends are spaces."""
    return re.sub(r"[ \t\n]+", " ", legible(text or ""))


def tidy_lines(text: str | None) -> str:
    """The same where several lines are meant."""
    return legible(text or "")


class Needed:
    """Validator of a field that must be filled in; what was typed and could not be read keeps its own sentence."""

    field_flags: Mapping[str, Any] = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse nothing, and end the checks of what was not read.

        Raises:
            StopValidation: with the sentence, unless there is one already.
        """
        if field.process_errors:
            raise StopValidation
        if field.data in (None, "", []):
            raise StopValidation(str(self.message))


class NotBefore:
    """Validator of a last day: it may be the first day, which another field of the form holds, or later."""

    def __init__(self, first: str) -> None:
        self.first = first

    def __call__(self, form: Any, field: Field) -> None:
        """Refuse an end before the start; where one of the two days is not known there is nothing to refuse.

        Raises:
            ValidationError: when the days are reversed.
        """
        first = form[self.first].data
        if first and field.data and field.data < first:
            raise ValidationError(_("Le dernier jour est avant le premier."))


class AsTyped(Input):
    """An input of a kind of its own, or a plain one for what such an input would not show and so lose.

    What it shows looks as ``shown`` says, and ``exists`` for that type.
    """

    def __init__(self, kind: str, shown: str, exists: Callable[[str], Any] = str) -> None:
        super().__init__(kind)
        self.shown, self.exists = re.compile(shown), exists
        self.validation_attrs = ["required", "min", "max"]

    def __call__(self, field: Field, **given: Any) -> Any:
        """Draw the input."""
        value = field._value()  # type: ignore[attr-defined]  # noqa: SLF001  What every widget asks.
        if value and not self._shows(value):
            given = {**given, "type": "text"}
        return super().__call__(field, **given)

    def _shows(self, value: str) -> bool:
        try:
            return bool(self.shown.fullmatch(value) and self.exists(value))
        except ValueError:
            return False


class DayField(DateField):
    """A local day of this century, as browsers send it or as people type it."""

    widget = AsTyped("date", r"\d{4}-\d{2}-\d{2}", date.fromisoformat)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is None.

        Raises:
            ValueError: with the sentence that helps.
        """
        text = " ".join(valuelist).strip()
        self.data = None
        if text:
            self.data = _said(read_day, text, _("Écrivez la date ainsi\u202f: 24/04/2027."))
        if self.data and self.data.year // 100 != CENTURY:
            # Near the ends of time no zone has a midnight.
            self.data = None
            raise ValueError(_("Cette date est hors de portée\u202f: vérifiez l’année."))


class HourField(TimeField):
    """A local time of day, as browsers send it or as people type it."""

    widget = AsTyped("time", r"\d{2}:\d{2}", time.fromisoformat)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; nothing is None.

        Raises:
            ValueError: with the sentence that helps.
        """
        text = " ".join(valuelist).strip()
        self.data = _said(read_hour, text, _("Écrivez l’heure ainsi\u202f: 20:30.")) if text else None


def _said(read: Any, text: str, how: str) -> Any:
    """What ``read`` makes of ``text``; ``how`` is the sentence for what it cannot read."""
    try:
        return read(text)
    except DoesNotExist as unknown:
        raise ValueError(_("%(typed)s n’existe pas\u202f: vérifiez.", typed=str(unknown))) from unknown
    except Unreadable as unread:
        raise ValueError(how) from unread


def refuse_skipped(day: date | None, at: time | None) -> None:
    """Name an hour that the clocks jump over on that day; nobody can come then.

    Raises:
        ValidationError: with the hour to which they jump.
    """
    if day and at and is_skipped(day, at, clock.zone()):
        raise ValidationError(
            _(
                "%(hour)s n’existe pas le %(day)s\u202f: l’heure d’été commence. Choisissez %(next)s.",
                hour=time_of_day(at),
                day=day_words(day),
                next=time_of_day(_after_the_jump(day, at)),
            )
        )


def _after_the_jump(day: date, at: time) -> time:
    jump: datetime = local_instant(day, at, clock.zone())
    return jump.astimezone(clock.zone()).time()


class NumberField(IntegerField):
    """A whole number within bounds, both included."""

    widget = AsTyped("number", r"[0-9]{1,9}")

    def __init__(self, label: Any, *, least: int, most: int, **given: Any) -> None:
        super().__init__(label, **given)
        self.least, self.most = least, most
        self.flags.min, self.flags.max, self.flags.required = least, most, True

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed.

        Raises:
            ValueError: with the sentence that helps.
        """
        if not valuelist and self.data is not None:
            return  # What a form did not send stays as it was.
        text = "".join(" ".join(valuelist).split())
        self.data = None
        if not text.isdecimal():
            raise ValueError(_("Écrivez un nombre en chiffres, par exemple %(least)s.", least=self.least))
        if len(text) > MOST_DIGITS or not self.least <= int(text) <= self.most:
            raise ValueError(_("De %(least)s à %(most)s.", least=self.least, most=self.most))
        self.data = int(text)


class OneOfField(SelectField):
    """One of some choices."""

    def __init__(self, label: Any, **given: Any) -> None:
        given.setdefault("invalid_choice_message", CHOOSE)
        given.setdefault("invalid_value_message", CHOOSE)
        super().__init__(label, **given)


class BoxesField(SelectMultipleField):
    """Several choices, each with its own box; a group is required as a group, never each of its boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **given: Any) -> None:
        super().__init__(label, **{"invalid_choice_message": CHOOSE, **given})

    def __iter__(self) -> Iterator[Any]:
        for box in super().__iter__():
            box.flags.required = False
            yield box

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read each choice once, however often it was sent."""
        super().process_formdata(list(dict.fromkeys(valuelist)))


class Row(Form):
    """The fields of one row, with our words."""

    class Meta(FlaskForm.Meta):
        csrf = False  # The form around it has the token.


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of fields; those that were not sent are empty, and those beyond ``max_entries`` are left out.

    WTForms closes the gaps between the rows that were sent, and would read the
    last ones again into the rows that it adds.
    """

    def _add_entry(self, formdata: Any = None, data: Any = unset_value, index: int | None = None) -> Any:
        entry = None if index is None else formdata
        return super()._add_entry(entry, data, index)  # type: ignore[misc]

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """The numbers of the rows that were sent; what only looks like a number names no row."""
        sent = re.compile(re.escape(prefix) + r"-([0-9]{1,9})-.*", re.DOTALL)
        return (int(found[1]) for name in formdata if (found := sent.fullmatch(name)))

    @property
    def has_room(self) -> bool:
        """Whether one more row may come."""
        return self.max_entries is None or len(self.entries) < self.max_entries
