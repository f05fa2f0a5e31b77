"""The working groups of the demonstration, their year of meetings and their open poll."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import cycle
from random import Random

from cpts_net.demo import texts
from cpts_net.demo.people import InventedPerson
from cpts_net.meetings.models import Answer
from cpts_net.spans import Span, local_instant

TUESDAY, THURSDAY = 1, 3
LUNCH, EVENING = (time(12, 30), time(14)), (time(20), time(22))
FIRST_MEETING = -170  # Days from today; the last one is about as far ahead.
BETWEEN_MEETINGS, BETWEEN_GROUPS = 91, 8
FIRST_AHEAD = 2  # Of the meetings of each group.
HUDDLE_DAYS = 9  # Days from today.
POLL_DAYS = (16, 18, 23, 25)  # Days from today around which dates are proposed.
DEADLINE_DAYS, DEADLINE_AT = 4, time(20)
HAVE_ANSWERED = 0.6
ANSWERS = (Answer.YES, Answer.YES, Answer.YES, Answer.IF_NEED_BE, Answer.NO)
IsBusy = Callable[[str, Span], bool]


@dataclass(frozen=True)
class PlannedPost:
    """A message to be in a group's thread."""

    author: str
    body: str
    at: datetime


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting to be; ``answers`` has everybody who is asked, None for the silent.

    ``also_of`` names another group that holds it.
    """

    title: str
    agenda: str
    place: str
    video_url: str
    span: Span
    answers: Mapping[str, Answer | None]
    also_of: str = ""


@dataclass(frozen=True)
class PlannedGroup:
    """A working group to be; people are named by their RPPS numbers."""

    name: str
    purpose: str
    is_private: bool
    leads: tuple[str, ...]
    others: tuple[str, ...]
    posts: tuple[PlannedPost, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """The leads, then the others."""
        return self.leads + self.others


@dataclass(frozen=True)
class PlannedPoll:
    """An open poll that was put right: its last date came later, so of those who answered only the lead said something to it.

    ``answers`` has one answer a date, in their order.
    """

    title: str
    agenda: str
    place: str
    deadline: datetime
    options: tuple[Span, ...]
    answers: Mapping[str, tuple[Answer, ...]]


def plan_groups(
    people: Sequence[InventedPerson], member: str, lead: str, today: date, zone: tzinfo, random: Random
) -> list[PlannedGroup]:
    """The eight groups; the ``lead`` leads the first one, the ``member`` is in it."""
    by_profession: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        if person.rpps not in {member, lead}:
            by_profession[person.profession].append(person.rpps)
    groups = []
    for number, theme in enumerate(texts.THEMES):
        cast = [lead, member] if number == 0 else []
        wanted = [theme.professions[seat % len(theme.professions)] for seat in range(theme.size - len(cast))]
        joined = [by_profession[code].pop(random.randrange(len(by_profession[code]))) for code in wanted]
        leads = (lead, joined[0]) if cast else (joined[0], joined[1])
        others = [rpps for rpps in (*cast, *joined) if rpps not in leads]
        posts = tuple(_posts(theme, [*leads, *others], today, zone, random))
        groups.append(PlannedGroup(theme.name, theme.purpose, theme.is_private, leads, tuple(others), posts))
    return groups


def _posts(
    theme: texts.Theme, people: Sequence[str], today: date, zone: tzinfo, random: Random
) -> Iterator[PlannedPost]:
    day = today - timedelta(2 + random.randrange(3))
    for body in reversed(theme.posts):
        at = local_instant(day, time(random.randint(7, 21), random.choice((0, 8, 17, 26, 34, 43, 51))), zone)
        yield PlannedPost(random.choice(people), body, at)
        day -= timedelta(random.randint(4, 16))


def plan_meetings(
    groups: Sequence[PlannedGroup],
    today: date,
    zone: tzinfo,
    holidays: Collection[date],
    is_busy: IsBusy,
    random: Random,
) -> dict[str, list[PlannedMeeting]]:
    """Four meetings of each group, by its name: two behind, two ahead, no two on one day."""
    taken = set(holidays) | {today}
    planned: defaultdict[str, list[PlannedMeeting]] = defaultdict(list)
    for number, (group, theme) in enumerate(zip(groups, texts.THEMES, strict=True)):
        for turn, title in enumerate(theme.meetings):
            offset = FIRST_MEETING + turn * BETWEEN_MEETINGS + number * BETWEEN_GROUPS
            day = _meeting_day(today + timedelta(offset), taken)
            taken.add(day)
            opens, closes = LUNCH if (number + turn) % 2 else EVENING
            span = Span(local_instant(day, opens, zone), local_instant(day, closes, zone))
            is_remote = (opens, closes) == LUNCH
            planned[group.name].append(
                PlannedMeeting(
                    title,
                    texts.AGENDA.format(title=title),
                    "" if is_remote else texts.PLACES[(number + turn) % len(texts.PLACES)],
                    f"https://visio.cpts-dunois.example/groupe-{number + 1}" if is_remote else "",
                    span,
                    {rpps: _reply(rpps, span, day < today, is_busy, random) for rpps in group.people},
                )
            )
    shared = planned[groups[1].name][FIRST_AHEAD]
    guests = {rpps: None for rpps in groups[0].people if rpps not in shared.answers}
    planned[groups[1].name][FIRST_AHEAD] = replace(shared, answers={**shared.answers, **guests}, also_of=groups[0].name)
    return planned


def plan_huddle(groups: Sequence[PlannedGroup], today: date, zone: tzinfo, taken: Collection[date]) -> PlannedMeeting:
    """A meeting of no group: the coordinator with one lead of each of the first groups."""
    day = _meeting_day(today + timedelta(HUDDLE_DAYS), taken)
    span = Span(local_instant(day, LUNCH[0], zone), local_instant(day, LUNCH[1], zone))
    said = cycle((Answer.YES, None, Answer.YES, Answer.IF_NEED_BE))
    answers = dict(zip((group.leads[0] for group in groups[:4]), said, strict=False))
    return PlannedMeeting(texts.HUDDLE_TITLE, texts.HUDDLE_AGENDA, texts.PLACES[1], "", span, answers)


def _meeting_day(near: date, taken: Collection[date]) -> date:
    """The first Tuesday or Thursday from ``near`` on that is not taken."""
    while near.weekday() not in {TUESDAY, THURSDAY} or near in taken:
        near += timedelta(1)
    return near


def _reply(rpps: str, span: Span, is_past: bool, is_busy: IsBusy, random: Random) -> Answer | None:
    """What somebody says to a fixed date; far fewer have answered one that lies ahead."""
    answered = random.random() < (0.95 if is_past else HAVE_ANSWERED)
    answer = random.choice((Answer.YES, Answer.YES, Answer.YES, Answer.NO))
    if not answered:
        return None
    return Answer.NO if is_busy(rpps, span) else answer


def plan_poll(
    group: PlannedGroup,
    silent: str,
    today: date,
    zone: tzinfo,
    taken: Collection[date],
    is_busy: IsBusy,
    random: Random,
) -> PlannedPoll:
    """A poll of the group that most have answered, but not ``silent``."""
    days: list[date] = []
    for offset in POLL_DAYS:
        days.append(_meeting_day(today + timedelta(offset), {*taken, *days}))
    hours = (EVENING, LUNCH, EVENING, LUNCH)
    options = tuple(
        Span(local_instant(day, opens, zone), local_instant(day, closes, zone))
        for day, (opens, closes) in zip(days, hours, strict=True)
    )
    others = [rpps for rpps in group.people[1:] if rpps != silent]
    answered = [group.leads[0], *random.sample(others, round(HAVE_ANSWERED * len(others)))]
    answers = {
        rpps: tuple(Answer.NO if is_busy(rpps, option) else random.choice(ANSWERS) for option in options)
        for rpps in answered
    }
    before = {rpps: said[:-1] for rpps, said in answers.items() if rpps != group.leads[0]}
    answers |= before
    deadline = local_instant(today + timedelta(DEADLINE_DAYS), DEADLINE_AT, zone)
    return PlannedPoll(texts.POLL_TITLE, texts.POLL_AGENDA, texts.PLACES[0], deadline, options, answers)
