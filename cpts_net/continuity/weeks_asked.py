"""Which weeks an address asks for, and what its reader is told where these are not the ones shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from cpts_net.continuity.weeks import DAYS, Weeks
from cpts_net.i18n import day as said_day
from cpts_net.i18n import days as said_days
from cpts_net.web.typed import DoesNotExist, Unreadable, read_day

FARTHEST = timedelta(days=730)  # Nothing is written down so far ahead.


@dataclass(frozen=True)
class Asked:
    """The weeks to show, and a sentence where others were asked for."""

    weeks: Weeks
    remark: str = ""


def asked_weeks(since: str, until: str, today: date, first_kept: Callable[[], date | None]) -> Asked:
    """The weeks from the day ``since``, perhaps up to the day ``until``; the present ones without.

    ``first_kept`` is asked, where it matters, for the first day of which anything is kept.
    """
    try:
        first = read_day(since) if since else today
        last = read_day(until) if until else first
    except (Unreadable, DoesNotExist):
        return Asked(Weeks.around(today), _("Cette date n’existe pas\u202f: voici les semaines qui viennent."))
    if first > today + FARTHEST:
        farthest = today + FARTHEST
        return Asked(Weeks.around(farthest), _("Rien n’est noté après le %(day)s.", day=said_day(farthest)))
    if first < today - timedelta(days=DAYS):
        kept = min(first_kept() or today, today)
        if first < Weeks.around(kept).first:
            return Asked(Weeks.around(kept), _("Rien n’est gardé d’avant le %(day)s.", day=said_day(kept)))
    weeks = Weeks.around(first)
    if last > weeks.last:
        shown = said_days(weeks.first, weeks.last)
        return Asked(weeks, _("Quatre semaines à la fois\u202f: %(days)s.", days=shown))
    return Asked(weeks)
