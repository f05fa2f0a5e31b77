"""The sentences that say how well a date suits."""

from collections.abc import Sequence

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from cpts_net.meetings.rules import Ranked

FEMININE = frozenset({"Sage-femme"})  # The only label of the national list that is.


def because(date: Ranked) -> str:
    """Say « 9 oui, 2 si besoin, il manque un pharmacien »."""
    parts = [ngettext("%(num)s oui", "%(num)s oui", date.yes)]
    if date.if_need_be:
        parts.append(ngettext("%(num)s si besoin", "%(num)s si besoin", date.if_need_be))
    if date.no:
        parts.append(ngettext("%(num)s non", "%(num)s non", date.no))
    if date.missing:
        parts.append(_("il manque %(people)s", people=_listed(date.missing)))
    return ", ".join(parts)


def _listed(professions: Sequence[str]) -> str:
    people = [
        _("une %(profession)s", profession=label.lower())
        if label in FEMININE
        else _("un %(profession)s", profession=label.lower())
        for label in professions
    ]
    return format_list(people, locale=get_locale())
