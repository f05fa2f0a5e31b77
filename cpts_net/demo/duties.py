"""The duty lines of the demonstration, and who holds which seat."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta, tzinfo
from random import Random

from cpts_net.demo.people import InventedPerson
from cpts_net.oncall.rules import HolidayRule
from cpts_net.spans import Span, days_span

UNSCHEDULED, NIGHT, NURSING, PHARMACY = (
    "soins-non-programmes",
    "medecin-de-nuit",
    "astreinte-infirmiere",
    "pharmacie-de-garde",
)
# TRE_R38: a general practitioner by any of the ways in which one becomes it.
GENERAL_PRACTICE = {
    "SM26": "Qualifié en médecine générale",
    "SM53": "Spécialiste en médecine générale",
    "SM54": "Médecine générale",
}
COMING_DAYS = 6
NEAR_DAYS = 28
GAPS_LATER = {UNSCHEDULED: 2, NURSING: 1}  # In the weeks after the coming one.
# Two-hour slots are picked freely, so the far ones are not all taken yet.
PICKED_LATER = 0.7
SECOND_DOCTOR = 0.2
LONG = timedelta(hours=10)


@dataclass(frozen=True)
class PlannedPattern:
    """When a line is open, in local time."""

    weekdays: str
    holidays: HolidayRule
    opens_at: time
    closes_at: time
    slot_minutes: int


@dataclass(frozen=True)
class PlannedLine:
    """A line to be, with the professions and specialties that may serve it."""

    slug: str
    name: str
    purpose: str
    phone: str
    eligible: tuple[tuple[str, str | None], ...]
    patterns: tuple[PlannedPattern, ...]
    volunteers: int  # How many of the eligible serve it, of the 226.
    seats_max: int = 1
    out_of_hours: str = ""

    def may_serve(self, person: InventedPerson) -> bool:
        """Whether the person's profession, and specialty where it matters, are those of the line."""
        return any(
            person.profession == profession and specialty in {None, person.specialty}
            for profession, specialty in self.eligible
        )


LINES = (
    PlannedLine(
        UNSCHEDULED,
        "Soins non programmés",
        "Un rendez-vous sous 48 heures chez un généraliste volontaire.",
        "+33261919900",
        tuple(("10", specialty) for specialty in GENERAL_PRACTICE),
        (PlannedPattern("01234", HolidayRule.CLOSED, time(8), time(18), 120),),
        volunteers=14,
        seats_max=2,
        out_of_hours="La nuit, le médecin de nuit\u202f; le week-end, le 116117.",
    ),
    PlannedLine(
        NIGHT,
        "Médecin de nuit",
        "Un médecin répond toutes les nuits, de 20 h à 8 h.",
        "+33261919902",
        tuple(("10", specialty) for specialty in GENERAL_PRACTICE),
        (PlannedPattern("0123456", HolidayRule.AS_USUAL, time(20), time(8), 720),),
        volunteers=16,
        out_of_hours="Le jour, le médecin traitant ou les soins non programmés.",
    ),
    PlannedLine(
        NURSING,
        "Astreinte infirmière de week-end",
        "Soins à domicile qui ne peuvent pas attendre lundi.",
        "+33261919901",
        (("60", None),),
        (PlannedPattern("56", HolidayRule.ALSO, time(8), time(20), 720),),
        volunteers=20,
        out_of_hours="En semaine, l’infirmière du patient, ou la coordination au 02 61 91 99 09.",
    ),
    PlannedLine(
        PHARMACY,
        "Pharmacie de garde",
        "La nuit, le dimanche et les jours fériés. Appelez avant de vous déplacer.",
        "",
        (("21", None),),
        (
            PlannedPattern("0123456", HolidayRule.AS_USUAL, time(20), time(8), 720),
            PlannedPattern("6", HolidayRule.ALSO, time(8), time(20), 720),
        ),
        volunteers=18,
    ),
)


@dataclass(frozen=True, order=True)
class Slot:
    """A slot of the base, by what names it: its times and its line."""

    span: Span
    line: str


Roster = dict[Slot, tuple[str, ...]]


def volunteers(people: Sequence[InventedPerson], always: Iterable[str], random: Random) -> dict[str, list[str]]:
    """Who serves each line, by RPPS number; those in ``always`` serve the first one, and no other."""
    chosen = {}
    for line in LINES:
        eligible = [person.rpps for person in people if line.may_serve(person)]
        first = [rpps for rpps in eligible if rpps in always and line is LINES[0]]
        others = [rpps for rpps in eligible if rpps not in always]
        chosen[line.slug] = first + random.sample(others, min(len(others), line.volunteers - len(first)))
    return chosen


def fill(
    slots: Sequence[Slot],
    serving: Mapping[str, Sequence[str]],
    is_away: Callable[[str, Span], bool],
    free: Callable[[Slot], bool],
    random: Random,
) -> Roster:
    """Give each slot that is not ``free`` to the one who has served least and is there.

    Nobody gets two slots that touch a night of their own, nor one during an
    absence; whom nobody can serve stays without a holder.
    """
    served: defaultdict[str, timedelta] = defaultdict(timedelta)
    last: dict[str, Span] = {}
    roster: Roster = {}
    for slot in sorted(slots):
        if free(slot):
            roster[slot] = ()
            continue
        seats = 2 if slot.line == UNSCHEDULED and random.random() < SECOND_DOCTOR else 1
        there = [rpps for rpps in serving[slot.line] if not is_away(rpps, slot.span) and _rested(last.get(rpps), slot)]
        random.shuffle(there)
        holders = sorted(there, key=served.__getitem__)[:seats]
        for holder in holders:
            served[holder] += slot.span.duration
            last[holder] = slot.span
        roster[slot] = tuple(holders)
    return roster


def _rested(last: Span | None, slot: Slot) -> bool:
    """Whether somebody whose last duty was ``last`` can take the slot."""
    if last is None:
        return True
    pause = LONG if last.duration >= LONG else timedelta(0)
    return last.end + pause <= slot.span.start


def gaps(slots: Sequence[Slot], today: date, zone: tzinfo, random: Random) -> set[Slot]:
    """The slots that nobody holds yet: one in the coming days, a few in the weeks after.

    The coming one is on a line that is closed today, so that today stays whole.
    """
    tomorrow = today + timedelta(1)
    coming = days_span(tomorrow, today + timedelta(COMING_DAYS), zone)
    later = days_span(today + timedelta(COMING_DAYS + 3), today + timedelta(NEAR_DAYS), zone)
    now = days_span(today, today, zone)
    open_today = {slot.line for slot in slots if slot.span.overlaps(now) and slot.span.start in now}
    closed_today = [line.slug for line in LINES if line.slug not in open_today]
    chosen = {random.choice(sorted(slot for slot in slots if slot.line in closed_today and slot.span.start in coming))}
    for line, count in GAPS_LATER.items():
        there = sorted(slot for slot in slots if slot.line == line and slot.span.start in later)
        chosen |= set(random.sample(there, count))
    return chosen


def is_picked_late(slot: Slot, today: date, zone: tzinfo, random: Random) -> bool:
    """Whether a slot of the far weeks still waits for somebody to pick it."""
    far = slot.span.start >= days_span(today, today + timedelta(NEAR_DAYS), zone).end
    return slot.line == UNSCHEDULED and far and random.random() > PICKED_LATER


def duty_in_spite_of_leave(
    roster: Roster, today: date, zone: tzinfo, spared: Iterable[str], is_free: Callable[[str, date, date], bool]
) -> tuple[Slot, str]:
    """The first coming duty whose only holder has nothing else on its days: who will be away and keep it."""
    soon = days_span(today + timedelta(2), today + timedelta(NEAR_DAYS), zone)
    busy: defaultdict[str, list[Span]] = defaultdict(list)
    for slot, holders in roster.items():
        for holder in holders:
            busy[holder].append(slot.span)
    for slot in sorted(roster):
        if slot.span.start not in soon or len(roster[slot]) != 1 or roster[slot][0] in spared:
            continue
        holder = roster[slot][0]
        first, last = (moment.astimezone(zone).date() for moment in (slot.span.start, slot.span.end))
        days = days_span(first, last, zone)
        if is_free(holder, first, last) and [span for span in busy[holder] if span.overlaps(days)] == [slot.span]:
            return slot, holder
    raise LookupError("no duty to keep in spite of a leave")
