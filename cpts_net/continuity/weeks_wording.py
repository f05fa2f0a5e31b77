"""How the bars of the planning of weeks are said, to those who see them and to those who do not."""

import re
from typing import NamedTuple

from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.continuity.roster import Colleague
from cpts_net.continuity.weeks import Bar, Kind
from cpts_net.directory.agreement import agreed
from cpts_net.i18n import hour
from cpts_net.leave.wording import spell

ARROW = "→"
WIDE_ENOUGH = 1.5  # Days: a name and what says that it goes on.
MOST_LETTERS = 2
LONGEST_LITTLE_WORD = 2  # « de », « du », « la ».


class Said(NamedTuple):
    """What stands in a bar, as far as there is room, and the sentence for whoever cannot see it."""

    short: str
    sentence: str

    def in_room_of(self, days: float) -> str:
        """What of it stands in a bar of so many days: of a relay on one day the arrow, on less nothing; a part of a name is none."""
        if days >= WIDE_ENOUGH or not self.short.startswith(ARROW):
            return self.short if days >= 1 else ""
        return ARROW if days >= 1 else ""


def said(bar: Bar, person: Colleague) -> Said:
    """A bar in words."""
    if bar.kind is Kind.AWAY:
        return _away(bar, person)
    times = ", ".join(
        _("de %(start)s à %(end)s", start=hour(span.start), end=hour(span.end)) for span in bar.times or (bar.span,)
    )
    if bar.kind is Kind.MEETING:
        return Said(hour(bar.span.start), _("réunion\u202f: %(title)s, %(times)s", title=bar.label, times=times))
    sentence = _("d’astreinte, %(line)s, %(times)s", line=bar.label, times=times)
    return Said(letters(bar.label), _("%(duty)s, cherche un remplaçant", duty=sentence) if bar.seeks else sentence)


def letters(line: str) -> str:
    """What a line is called where there is hardly any room: « SN » for « Soins non programmés »; a key says which."""
    words = [word for word in re.split(r"[^\w]+", line) if len(word) > LONGEST_LITTLE_WORD] or [line]
    return "".join(word[0] for word in words[:MOST_LETTERS]).upper()


def _away(bar: Bar, person: Colleague) -> Said:
    names = dict.fromkeys(each.relay.name if each.relay else "" for each in bar.stretches)
    relays = ", ".join(name for name in names if name)
    absent = agreed(person.civility, _("absent"), _("absente"))
    if not relays:
        return Said(_("sans relais"), _("%(absent)s %(days)s, sans relais", absent=absent, days=spell(bar.span)))
    return Said(
        f"{ARROW} {relays}",
        _("%(absent)s %(days)s, relais %(relays)s", absent=absent, days=spell(bar.span), relays=relays),
    )


def is_broken(bar: Bar) -> bool:
    """Whether relays were named, and for some time none of them is there."""
    return any(each.is_broken for each in bar.stretches)


def is_cut(bar: Bar) -> tuple[bool, bool]:
    """Whether an absence begins, and ends, in the middle of a day."""
    start, end = (moment.astimezone(clock.zone()).time() for moment in (bar.span.start, bar.span.end))
    return bool(bar.kind is Kind.AWAY and (start.hour or start.minute)), bool(
        bar.kind is Kind.AWAY and (end.hour or end.minute)
    )
