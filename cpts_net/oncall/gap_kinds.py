"""What coordinators, and those who wish it, are told of gaps: where too few serve, or whoever should is away."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import lazy_gettext as _

from cpts_net import i18n
from cpts_net.accounts.queries import people_of_role
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family, When
from cpts_net.oncall import queries
from cpts_net.oncall.availability import free_among
from cpts_net.oncall.gap_queries import Short, short_slots
from cpts_net.oncall.take_links import take_address
from cpts_net.oncall.wording import when
from cpts_net.roles import ON_DUTY, Role
from cpts_net.spans import Span

OPENED = "oncall.gap_opened"  # By a deed.
AHEAD = "oncall.gap_ahead"  # Nobody has come by then.
OFFERED = "oncall.gap_offered"  # To whoever may take it, and wishes to hear of it.

# Of some people, those whom a gap concerns: the slot, and the part of it.
Readers = Callable[[Collection[int], int, Span], Collection[int]]


def _gaps(readers: Readers, notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Gaps, as long as they are, for those whom they concern."""
    short = short_slots([notice.subject_id for notice in notices])
    found = {}
    for slot_id, span, those in _by_gap(notices):
        slot = short.get(slot_id)
        is_short = slot is not None and now < span.end and any(lack.span.overlaps(span) for lack in slot.lacks)
        concerned = readers([notice.person_id for notice in those], slot_id, span) if is_short else ()
        for notice in those:
            is_still_so = is_short and notice.person_id in concerned
            found[notice.id] = Matter(_words(notice, span), _path(slot, span), is_still_so)
    return found


def _by_gap(notices: Sequence[Notice]) -> Iterator[tuple[int, Span, list[Notice]]]:
    gaps: dict[tuple[int, Span], list[Notice]] = {}
    for notice in notices:
        span = Span(notice.became["starts_at"], notice.became["ends_at"])
        gaps.setdefault((notice.subject_id, span), []).append(notice)
    return ((slot_id, span, those) for (slot_id, span), those in gaps.items())


def _words(notice: Notice, span: Span) -> dict[str, Any]:
    missing = notice.became["missing"]
    several = str(missing) if missing > 1 else ""
    return {"line": notice.became["line"], "when": when(span.start, span.end), "several": several}


def _path(slot: Short | None, span: Span) -> str:
    """To the slot in the month of its line, where it is taken or given to somebody; nowhere once it is closed."""
    return f"/astreintes/{slot.slug}/?mois={i18n.month(span.start)}#creneau-{slot.slot_id}" if slot else ""


def _coordinators(_person_ids: Collection[int], _slot_id: int, _span: Span) -> Collection[int]:
    return people_of_role(Role.COORDINATOR)


def free_to_take(person_ids: Collection[int], slot_id: int, span: Span) -> Collection[int]:
    """Those who could take the part of the slot, as they are now."""
    slot = queries.slot(slot_id) if person_ids else None
    return free_among(person_ids, slot, span) if slot else ()


def _offers(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Gaps that people could take, each with the link that does, for this person alone."""
    found = _gaps(free_to_take, notices, now)
    for notice in notices:
        link, matter = take_address(notice.subject_id, notice.person_id), found[notice.id]
        found[notice.id] = replace(matter, words={**matter.words, "link": link}, answer=link)
    return found


KINDS = (
    # Somebody gave a duty back: there may be little time left. What nobody ever took waits for the day's mail.
    *(
        Kind(
            name,
            label,
            "oncall/mail/gap",
            partial(_gaps, _coordinators),
            family=Family.COORDINATION,
            default=default,
            rings=default is When.AT_ONCE,
            concerns=frozenset({Role.COORDINATOR}),
        )
        for name, label, default in (
            (OPENED, _("Astreinte libérée"), When.AT_ONCE),
            (AHEAD, _("Astreinte sans personne à venir"), When.DAILY),
        )
    ),
    # Whoever would take more than their part says so; nobody else is asked again and again.
    Kind(
        OFFERED,
        _("Astreinte à prendre"),
        "oncall/mail/gap_offered",
        _offers,
        family=Family.DUTY,
        default=When.NEVER,
        rings=False,
        concerns=ON_DUTY,
    ),
)
