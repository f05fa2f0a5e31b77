"""Who of the demonstration is away and when: every day has some of everything."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from random import Random

from cpts_net.demo.people import InventedPerson
from cpts_net.leave.rules import NOON

DAYS_BEFORE, DAYS_AFTER = 120, 270
# Share of the people away on a day of the month, and how long they stay away:
# of 226, forty in August and a handful in March.
SEASONS = {
    1: (0.03, 6),
    2: (0.05, 8),
    3: (0.012, 3),
    4: (0.05, 8),
    5: (0.05, 5),
    6: (0.03, 5),
    7: (0.11, 13),
    8: (0.17, 15),
    9: (0.02, 5),
    10: (0.05, 7),
    11: (0.025, 4),
    12: (0.06, 8),
}
DAYS_A_MONTH = 30
PEOPLE_PER_ABSENT = 50  # On the quietest days.
SHORT = 3  # Days; of the absences that are not longer, some are told to the secretary by phone.
NOTES = (
    "Le secrétariat répond le matin.",
    "Les ordonnances urgentes sont préparées avant mon départ.",
    "Message sur le répondeur avec le numéro du relais.",
    "Retour des appels dès la reprise.",
)
BY_PHONE = 1 / 5
UNSERVED = ("91",)  # Speech therapists: they stand in for each other.
GP, NURSE, DENTIST, MIDWIFE, PHYSIO, PHARMACIST, SPEECH, PODIATRIST = "10", "60", "40", "50", "70", "21", "91", "80"


class Scene(StrEnum):
    """What there is to see of the relays of an absence."""

    USUAL = "usual"
    DECLINED = "declined"  # The first one cannot.
    UNANSWERED = "unanswered"
    OUTSIDER = "outsider"
    LINE = "line"


@dataclass(frozen=True)
class PlannedAbsence:
    """An absence to be; people are named by their RPPS numbers, the relays in order."""

    rpps: str
    first_day: date
    last_day: date
    declared_on: date
    from_time: time | None = None
    until_time: time | None = None
    weekdays: str = ""
    note: str = ""
    is_by_phone: bool = False  # The secretary declared it.
    relays: tuple[str, ...] = ()
    scene: Scene = Scene.USUAL


class Diary:
    """Which days are taken for whom."""

    def __init__(self, absences: Iterable[PlannedAbsence] = ()) -> None:
        self._taken: defaultdict[str, list[tuple[date, date]]] = defaultdict(list)
        for absence in absences:
            self.take(absence.rpps, absence.first_day, absence.last_day)

    def take(self, rpps: str, first: date, last: date) -> None:
        """Note that somebody is away from ``first`` to ``last``, both included."""
        self._taken[rpps].append((first, last))

    def is_free(self, rpps: str, first: date, last: date) -> bool:
        """Whether somebody is there on every day from ``first`` to ``last``."""
        return all(end < first or last < start for start, end in self._taken[rpps])


def plan_absences(
    people: Sequence[InventedPerson], present: Sequence[str], today: date, random: Random
) -> list[PlannedAbsence]:
    """Absences around ``today`` of everybody but the ``present``, in the order in which they begin.

    The first of these, a doctor, is asked to stand in and has not answered.
    Nobody has two that overlap. A relay is somebody of the same profession who
    is there, but for the chains and the broken relays of ``_around`` and ``_asked``.
    """
    candidates = [person for person in people if person.rpps not in present]
    cast = _Cast(candidates, today, random)
    around = [*_around(cast), *_asked(cast, present[0])]
    involved = {absence.rpps for absence in around} | {relay for absence in around for relay in absence.relays}
    others = [person for person in candidates if person.rpps not in involved]
    seasonal = list(_through_the_year(others, today, random))
    seasonal += _on_quiet_days(others, [*around, *seasonal], today, random)
    diary = Diary([*around, *seasonal])
    relayed = _with_relays(seasonal, people, diary, random)
    return sorted([*around, *relayed], key=lambda absence: (absence.first_day, absence.rpps))


def plan_days_off(
    people: Sequence[InventedPerson], absences: Iterable[PlannedAbsence], today: date, random: Random
) -> list[PlannedAbsence]:
    """Two who serve no line are off week by week, one of them today; those without a leave first."""
    involved = {absence.rpps for absence in absences}
    unserved = [each.rpps for each in people if each.profession in UNSERVED]
    random.shuffle(unserved)
    today_off, afternoons, relay = sorted(unserved, key=involved.__contains__)[:3]
    since, until = today - timedelta(weeks=20), today + timedelta(weeks=40)
    return [
        PlannedAbsence(today_off, since, until, since, weekdays=str(today.weekday()), relays=(relay,)),
        PlannedAbsence(afternoons, since, until, since, from_time=NOON, weekdays="24"),
    ]


class _Cast:
    """Chooses who is away in a scene; nobody has two parts."""

    def __init__(self, people: Sequence[InventedPerson], today: date, random: Random) -> None:
        self.people, self.today, self.random = people, today, random
        self.chosen: set[str] = set()

    def somebody(self, profession: str, *, is_woman: bool = False) -> str:
        """Anybody of a profession who has no part yet."""
        fitting = [
            person.rpps
            for person in self.people
            if person.profession == profession and person.rpps not in self.chosen and (person.is_woman or not is_woman)
        ]
        rpps = self.random.choice(fitting)
        self.chosen.add(rpps)
        return rpps

    def away(self, rpps: str, first: int, last: int, *relays: str) -> PlannedAbsence:
        """From ``first`` to ``last`` days after today."""
        first_day = self.today + timedelta(first)
        declared_on = min(first_day, self.today) - timedelta(self.random.randint(8, 40))
        return PlannedAbsence(rpps, first_day, self.today + timedelta(last), declared_on, relays=relays)


def _around(cast: _Cast) -> Iterator[PlannedAbsence]:
    """What the demonstration has to show today, whatever the season."""
    for profession in (GP, NURSE):  # A chain: the relay is away too, and has one who is there.
        before, between, at_last = cast.somebody(profession), cast.somebody(profession), cast.somebody(profession)
        yield replace(cast.away(before, -4, 5, between), note=NOTES[0])
        yield cast.away(between, -1, 8, at_last)
    leaning, fallen = cast.somebody(PHYSIO), cast.somebody(PHYSIO)  # A broken relay: nobody stands in for the relay.
    yield cast.away(leaning, -1, 6, fallen)
    yield cast.away(fallen, -3, 4)
    yield replace(cast.away(cast.somebody(DENTIST), 0, 0, cast.somebody(DENTIST)), from_time=NOON)
    yield replace(cast.away(cast.somebody(PHARMACIST), -1, 0, cast.somebody(PHARMACIST)), until_time=NOON)
    mother = cast.somebody(MIDWIFE, is_woman=True)
    yield replace(cast.away(mother, -45, 66, cast.somebody(MIDWIFE), cast.somebody(MIDWIFE)), note=NOTES[3])
    yield replace(cast.away(cast.somebody(GP), 0, 1, cast.somebody(GP)), from_time=time(9, 30), until_time=time(17))
    called = cast.away(cast.somebody(SPEECH), 0, 2, cast.somebody(SPEECH))
    yield replace(called, declared_on=cast.today - timedelta(1), is_by_phone=True)
    yield cast.away(cast.somebody(PODIATRIST), -6, 0, cast.somebody(PODIATRIST))  # Back tomorrow.
    yield cast.away(cast.somebody(NURSE), 1, 12, cast.somebody(NURSE))  # Leaves tomorrow.


def _asked(cast: _Cast, asked: str) -> Iterator[PlannedAbsence]:
    """What it has to show of relays in the weeks ahead."""
    counting, going = cast.somebody(GP), cast.somebody(GP)  # In two weeks, the relay leaves in the middle.
    yield cast.away(counting, 11, 20, going)
    yield cast.away(going, 15, 24)
    yield replace(cast.away(cast.somebody(GP), 2, 6, cast.somebody(GP), cast.somebody(GP)), scene=Scene.DECLINED)
    yield replace(cast.away(cast.somebody(GP), 8, 13, asked), scene=Scene.UNANSWERED)
    yield replace(cast.away(cast.somebody(NURSE), 0, 3), scene=Scene.OUTSIDER)
    yield replace(cast.away(cast.somebody(GP), -1, 2), scene=Scene.LINE)


def _through_the_year(people: Sequence[InventedPerson], today: date, random: Random) -> Iterator[PlannedAbsence]:
    """Absences of one person after the other, as the months have them."""
    diary = Diary()
    start, end = today - timedelta(DAYS_BEFORE), today + timedelta(DAYS_AFTER)
    months = range((end - start).days // DAYS_A_MONTH)
    for person in people:
        for month in months:
            first = start + timedelta(month * DAYS_A_MONTH + random.randrange(DAYS_A_MONTH))
            share, usual = SEASONS[first.month]
            if random.random() > share * DAYS_A_MONTH / usual:
                continue
            last = first + timedelta(max(0, usual + random.randint(-usual // 2, usual // 2) - 1))
            if diary.is_free(person.rpps, first - timedelta(2), last + timedelta(2)):
                diary.take(person.rpps, first, last)
                yield _seasonal(person.rpps, first, last, today, random)


def _on_quiet_days(
    people: Sequence[InventedPerson], absences: Iterable[PlannedAbsence], today: date, random: Random
) -> Iterator[PlannedAbsence]:
    """Short absences on the days on which hardly anybody would be away."""
    absences = list(absences)
    diary = Diary(absences)
    away = Counter(day for absence in absences for day in _days(absence.first_day, absence.last_day))
    for day in _days(today - timedelta(DAYS_BEFORE), today + timedelta(DAYS_AFTER)):
        while away[day] < len(people) // PEOPLE_PER_ABSENT:
            person, last = random.choice(people), day + timedelta(random.randrange(SHORT))
            if diary.is_free(person.rpps, day - timedelta(2), last + timedelta(2)):
                diary.take(person.rpps, day, last)
                away.update(_days(day, last))
                yield _seasonal(person.rpps, day, last, today, random)


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(number)


def _seasonal(rpps: str, first: date, last: date, today: date, random: Random) -> PlannedAbsence:
    declared_on = min(first, today) - timedelta(random.randint(3, 60))
    note = random.choice(NOTES) if random.random() < 1 / 4 else ""
    is_by_phone = (last - first).days < SHORT and random.random() < BY_PHONE
    return PlannedAbsence(rpps, first, last, declared_on, note=note, is_by_phone=is_by_phone)


def _with_relays(
    absences: Iterable[PlannedAbsence], people: Sequence[InventedPerson], diary: Diary, random: Random
) -> Iterator[PlannedAbsence]:
    """The same absences with one or two relays who are there, neighbours first."""
    colleagues: defaultdict[str, list[InventedPerson]] = defaultdict(list)
    communes = {person.rpps: person.commune for person in people}
    professions = {person.rpps: person.profession for person in people}
    for person in people:
        colleagues[person.profession].append(person)
    for absence in absences:
        known = colleagues[professions[absence.rpps]]
        asked = [
            person
            for person in random.sample(known, min(len(known), 12))
            if person.rpps != absence.rpps and diary.is_free(person.rpps, absence.first_day, absence.last_day)
        ]
        asked.sort(key=lambda person: person.commune != communes[absence.rpps])
        yield replace(absence, relays=tuple(person.rpps for person in asked[: random.choice((1, 1, 1, 2))]))
