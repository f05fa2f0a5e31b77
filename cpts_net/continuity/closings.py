"""Closing a structure and opening it again, with the absences of those who work there and the relays that it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cpts_net import clock
from cpts_net.continuity.declaring import duties_hit
from cpts_net.continuity.relaying import telling_relays
from cpts_net.continuity.seeking import telling_of_sought
from cpts_net.directory import structure_actions, workplaces
from cpts_net.directory.models import StructureClosing
from cpts_net.leave import actions as leave
from cpts_net.leave import queries
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import NOON, AbsenceGone, Days, Declaration, LeaveOverlaps, NotUnderWay, absence_span
from cpts_net.storage import revisions


@dataclass(frozen=True)
class ClosingSaid:
    """When a structure is closed; both days included."""

    first_day: date
    last_day: date
    from_noon: bool = False
    until_noon: bool = False

    @property
    def days(self) -> Declaration:
        """The same as an absence says it.

        Raises:
            DaysRefused: where nobody can be away so long.
        """
        times = NOON if self.from_noon else None, NOON if self.until_noon else None
        return Declaration(self.first_day, self.last_day, *times)


class AlreadyAway(Exception):
    """Somebody who was ticked has a leave of their own then; carries whose it is, and that leave."""

    def __init__(self, person_id: int, leave: Days) -> None:
        super().__init__(str(person_id))
        self.person_id, self.leave = person_id, leave


@dataclass(frozen=True)
class Touched:
    """What a closing means for somebody who works there."""

    is_away: bool  # They have a leave of their own for a part of it.
    duties: int  # How many of theirs lie inside.


def touched(person_ids: Collection[int], days: Declaration, now: datetime) -> dict[int, Touched]:
    """What an absence on these days would mean for each of these people; weekly days off hinder nobody."""
    leaves = queries.absences_between(absence_span(days, clock.zone()), person_ids)
    away = {each.person_id for each in leaves if not each.weekdays}
    return {each: Touched(each in away, len(duties_hit(each, days, now))) for each in person_ids}


def close(
    structure_id: int, said: ClosingSaid, person_ids: Sequence[int], *, actor_id: int | None, now: datetime
) -> int:
    """Close a structure, and say of each of these people that they are away; return the closing’s number.

    Their duties stay theirs, and seek somebody. Whoever relies on the structure meanwhile
    is told once, and whoever is next is asked; coordinators are told of the duties.

    Raises:
        DaysRefused: as ``leave.actions.declare_absence``.
        AlreadyAway: when one of them has a leave then.
    """
    revisions.bump(revisions.DIRECTORY, revisions.CONTINUITY)
    days = {"from_noon": said.from_noon, "until_noon": said.until_noon}
    span = workplaces.closed_time(
        StructureClosing(first_day=said.first_day, last_day=said.last_day, **days), clock.zone()
    )
    concerned = {*person_ids, *queries.relying_on(structure_id, span)}
    with (
        telling_of_sought(person_ids, [span], by=actor_id, now=now),
        telling_relays(concerned, [span], by=actor_id, now=now, is_own=False),
    ):
        made = structure_actions.add_closing(structure_id, said.first_day, said.last_day, **days)
        for person_id in person_ids:
            _send_away(person_id, said.days, made, actor_id, now)
    return made


def _send_away(person_id: int, days: Declaration, closing_id: int, actor_id: int | None, now: datetime) -> None:
    try:
        leave.declare_absence(person_id, days, actor_id=actor_id, now=now, closing_id=closing_id)
    except LeaveOverlaps as refused:
        raise AlreadyAway(person_id, refused.other) from refused


def reopen(closing_id: int, *, actor_id: int | None, now: datetime) -> int:
    """Take a closing back, with the absences that it made; return how many of them.

    Those that have not begun are cancelled, those under way end now, and those that are over stay.

    Raises:
        AbsenceGone: when the closing was taken back before.
    """
    revisions.bump(revisions.DIRECTORY, revisions.CONTINUITY)
    closing = workplaces.closing(closing_id)
    if closing is None:
        raise AbsenceGone
    zone = clock.zone()
    span, structure_id = workplaces.closed_time(closing, zone), closing.structure_id
    made = [each for each in queries.absences_of_closing(closing_id) if absence_span(each, zone).end > now]
    concerned = {each.person_id for each in made} | queries.relying_on(structure_id, span)
    with telling_relays(concerned, [span], by=actor_id, now=now, is_own=False):
        for absence in made:
            _take_back(absence, actor_id, now)
        structure_actions.remove_closing(closing_id)
    return len(made)


def _take_back(absence: Absence, actor_id: int | None, now: datetime) -> None:
    try:
        leave.end_absence(absence.id, actor_id=actor_id, now=now)
    except NotUnderWay:  # It has not begun, or in this very minute.
        leave.cancel_absence(absence.id, actor_id=actor_id, now=now)
