"""Entries of a calendar: duties, absences and meetings, in the words people read.

An entry's words depend on nothing but what it shows, never on who asks:
everybody who has it in a feed of the same view gets the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from flask import g
from flask_babel import gettext as _

from cpts_net import clock
from cpts_net.calendars import queries
from cpts_net.continuity.roster import Away, Cover, Duty, Relayed
from cpts_net.leave.wording import spell
from cpts_net.meetings import hosts
from cpts_net.meetings.hosts import Host
from cpts_net.meetings.models import Meeting
from cpts_net.settings import current_settings
from cpts_net.spans import Span


class EntryKind(StrEnum):
    """What an entry is about."""

    DUTY = "duty"
    ABSENCE = "absence"
    COVER = "cover"
    MEETING = "meeting"


class View(StrEnum):
    """For whom an entry is worded."""

    MINE = "mine"
    COMMUNITY = "community"


class Occupies(StrEnum):
    """What an entry does to the time of whoever has it, in Outlook's words."""

    NOTHING = "FREE"
    TIME = "BUSY"
    EVERYTHING = "OOF"


@dataclass(frozen=True)
class Item:
    """One entry.

    ``days`` are the first day and the day after the last, for an entry that
    covers whole days; ``span`` holds its instants in any case. ``whose`` is
    the member it belongs to, 0 when it is everybody's. ``title`` is what it is
    called where its kind is shown beside it. ``edition`` counts the changes
    that its words do not show. ``reader`` is the one person for whom it is worded,
    0 when it reads alike for all who have it.
    """

    kind: EntryKind
    view: View
    uid: str
    whose: int
    span: Span
    title: str
    summary: str
    url: str
    occupies: Occupies
    days: tuple[date, date] | None = None
    description: str = ""
    location: str = ""
    is_cancelled: bool = False
    edition: int = 0
    reader: int = 0

    @property
    def key(self) -> str:
        """What the ledger knows it by: its UID, and for whom it reads otherwise than for others."""
        return f"{self.uid}#{self.reader}" if self.reader else self.uid


def own_duties(duties: Iterable[Duty], *, are_busy: bool) -> list[Item]:
    """One's own duties; they leave the calendar free unless its owner chose otherwise."""
    occupies = Occupies.TIME if are_busy else Occupies.NOTHING
    # Words are looked up once for all: that costs more than the rest of an entry.
    words, truth = _("Astreinte : %(line)s"), _truth()
    return [
        replace(
            _duty(duty, words % {"line": duty.line.name}, truth),
            view=View.MINE,
            url=page(f"astreintes/{duty.line.slug}/"),
            occupies=occupies,
        )
        for duty in duties
    ]


def duties_of_all(
    duties: Iterable[Duty], before: Mapping[int, tuple[Duty, Item]] | None = None
) -> dict[int, tuple[Duty, Item]]:
    """Who holds each duty, by seat; the number to call stays on the board.

    ``before`` is what an earlier call gave: a duty that is the same object is not worded again.
    """
    here, away, truth = _("%(line)s : %(name)s"), _("%(line)s : %(name)s (absent)"), _truth()
    found, known = {}, before or {}
    for duty in duties:
        pair = known.get(duty.seat_id)
        if pair is None or pair[0] is not duty:
            words = away if duty.seeks else here
            pair = duty, _duty(duty, words % {"line": duty.line.name, "name": duty.holder.name}, truth)
        found[duty.seat_id] = pair
    return found


def own_absences(aways: Iterable[Away]) -> list[Item]:
    """One's own leaves."""
    leave, weekly, url = _("Absence"), _("Jour de repos"), page("absences/")
    return [
        replace(
            _absence(away, weekly if away.is_weekly else leave),
            view=View.MINE,
            title=weekly if away.is_weekly else "",
            url=url,
            occupies=Occupies.EVERYTHING,
        )
        for away in aways
    ]


def absences_of_all(aways: Iterable[Away]) -> list[Item]:
    """Who is away, and who really stands in; never why."""
    words = _("%(name)s : absent")
    return [_absence(away, words % {"name": away.person.name}) for away in aways]


def covers(found: Iterable[Cover], person_id: int) -> list[Item]:
    """Those for whom somebody stands in, stretch by stretch; whether they were named for it or not."""
    words, url = _("Relais de %(name)s"), page("continuite/")
    return [
        Item(
            kind=EntryKind.COVER,
            view=View.MINE,
            uid=_uid(EntryKind.COVER, _name_of(cover, person_id)),
            whose=person_id,
            span=cover.span,
            title=cover.away.person.name,
            summary=words % {"name": cover.away.person.name},
            url=url,
            occupies=Occupies.NOTHING,
            days=_whole_days(cover.span),
            description=cover.away.note,
        )
        for cover in found
    ]


def _name_of(cover: Cover, person_id: int) -> str:
    """The name of one stretch for ever: by the local minute at which it begins."""
    return f"{cover.away.absence_id}-{person_id}-{cover.span.start.astimezone(clock.zone()):%Y%m%dT%H%M}"


def _whole_days(span: Span) -> tuple[date, date] | None:
    """The first local day and the day after the last, when it begins and ends with one."""
    start, end = span.start.astimezone(clock.zone()), span.end.astimezone(clock.zone())
    return (start.date(), end.date()) if start.time() == end.time() == time(0) else None


def meetings(found: Sequence[Meeting], person_id: int) -> list[Item]:
    """Meetings as one person may read them; the same words as in their invitations.

    The name of a private group is told to its members alone. Whoever is not
    told all has an entry of their own in the ledger, for ever from then on: its
    SEQUENCE must never fall, also when they are told more later.
    """
    held_by = hosts.hosts([each.id for each in found], person_id)
    uids = {each.id: _uid(EntryKind.MEETING, each.id) for each in found}
    apart = queries.read_apart(uids.values(), person_id)
    return [_meeting(each, held_by[each.id], person_id, is_apart=uids[each.id] in apart) for each in found]


def _meeting(meeting: Meeting, held_by: Sequence[Host], person_id: int, *, is_apart: bool) -> Item:
    names = hosts.names_told(held_by)
    facts = [", ".join(names), meeting.agenda.strip(), meeting.video_url]
    return Item(
        kind=EntryKind.MEETING,
        view=View.MINE,
        uid=_uid(EntryKind.MEETING, meeting.id),
        whose=0,
        span=Span(meeting.starts_at, meeting.ends_at),
        title=meeting.title,
        summary=meeting.title,
        url=page(f"reunions/{meeting.id}"),
        occupies=Occupies.NOTHING if meeting.cancelled_at else Occupies.TIME,
        description="\n\n".join(fact for fact in facts if fact),
        location=meeting.place or meeting.video_url,
        is_cancelled=meeting.cancelled_at is not None,
        edition=meeting.edition,
        reader=person_id if is_apart or len(names) < len(held_by) else 0,
    )


def page(path: str) -> str:
    """The address of one of our pages, for whoever is elsewhere."""
    return f"{current_settings().public_url}/{path}"


def _truth() -> str:
    return str(_("Le tableau fait foi : %(address)s", address=page("continuite/")))


def _duty(duty: Duty, summary: str, description: str) -> Item:
    """A duty as the community has it in its calendars."""
    return Item(
        kind=EntryKind.DUTY,
        view=View.COMMUNITY,
        uid=_uid(EntryKind.DUTY, duty.seat_id),
        whose=duty.holder.id,
        span=duty.span,
        title=duty.line.name,
        summary=summary,
        url=page("continuite/"),
        occupies=Occupies.NOTHING,
        description=description,
    )


def _absence(away: Away, summary: str) -> Item:
    """An absence as the community has it in its calendars."""
    return Item(
        kind=EntryKind.ABSENCE,
        view=View.COMMUNITY,
        uid=_uid(EntryKind.ABSENCE, away.key),
        whose=away.person.id,
        span=away.span,
        title=away.person.name,
        summary=summary,
        url=page("continuite/"),
        occupies=Occupies.NOTHING,
        days=_whole_days(away.span),
        description=_relays_of(away),
    )


def _relays_of(away: Away) -> str:
    """Who stands in; when that changes, each with the days."""
    if len(away.stretches) == 1:
        relay = away.stretches[0].relay
        return str(_("Relais : %(name)s", name=relay.name)) if relay else ""
    return " · ".join(_relay_during(each) for each in away.stretches)


def _relay_during(each: Relayed) -> str:
    if each.relay is None:
        return str(_("Sans relais %(when)s", when=spell(each.span)))
    return str(_("Relais %(when)s : %(name)s", when=spell(each.span), name=each.relay.name))


def _uid(kind: EntryKind, number: int | str) -> str:
    """The name of an entry for ever, in feeds and mails alike, also when the network moves to another address."""
    if "uid_host" not in g:
        g.uid_host = queries.uid_host() or current_settings().host
    return f"{kind}-{number}@{g.uid_host}"
