"""What stands in the way when two are found to be one person, and what becomes of it. Pure.

Whatever both say or hold, and cannot both be so of one person, is a clash, and
somebody says which of the two it is. What both say alike is there once.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from cpts_net.spans import Span


class Side(StrEnum):
    """Of which of the two something is taken."""

    ONE = "one"
    OTHER = "other"


class Matter(StrEnum):
    """About what two may clash."""

    ACCOUNT = "account"
    NUMBER = "number"
    NAME = "name"
    FUNCTION = "function"
    TRADE = "trade"
    PHONE = "phone"
    MAIL = "mail"
    DUTY = "duty"
    ABSENCE = "absence"
    RELAY = "relay"
    MEMBERSHIP = "membership"
    INVITATION = "invitation"
    POLL = "poll"


VALUES = (
    Matter.ACCOUNT,
    Matter.NUMBER,
    Matter.NAME,
    Matter.TRADE,
    Matter.FUNCTION,
    Matter.PHONE,
    Matter.MAIL,
)


class Timed(NamedTuple):
    """A row that holds somebody's time."""

    row: int
    span: Span


class Stated(NamedTuple):
    """A row that says something of somebody about ``about``: their role in a group, what they answered."""

    row: int
    about: int  # The group, the meeting, the absence or the poll.
    part: int  # What of it, where there are several: the date of a poll.
    said: str  # Empty while nothing was said.


@dataclass(frozen=True)
class Standing:
    """What is known of somebody now, as far as another may say otherwise."""

    values: Mapping[Matter, str] = field(default_factory=dict)  # Empty where nothing is known.
    duties: tuple[Timed, ...] = ()
    absences: tuple[Timed, ...] = ()
    relays: tuple[Stated, ...] = ()
    memberships: tuple[Stated, ...] = ()
    invitations: tuple[Stated, ...] = ()
    answers: tuple[Stated, ...] = ()

    @property
    def timed(self) -> dict[Matter, tuple[Timed, ...]]:
        """What holds their time, by what it is."""
        return {Matter.DUTY: self.duties, Matter.ABSENCE: self.absences}

    @property
    def stated(self) -> dict[Matter, tuple[Stated, ...]]:
        """What says something of them, by what it is."""
        return {
            Matter.RELAY: self.relays,
            Matter.MEMBERSHIP: self.memberships,
            Matter.INVITATION: self.invitations,
            Matter.POLL: self.answers,
        }


class Clash(NamedTuple):
    """What cannot both be so; of rows, those of each of the two."""

    matter: Matter
    key: str  # The same as long as it is about the same: a form names its answer by it.
    one: tuple[int, ...]
    other: tuple[int, ...]


class Unsettled(ValueError):
    """Nobody has said yet how these clashes are settled; carries their keys."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        super().__init__(", ".join(sorted(self.keys)))


def clashes(one: Standing, other: Standing) -> list[Clash]:
    """What somebody has to decide before the two are one."""
    values = [Clash(each, each, (), ()) for each in VALUES if _differ(one.values.get(each), other.values.get(each))]
    timed = [_of_rows(each, *rows) for each in one.timed for rows in overlapping(one.timed[each], other.timed[each])]
    stated = [
        _of_rows(each, *rows)
        for each in one.stated
        for rows in contradicting(_without_selves(each, one, other), _without_selves(each, other, one))
    ]
    return [*values, *timed, *stated]


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other and one != other)


def _of_rows(matter: Matter, one: tuple[int, ...], other: tuple[int, ...]) -> Clash:
    return Clash(matter, "-".join([matter, *map(str, one), "x", *map(str, other)]), one, other)


def overlapping(one: Iterable[Timed], other: Iterable[Timed]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The rows of both that share instants, in time order.

    A night of the one may overlap two evenings of the other: what hangs
    together is decided together, so that whatever is kept overlaps nothing.
    """
    found: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    rows = [(each.span, Side.ONE, each.row) for each in one] + [(each.span, Side.OTHER, each.row) for each in other]
    together: list[tuple[Span, Side, int]] = []
    for row in sorted(rows):
        if together and row[0].start >= max(span.end for span, _, _ in together):
            found += _of_both(together)
            together = []
        together.append(row)
    return [*found, *_of_both(together)]


def _of_both(together: list[tuple[Span, Side, int]]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    one, other = (tuple(row for _, whose, row in together if whose is side) for side in Side)
    return [(one, other)] if one and other else []


def contradicting(one: Iterable[Stated], other: Iterable[Stated]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The rows of both about what they do not say alike, each matter whole; silence contradicts nobody."""
    said = {(each.about, each.part): each.said for each in other if each.said}
    own = [*one]
    about = sorted({each.about for each in own if _differ(each.said, said.get((each.about, each.part)))})
    rows = [*other]
    return [(_rows_about(each, own), _rows_about(each, rows)) for each in about]


def _rows_about(about: int, rows: Iterable[Stated]) -> tuple[int, ...]:
    return tuple(each.row for each in rows if each.about == about)


def _without_selves(matter: Matter, own: Standing, other: Standing) -> tuple[Stated, ...]:
    """Nobody stands in for themselves: a relay of the other's absence is none any more."""
    rows = own.stated[matter]
    return tuple(each for each in rows if each.row not in selves(own, other)) if matter is Matter.RELAY else rows


def selves(own: Standing, other: Standing) -> Set[int]:
    """The relays of somebody for absences of the other, with whom they are one now."""
    absences = {each.row for each in other.absences}
    return {each.row for each in own.relays if each.about in absences}


def dropped(one: Standing, other: Standing, chosen: Mapping[str, Side], survivor: Side) -> dict[Matter, Set[int]]:
    """The rows that end, by what they are; all others are of the one person from now on.

    Raises:
        Unsettled: while a clash has no answer.
    """
    found = clashes(one, other)
    if open_ones := {clash.key for clash in found} - set(chosen):
        raise Unsettled(open_ones)
    lost: dict[Matter, set[int]] = {matter: set() for matter in Matter}
    for clash in found:
        lost[clash.matter].update(clash.other if chosen[clash.key] is Side.ONE else clash.one)
    lost[Matter.RELAY] |= selves(one, other) | selves(other, one)
    for matter in one.stated:
        lost[matter] |= _doubles(one.stated[matter], other.stated[matter], lost[matter], survivor)
    return {matter: rows for matter, rows in lost.items() if rows}


def _doubles(one: Iterable[Stated], other: Iterable[Stated], lost: Set[int], survivor: Side) -> Set[int]:
    """Of what both still say alike, or one of them not at all, the row that is not needed."""
    rows = {(each.about, each.part): each for each in one if each.row not in lost}
    pairs = [(rows[at], each) for each in other if each.row not in lost and (at := (each.about, each.part)) in rows]
    return {_needless(own, others, survivor).row for own, others in pairs}


def _needless(one: Stated, other: Stated, survivor: Side) -> Stated:
    if bool(one.said) != bool(other.said):
        return other if one.said else one
    return other if survivor is Side.ONE else one


def survivor(one: Standing, other: Standing, chosen: Mapping[str, Side]) -> Side:
    """Whose row remains: that of the account that goes on, else the one that the national directory knows.

    The other leads to it from then on. Where nothing decides, it is the first.

    Raises:
        Unsettled: while both have an account and nobody has said which goes on.
    """
    for matter in (Matter.ACCOUNT, Matter.NUMBER):
        mine, theirs = one.values.get(matter), other.values.get(matter)
        if mine and theirs and matter is Matter.ACCOUNT:
            if matter not in chosen:
                raise Unsettled([matter])
            return chosen[matter]
        if bool(mine) != bool(theirs):
            return Side.ONE if mine else Side.OTHER
    return Side.ONE


def taken(one: Standing, other: Standing, chosen: Mapping[str, Side], matter: Matter) -> str:
    """What is said of the one person: what was chosen, or what only one of the two says."""
    said = (one.values.get(matter, ""), other.values.get(matter, ""))
    if _differ(*said):
        return said[0] if chosen[matter] is Side.ONE else said[1]
    return said[0] or said[1]


class DepartureRefused(ValueError):
    """Somebody cannot leave on that day; says why by its class."""


class LeftInThePast(DepartureRefused):
    """The day is over: what was done since stands."""


class LeavesTooLate(DepartureRefused):
    """The day is further away than anything is planned."""


MOST_DAYS_AHEAD = 366


def check_leaves_on(day: date, today: date) -> None:
    """Refuse a day on which nobody can leave any more, or that is a slip of the key.

    Raises:
        DepartureRefused: by its class, why.
    """
    if day < today:
        raise LeftInThePast
    if (day - today).days > MOST_DAYS_AHEAD:
        raise LeavesTooLate
