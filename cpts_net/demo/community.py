"""The demonstration community as plain values: the same from the same people, date and seed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import partial
from random import Random

from cpts_net.demo import duties, gatherings, leaves
from cpts_net.demo.duties import Roster, Slot
from cpts_net.demo.gatherings import PlannedGroup, PlannedMeeting, PlannedPoll
from cpts_net.demo.leaves import Diary, PlannedAbsence
from cpts_net.demo.people import InventedPerson
from cpts_net.leave.rules import absence_span
from cpts_net.spans import Span


@dataclass(frozen=True)
class Setting:
    """What decides everything: the day, the seed, and the territory's zone and holidays."""

    today: date
    seed: int
    zone: tzinfo
    holidays: frozenset[date]

    def random(self, topic: str) -> Random:
        """Chance of its own for each topic, so that a change of one leaves the others alone."""
        return Random(f"{self.seed} {self.today} {topic}")  # noqa: S311  Keeps no secret.


@dataclass(frozen=True)
class Community:
    """Who is away, who serves what, who meets when. People are named by RPPS numbers.

    ``member`` and ``lead`` are those as whom a visitor signs in: they are
    there today, serve a line and belong to the first group.
    """

    member: str
    lead: str
    absences: Sequence[PlannedAbsence]
    serving: Mapping[str, Sequence[str]]
    groups: Sequence[PlannedGroup]
    meetings: Mapping[str, Sequence[PlannedMeeting]]
    huddle: PlannedMeeting
    poll: PlannedPoll


class Whereabouts:
    """Who is away during which instants."""

    def __init__(self, absences: Iterable[PlannedAbsence], zone: tzinfo) -> None:
        self._away: defaultdict[str, list[Span]] = defaultdict(list)
        for absence in absences:
            self._away[absence.rpps].append(absence_span(absence, zone))

    def is_away(self, rpps: str, span: Span) -> bool:
        """Whether somebody misses an instant of ``span``."""
        return any(away.overlaps(span) for away in self._away.get(rpps, ()))


def plan(people: Sequence[InventedPerson], setting: Setting) -> Community:
    """Everything but the duties, which need the slots that the base makes itself."""
    today, zone = setting.today, setting.zone
    doctors = [person.rpps for person in people if duties.LINES[0].may_serve(person)]
    member, lead = setting.random("visitors").sample(doctors, 2)
    absences = leaves.plan_absences(people, [member, lead], today, setting.random("leaves"))
    is_busy = Whereabouts(absences, zone).is_away
    groups = gatherings.plan_groups(people, member, lead, today, zone, setting.random("groups"))
    meetings = gatherings.plan_meetings(groups, today, zone, setting.holidays, is_busy, setting.random("meetings"))
    met = {meeting.span.start.astimezone(zone).date() for those in meetings.values() for meeting in those}
    huddle = gatherings.plan_huddle(groups, today, zone, met | setting.holidays)
    met.add(huddle.span.start.astimezone(zone).date())
    poll = gatherings.plan_poll(groups[0], member, today, zone, met | setting.holidays, is_busy, setting.random("poll"))
    serving = duties.volunteers(people, (member, lead), setting.random("volunteers"))
    return Community(member, lead, absences, serving, groups, meetings, huddle, poll)


def plan_duties(
    community: Community, slots: Collection[Slot], setting: Setting
) -> tuple[Roster, PlannedAbsence, PlannedAbsence]:
    """Who holds which of the slots, and two more absences: of who keeps a duty in spite of it, and of who seeks somebody."""
    today, zone = setting.today, setting.zone
    ordered = sorted(slots)
    gaps = duties.gaps(ordered, today, zone, setting.random("gaps"))
    is_late = partial(duties.is_picked_late, today=today, zone=zone, random=setting.random("late"))
    is_away = Whereabouts(community.absences, zone).is_away
    roster = duties.fill(
        ordered,
        community.serving,
        is_away,
        lambda slot: slot in gaps or is_late(slot),
        setting.random("duties"),
    )
    diary = Diary(community.absences)
    spared = [community.member, community.lead]
    hit = []
    for _kept_then_seeking in range(2):
        slot, holder = duties.duty_in_spite_of_leave(roster, today, zone, spared, diary.is_free)
        first, last = (moment.astimezone(zone).date() for moment in (slot.span.start, slot.span.end))
        hit.append(PlannedAbsence(holder, first, last, today - timedelta(days=1)))
        spared.append(holder)
    kept, seeking = hit
    return roster, kept, seeking
