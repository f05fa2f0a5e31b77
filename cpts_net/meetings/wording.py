"""The sentences that say how well a date suits, and who comes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from cpts_net.directory.models import Person
from cpts_net.directory.trades import Trade
from cpts_net.meetings.rules import Ranked


def because(date: Ranked, civilities: Mapping[Trade, str], said_above: Collection[Trade] = ()) -> str:
    """Say « 9 oui, 2 si besoin, il manque une pharmacienne ».

    ``civilities`` holds that of the trades of which all in the group share it; those ``said_above``
    are not said again.
    """
    parts = [ngettext("%(num)s oui", "%(num)s oui", date.yes)]
    if date.if_need_be:
        parts.append(ngettext("%(num)s si besoin", "%(num)s si besoin", date.if_need_be))
    if date.no:
        parts.append(ngettext("%(num)s non", "%(num)s non", date.no))
    missing = [trade for trade in date.missing if trade not in said_above]
    if missing:
        parts.append(_("il manque %(people)s", people=_listed(missing, civilities)))
    return ", ".join(parts)


def lacking(trades: Sequence[Trade], civilities: Mapping[Trade, str]) -> str:
    """Say once for all dates « Quelle que soit la date, il manque un ophtalmologue »; nothing where none lacks."""
    return _("Quelle que soit la date, il manque %(people)s.", people=_listed(trades, civilities)) if trades else ""


def _listed(trades: Sequence[Trade], civilities: Mapping[Trade, str]) -> str:
    return format_list([trade.one(civilities.get(trade, "")) for trade in trades], locale=get_locale())


def by_trade(people: Iterable[Person]) -> list[str]:
    """Say « 4 médecins généralistes », « 2 pharmaciens », « 1 autre personne »: the trade of most first, the others last."""
    trades = [person.trade for person in people]
    said = [trade.count(number) for trade, number in Counter(filter(None, trades)).most_common()]
    others = trades.count(None)
    return [*said, *([ngettext("%(num)s autre personne", "%(num)s autres personnes", others)] if others else [])]


def shared_civilities(people: Iterable[Person]) -> dict[Trade, str]:
    """The civility of each trade whose people all have the same one."""
    found: defaultdict[Trade, set[str]] = defaultdict(set)
    for person in people:
        if person.trade:
            found[person.trade].add(person.civility)
    return {trade: civilities.pop() for trade, civilities in found.items() if len(civilities) == 1}
