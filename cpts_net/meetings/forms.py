"""The forms of polls and meetings. Times are typed in the local time of the territory."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, Form, FormField, StringField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from cpts_net import clock
from cpts_net.directory.choosing import ANYBODY
from cpts_net.directory.fields import PeopleField
from cpts_net.i18n import duration
from cpts_net.meetings.drafts import Audience, Plan, Subject
from cpts_net.meetings.models import Answer
from cpts_net.spans import Span, local_instant
from cpts_net.web.fields import (
    BoxesField,
    DayField,
    HourField,
    Needed,
    OneOfField,
    Row,
    Rows,
    refuse_skipped,
    tidy,
    tidy_lines,
)
from cpts_net.web.patient_numbers import refuse_nir

ROWS = 6
MOST_ROWS = 20
DURATIONS = (30, 45, 60, 90, 120, 150, 180, 240)
USUAL_DURATION = 120
LAST_MINUTE = time(23, 59)
DAY_NEEDED = _l("Indiquez le jour.")
HOUR_NEEDED = _l("Indiquez l’heure.")


def web_address(_form: Form, field: Field) -> None:
    """Validator of an address that people will click.

    Raises:
        ValidationError: for anything but http and https, "javascript:" above all.
    """
    try:
        url = urlsplit(field.data)
        is_web = url.scheme in {"http", "https"} and bool(url.hostname)
    except ValueError:
        is_web = False
    if not is_web or any(sign.isspace() or not sign.isprintable() for sign in field.data):
        raise ValidationError(_("Cette adresse doit commencer par https:// ou http://."))


class SubjectForm(FlaskForm):
    """What people meet for, where, and for how long."""

    title = StringField(
        _l("Sujet"),
        filters=[tidy],
        validators=[
            Needed(_l("Donnez un titre à la réunion.")),
            Length(max=120, message=_l("Ce titre est trop long\u202f: 120 caractères au plus.")),
            refuse_nir,
        ],
    )
    agenda = TextAreaField(
        _l("Ordre du jour"),
        filters=[tidy_lines],
        validators=[
            Length(max=5000, message=_l("Ce texte est trop long\u202f: 5 000 caractères au plus.")),
            refuse_nir,
        ],
    )
    place = StringField(
        _l("Lieu"),
        filters=[tidy],
        validators=[Length(max=200, message=_l("Ce lieu est trop long\u202f: 200 caractères au plus.")), refuse_nir],
    )
    video_url = StringField(
        _l("Adresse de la visioconférence"),
        filters=[tidy],
        validators=[
            Optional(),
            Length(max=300, message=_l("Cette adresse est trop longue\u202f: 300 caractères au plus.")),
            web_address,
        ],
    )
    minutes = OneOfField(_l("Durée"), coerce=int, default=USUAL_DURATION)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data=data or {})
        # A meeting that the demonstration or a poll made may last otherwise.
        usual = (data or {}).get("minutes", USUAL_DURATION)
        self.minutes.choices = [(each, duration(each)) for each in sorted({*DURATIONS, usual})]

    @property
    def subject(self) -> Subject:
        """What was typed, once it is valid."""
        return Subject(self.title.data or "", self.agenda.data or "", self.place.data or "", self.video_url.data or "")

    def span_at(self, day: date, at: time) -> Span:
        """The chosen duration from a local time on; real hours, whatever the clocks do meanwhile."""
        start = local_instant(day, at, clock.zone())
        return Span(start, start + timedelta(minutes=self.minutes.data))


class MeetingForm(SubjectForm):
    """A meeting with its date."""

    day = DayField(_l("Jour"), validators=[Needed(DAY_NEEDED)])
    at = HourField(_l("Heure de début"), validators=[Needed(HOUR_NEEDED)])

    @property
    def plan(self) -> Plan:
        """What was typed, once it is valid."""
        assert self.day.data is not None
        assert self.at.data is not None
        return Plan(self.subject, self.span_at(self.day.data, self.at.data))

    def validate_at(self, field: HourField) -> None:
        """Refuse an hour that the clocks jump over."""
        refuse_skipped(self.day.data, field.data)


class ConvenedForm(MeetingForm):
    """A meeting with its date, and who is asked: some groups, or none, and people by themselves.

    ``choosable`` are the groups that the reader may call, by id; ``kept`` those
    that hold a meeting already and that the reader does not decide on; None for one that is new.
    """

    groups = BoxesField(_l("Groupes invités"), coerce=int)
    people = PeopleField(_l("Personnes invitées en leur nom"), chosen_for=ANYBODY)

    def __init__(
        self, choosable: Mapping[int, str], data: Mapping[str, Any] | None = None, *, kept: Sequence[int] | None = None
    ) -> None:
        super().__init__(data)
        self.is_known, self.kept = kept is not None, tuple(kept or ())
        self.groups.choices = list(choosable.items())
        self.people.known = frozenset((data or {}).get("people", ()))

    @property
    def is_audience_left_out(self) -> bool:
        """Whether the form of a meeting that exists was sent without saying who is asked: that stays as it is."""
        return self.is_known and f"{self.people.name}-q" not in request.form

    @property
    def audience(self) -> Audience:
        """Who is asked, once the form is valid."""
        return Audience((*self.kept, *(self.groups.data or [])), tuple(self.people.ids))

    def validate_groups(self, _field: BoxesField) -> None:
        """Ask for somebody.

        Raises:
            ValidationError: when neither a group nor a person was chosen.
        """
        if not (self.is_audience_left_out or self.kept or self.groups.data or self.people.data):
            raise ValidationError(_("Choisissez un groupe, ou au moins une personne."))


class DateRow(Row):
    """One date of a poll; an empty row is none."""

    day = DayField(_l("Jour"), validators=[Optional()])
    at = HourField(_l("Heure de début"), validators=[Optional()])

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Ask for the day that goes with an hour, and for the hour that goes with a day."""
        is_valid = super().validate(*args, **kwargs)
        if is_valid and (self.day.data is None) != (self.at.data is None):
            lacking = self.day if self.day.data is None else self.at
            lacking.errors = [DAY_NEEDED if lacking is self.day else HOUR_NEEDED]
            return False
        return is_valid

    def validate_at(self, field: HourField) -> None:
        """Refuse an hour that the clocks jump over."""
        refuse_skipped(self.day.data, field.data)


class PollForm(SubjectForm):
    """Some dates to choose from, and until when people may answer."""

    dates = Rows(FormField(DateRow), min_entries=ROWS, max_entries=MOST_ROWS)
    last_day = DayField(_l("Réponses jusqu’au"), validators=[Needed(_l("Indiquez jusqu’à quel jour répondre."))])
    known_last_day: date | None = None

    @property
    def spans(self) -> list[Span]:
        """The dates that were typed, in time order."""
        return sorted(self.span_at(row.day.data, row.at.data) for row in self.dates if row.day.data)

    @property
    def deadline(self) -> datetime:
        """The last minute of the last day, or the first of the dates if that comes sooner."""
        assert self.last_day.data is not None
        last_minute = local_instant(self.last_day.data, LAST_MINUTE, clock.zone())
        ahead = [span.start for span in self.spans if span.start > clock.now()]
        return min([last_minute, *ahead])

    def is_known(self, _start: datetime) -> bool:
        """Whether the poll has a date at that instant already: one that is new has none."""
        return False

    def validate_dates(self, field: Rows) -> None:
        """Ask for some dates, all ahead, none twice."""
        seen: set[datetime] = set()
        for row in field:
            if row.day.data and row.at.data and not row.errors:
                start = local_instant(row.day.data, row.at.data, clock.zone())
                if start <= clock.now() and not self.is_known(start):
                    row.form.day.errors = [_("Cette date est passée.")]
                if start in seen:
                    row.form.day.errors = [_("Cette date est déjà proposée.")]
                seen.add(start)
        if not seen and not any(row.errors for row in field):
            field[0].form.day.errors = [_("Proposez au moins une date.")]
        if any(row.form.errors for row in field):
            raise ValidationError(_("Une date est à revoir."))

    def validate_last_day(self, field: DayField) -> None:
        """The answers must come in time: after today's start, before the first of the dates."""
        assert field.data is not None
        if field.data < clock.today() and field.data != self.known_last_day:
            raise ValidationError(_("Ce jour est passé."))
        zone, now = clock.zone(), clock.now()
        starts = [local_instant(row.day.data, row.at.data, zone) for row in self.dates if row.day.data and row.at.data]
        days = [start.astimezone(zone).date() for start in starts if start > now]
        if days and field.data > min(days):
            raise ValidationError(_("Les réponses doivent arriver avant la première date proposée."))


class PutRightForm(PollForm):
    """A poll that went out, with the dates that it has; ``known`` are these, in time order."""

    def __init__(self, data: Mapping[str, Any], known: Sequence[Span], last_day: date) -> None:
        self.known, self.known_last_day = {span.start: span for span in known}, last_day
        self.known_minutes = data["minutes"]
        super().__init__(data)

    @property
    def spans(self) -> list[Span]:
        """The dates as they are to be; one that stays keeps its own length, unless another was chosen for all."""
        typed = super().spans
        if self.minutes.data != self.known_minutes:
            return typed
        return [self.known.get(span.start, span) for span in typed]

    def is_known(self, start: datetime) -> bool:
        """Whether the poll has a date at that instant already."""
        return start in self.known


def answers_in(posted: Mapping[str, str], option_ids: Collection[int]) -> dict[int, str]:
    """What somebody says to each date of a poll, from the fields ``date-<id>``; unknown words count as nothing."""
    typed = {option_id: posted.get(f"date-{option_id}", "") for option_id in option_ids}
    return {option_id: answer for option_id, answer in typed.items() if answer in set(Answer)}
