"""What a reader finds by a few words, of every kind, as far as it exists for them.

Each room is asked for what the reader may see, and words are compared with
that alone: what does not exist for somebody is neither listed nor counted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from cpts_net.accounts.identity import Identity
from cpts_net.directory import choosing, workplaces
from cpts_net.directory.categories import CATEGORIES
from cpts_net.directory.trades import Trade
from cpts_net.folding import fold
from cpts_net.groups import queries as groups
from cpts_net.i18n import day, moment
from cpts_net.meetings import seen_queries as meetings
from cpts_net.oncall import queries as oncall


class Hit(NamedTuple):
    """One thing found; of a person, ``name`` and ``trade`` make the face."""

    address: str
    name: str
    detail: str
    phone: str = ""
    trade: Trade | None = None


@dataclass(frozen=True)
class Kind:
    """What is searched together: its name in addresses, its title, and how it is searched."""

    key: str
    title: Callable[[], str]
    find: Callable[[str, Identity, datetime], Sequence[Hit]]
    is_for_guests: bool = True


class Found(NamedTuple):
    """Everything of one kind that was found."""

    kind: Kind
    hits: Sequence[Hit]


def find(words: str, reader: Identity, now: datetime) -> list[Found]:
    """Of each kind what the reader finds by all of the words; kinds without any are left out."""
    if not fold(words):
        return []
    kinds = [kind for kind in KINDS if kind.is_for_guests or not reader.is_guest]
    found = [Found(kind, kind.find(words, reader, now)) for kind in kinds]
    return [each for each in found if each.hits]


def _people(words: str, reader: Identity, _now: datetime) -> Sequence[Hit]:
    """A guest finds those with whom they are in a group."""
    if reader.is_guest:
        known = groups.acquaintances(reader.person_id)
        met = _having(words, known, lambda each: f"{each.person.name} {each.trade}")
        return [Hit(_card(each.person.id), each.person.name, each.trade, trade=each.person.trade) for each in met]
    return [
        Hit(_card(each.id), each.name, each.apart or " · ".join([each.what, *each.communes]), each.phone, each.trade)
        for each in choosing.found_by(words, reader)
    ]


def _structures(words: str, _reader: Identity, _now: datetime) -> Sequence[Hit]:
    return [
        Hit(
            url_for("structures.show", structure_id=each.id),
            each.name,
            " · ".join(filter(None, [_category(each.category_code), each.commune])),
        )
        for each in workplaces.listed(words)
    ]


def _category(code: str) -> str:
    return CATEGORIES[code].label if code in CATEGORIES else ""


def _groups(words: str, reader: Identity, _now: datetime) -> Sequence[Hit]:
    seen = _having(words, groups.groups_seen(reader.person_id), lambda group: f"{group.name} {group.purpose}")
    return [Hit(url_for("groups.show", group_id=group.id), group.name, group.purpose) for group in seen]


def _meetings(words: str, reader: Identity, now: datetime) -> Sequence[Hit]:
    """Meetings first, then polls for which no date is fixed."""
    dates = meetings.meetings_seen(reader.person_id, now, is_staff=reader.is_staff)
    polls = meetings.polls_seen(reader.person_id)
    return [
        *(
            Hit(url_for("meetings.meeting", meeting_id=each.id), each.title, _when(each, now))
            for each in _having(words, dates, lambda each: f"{each.title} {each.place}")
        ),
        *(
            Hit(url_for("meetings.poll", poll_id=each.id), each.title, _("Date à trouver"))
            for each in _having(words, polls, lambda each: str(each.title))
        ),
    ]


def _when(meeting: Any, now: datetime) -> str:
    if meeting.cancelled_at:
        return str(_("Annulée"))
    return moment(meeting.starts_at) if meeting.ends_at > now else day(meeting.starts_at)


def _lines(words: str, _reader: Identity, _now: datetime) -> Sequence[Hit]:
    lines = _having(words, oncall.lines_named(), lambda line: f"{line.name} {line.purpose}")
    return [Hit(url_for("oncall.month", slug=line.slug), line.name, line.purpose, line.phone) for line in lines]


def _card(person_id: int) -> str:
    return url_for("directory.profile", person_id=person_id)


def _having(words: str, things: Iterable[Any], text: Callable[[Any], str]) -> list[Any]:
    """Those whose text has every word, accents and case apart."""
    wanted = fold(words).split()
    return [each for each in things if all(word in fold(text(each)) for word in wanted)]


KINDS = (
    Kind("personnes", lambda: _("Personnes"), _people),
    Kind("lignes", lambda: _("Lignes de garde"), _lines, is_for_guests=False),
    Kind("structures", lambda: _("Structures"), _structures, is_for_guests=False),
    Kind("groupes", lambda: _("Groupes"), _groups),
    Kind("reunions", lambda: _("Réunions"), _meetings),
)


def counted(found: Sequence[Found]) -> str:
    """How many there are, as a screen reader says it."""
    number = sum(len(each.hits) for each in found)
    return str(ngettext("%(num)s résultat", "%(num)s résultats", number))
