"""What matters now, as a colleague would say it: the next duty, meeting or cover, and what comes after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from cpts_net import clock, i18n
from cpts_net.calendars.items import EntryKind, Item
from cpts_net.leave.wording import spell

A_DAY = timedelta(days=1)
EVENING = 18  # From this hour on, people say "this evening".


@dataclass(frozen=True)
class NextThing:
    """A sentence about one entry."""

    item: Item
    words: str


def next_things(items: Iterable[Item], now: datetime) -> list[NextThing]:
    """The next thing, and the one after it: what is being served first, then by time. An absence asks nothing of anybody."""
    asks = [item for item in items if item.kind != EntryKind.ABSENCE and not item.is_cancelled and item.span.end > now]
    return [NextThing(item, _said(item, now)) for item in sorted(asks, key=lambda item: _turn(item, now))[:2]]


def _turn(item: Item, now: datetime) -> tuple[datetime, datetime]:
    """What comes first comes first; but a cover goes on for days, and lets pass what comes within one."""
    wait = A_DAY if item.kind == EntryKind.COVER and now in item.span else timedelta()
    return max(item.span.start, now) + wait, item.span.start


def _said(item: Item, now: datetime) -> str:
    match item.kind:
        case EntryKind.DUTY:
            return _duty(item, now)
        case EntryKind.MEETING:
            return _meeting(item, now)
    if now in item.span:
        return str(_("Vous êtes relais de %(name)s, %(until)s.", name=item.title, until=i18n.until(item.span.end)))
    return str(_("Vous serez relais de %(name)s, %(days)s.", name=item.title, days=spell(item.span)))


def _duty(item: Item, now: datetime) -> str:
    if now in item.span:
        return str(_("Vous êtes d’astreinte %(until)s.", until=i18n.until(item.span.end)))
    start = item.span.start.astimezone(clock.zone())
    if start.date() == clock.today() and start.hour >= EVENING:
        return str(_("Vous êtes d’astreinte ce soir à %(hour)s.", hour=i18n.hour(start)))
    if start.date() - clock.today() <= timedelta(days=1):
        return str(_("Vous êtes d’astreinte %(moment)s.", moment=i18n.moment(start)))
    return str(_("Votre prochaine astreinte\u202f: %(moment)s.", moment=i18n.moment(start)))


def _meeting(item: Item, now: datetime) -> str:
    if now in item.span:
        return str(_("Votre réunion a commencé à %(hour)s.", hour=i18n.hour(item.span.start)))
    return str(_("Votre prochaine réunion\u202f: %(moment)s.", moment=i18n.moment(item.span.start)))
