"""How absences are spoken of."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cpts_net import clock
from cpts_net.i18n import day, days, hour, time_of_day
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import NOON, Days
from cpts_net.spans import Span

WEEKDAYS = (*(_l("lundi"), _l("mardi"), _l("mercredi"), _l("jeudi"), _l("vendredi"), _l("samedi"), _l("dimanche")),)
MOST_SAID = 3


def away(absence: Days) -> str:
    """Say « du lundi 3 au vendredi 14 août, à partir de midi », « le lundi 3 août de 9 h à 11 h », « chaque mercredi »."""
    if absence.weekdays or absence.last_day is None:
        return _every_week(absence)
    said = days(absence.first_day, absence.last_day)
    if absence.first_day == absence.last_day:
        return f"{said}{_of_one_day(absence.from_time, absence.until_time)}"
    cut = [
        *([_("à partir de %(hour)s", hour=at(absence.from_time))] if absence.from_time else []),
        *([_("jusqu’à %(hour)s le dernier jour", hour=at(absence.until_time))] if absence.until_time else []),
    ]
    return ", ".join([said, *cut])


def _every_week(absence: Days) -> str:
    """Say « chaque mercredi et vendredi, l’après-midi, à partir du mercredi 2 décembre »."""
    names = [str(WEEKDAYS[int(number)]) for number in absence.weekdays]
    which = _("%(some)s et %(last)s", some=", ".join(names[:-1]), last=names[-1]) if names[1:] else "".join(names)
    said = str(_("chaque %(weekdays)s", weekdays=which)) + _of_one_day(absence.from_time, absence.until_time)
    if absence.last_day:
        return f"{said}, {days(absence.first_day, absence.last_day)}"
    if absence.first_day <= clock.today():
        return said
    return str(_("%(said)s, à partir du %(day)s", said=said, day=day(absence.first_day)))


def but(absence: Absence) -> str:
    """Say « sauf le mercredi 9 décembre » of the days off to come that are none; mostly nothing."""
    coming = [each for each in sorted(absence.excepted) if each >= clock.today()]
    return str(_("sauf %(days)s", days=", ".join(days(each, each) for each in coming))) if coming else ""


def _of_one_day(start: time | None, end: time | None) -> str:
    """Say « , l’après-midi », «  de 9 h à 11 h 30 »."""
    if start and end:
        return str(_(" de %(start)s à %(end)s", start=time_of_day(start), end=time_of_day(end)))
    if start:
        return str(_(", l’après-midi") if start == NOON else _(", à partir de %(hour)s", hour=at(start)))
    if end:
        return str(_(", le matin") if end == NOON else _(", jusqu’à %(hour)s", hour=at(end)))
    return ""


def at(moment: time) -> str:
    """Say « midi », « 14 h »."""
    return str(_("midi")) if moment == NOON else time_of_day(moment)


def spell(span: Span) -> str:
    """Say « du lundi 3 au vendredi 14 août », « le lundi 3 août de 8 h à 12 h », « du lundi 3 août à 14 h au mardi 4 août »."""
    start, end = (moment.astimezone(clock.zone()) for moment in (span.start, span.end))
    last = (end - timedelta(microseconds=1)).date()
    if _is_midnight(start) and _is_midnight(end):
        return days(start.date(), last)
    if start.date() == last:
        return str(_("le %(day)s de %(start)s à %(end)s", day=day(last), start=hour(start), end=hour(end)))
    first_hour = "" if _is_midnight(start) else _(" à %(hour)s", hour=hour(start))
    last_hour = "" if _is_midnight(end) else _(" à %(hour)s", hour=hour(end))
    return str(_("du %(first)s au %(last)s", first=f"{day(start.date())}{first_hour}", last=f"{day(last)}{last_hour}"))


def _is_midnight(local: datetime) -> bool:
    return local.time() == time(0)


def spans_written(spans: Iterable[Span]) -> str:
    """The instants as a notice keeps them."""
    return " ".join(f"{span.start.isoformat()}/{span.end.isoformat()}" for span in spans)


def spans_said(written: str) -> str:
    """Say what ``spans_written`` was given: « du lundi 3 au mercredi 5 août, le lundi 10 août »; of many the first."""
    edges = [each.partition("/") for each in written.split()]
    said = [spell(Span(datetime.fromisoformat(start), datetime.fromisoformat(end))) for start, _to, end in edges]
    if len(said) > MOST_SAID:
        return str(_("%(some)s et d’autres jours", some=", ".join(said[:MOST_SAID])))
    return ", ".join(said)


def are_many(written: str) -> bool:
    """Whether ``spans_said`` leaves some of them out."""
    return len(written.split()) > MOST_SAID
