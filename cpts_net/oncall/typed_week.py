"""The week of a duty line as its form has it: what can be drawn of it, and why the rest cannot."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from cpts_net import clock
from cpts_net.i18n import hour
from cpts_net.oncall.line_forms import LineForm, PatternForm
from cpts_net.oncall.ordinary_week import Run, Week, WeekDay, ordinary_monday, week_of
from cpts_net.oncall.rules import HolidayRule
from cpts_net.oncall.versions import PatternsOverlap, Version, refuse_overlap


@dataclass(frozen=True)
class TypedWeek:
    """``left_out`` says of rows that are not in the picture why not, ``as_usual`` which ones see no holidays."""

    week: Week
    left_out: list[str]
    as_usual: list[int]


def typed_week(form: LineForm) -> TypedWeek:
    """The week that the rows of the form make, those that were found wrong left out; numbers are as on the page."""
    drawn: dict[int, Version] = {}
    left_out: list[str] = []
    for number, row in enumerate(form.patterns, start=1):
        if not row.form.is_wanted:
            continue
        if sentence := _wrong(row.form) or _meets(drawn, row.form):
            left_out.append(_named(number, sentence))
        else:
            drawn[number] = row.form.draft(clock.today())
    monday = ordinary_monday(list(drawn.values()), clock.today())
    left_out += _over(drawn, monday)
    as_usual = [number for number, each in drawn.items() if each.holidays == HolidayRule.AS_USUAL]
    return TypedWeek(week_of(list(drawn.values()), monday), left_out, as_usual)


def _wrong(row: PatternForm) -> str:
    """Why a row says no hours; empty where it does."""
    return " ".join(dict.fromkeys(str(sentence) for field in row for sentence in field.errors))


def _meets(drawn: dict[int, Version], row: PatternForm) -> str:
    """Which row before is open at the same time; empty where none is."""
    draft = row.draft(clock.today())
    for number, other in drawn.items():
        try:
            refuse_overlap([other, draft])
        except PatternsOverlap:
            return str(
                _("Ouvre en même temps que la plage %(number)s\u202f: une heure ne s’ouvre qu’une fois.", number=number)
            )
    return ""


def _over(drawn: dict[int, Version], monday: date) -> list[str]:
    """What is said of hours that do not hold in the whole week shown."""
    return [
        _named(number, _("Ne vaut plus cette semaine-là."))
        for number, each in drawn.items()
        if each.valid_until is not None and each.valid_until < monday
    ]


def _named(number: int, sentence: str) -> str:
    return str(_("Plage %(number)s\u202f: %(sentence)s", number=number, sentence=sentence))


def said(day: WeekDay) -> str:
    """What begins on a day, for who does not see the bars."""
    return "\u202f; ".join(_run_said(run) for run in day.runs) or str(_("fermé"))


def _run_said(run: Run) -> str:
    start, end = (edge.astimezone(clock.zone()) for edge in (run.span.start, run.span.end))
    hours = {"start": hour(start), "end": hour(end)}
    is_night = end.date() > start.date()
    parts = [
        str(_("de %(start)s à %(end)s le lendemain", **hours) if is_night else _("de %(start)s à %(end)s", **hours)),
        str(ngettext("%(num)s créneau", "%(num)s créneaux", run.slots)),
        str(ngettext("%(num)s personne au moins", "%(num)s personnes au moins", run.fewest)),
    ]
    return ", ".join(parts)
