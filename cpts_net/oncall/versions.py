"""What a change of opening hours makes of the versions of patterns: one ends, the next begins, what has been stays."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from itertools import combinations

from cpts_net.oncall.rules import HolidayRule, Pattern

DAY = timedelta(days=1)
MINUTES_OF_DAY = 24 * 60
MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY


@dataclass(frozen=True)
class Version:
    """Opening hours as they are, or as somebody wants them; ``id`` is 0 for some that are new."""

    weekdays: str
    holidays: str
    opens_at: time
    closes_at: time
    slot_minutes: int
    valid_from: date
    valid_until: date | None
    seats_min: int = 1
    seats_max: int = 1
    weight: int = 100
    id: int = 0

    @property
    def terms(self) -> "Version":
        """All but when it holds, and which it is."""
        return replace(self, id=0, valid_from=date.min, valid_until=None)


class PatternsOverlap(ValueError):
    """Two of the opening hours of a line are open at once; carries their places."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")
        self.one, self.two = one, two


def changed(present: Iterable[Version], wanted: Sequence[Version], today: date) -> list[Version]:
    """The versions that a line has once it is as ``wanted``, those that are over included.

    A wanted one names by ``id`` the version that it changes; it holds from its
    first day, not before ``today``, and the one that it changes until the day
    before. One that nobody wants any more ends yesterday.
    """
    known = {version.id: version for version in present}
    left = dict(known)
    found: list[Version] = []
    for draft in wanted:
        old = left.pop(draft.id, None) or _same(draft, left)
        found += (
            _followed(old, draft, today) if old else [replace(draft, id=0, valid_from=max(draft.valid_from, today))]
        )
    over = [_ended(version, today - DAY) for version in left.values()]
    return sorted(
        [*found, *(version for version in over if version)], key=lambda version: version.id or max(known, default=0) + 1
    )


def _same(draft: Version, left: dict[int, Version]) -> Version | None:
    """The version that a draft without a number says again, taken out of those that are left."""
    for number, version in left.items():
        if replace(version, id=0) == replace(draft, id=0):
            return left.pop(number)
    return None


def _followed(old: Version, draft: Version, today: date) -> Iterator[Version]:
    begins = max(draft.valid_from, today)
    if old.terms == draft.terms:  # Only when it holds is another; what has been stays.
        has_begun = old.valid_from < today
        yield replace(draft, id=old.id, valid_from=old.valid_from if has_begun else begins)
        return
    if ended := _ended(old, begins - DAY):
        yield ended
    yield replace(draft, id=0, valid_from=begins)


def _ended(version: Version, last: date) -> Version | None:
    """None for one that would end before it begins."""
    until = min(last, version.valid_until or last)
    return None if until < version.valid_from else replace(version, valid_until=until)


def refuse_overlap(wanted: Sequence[Version]) -> None:
    """Refuse opening hours of which two are open at once; touching is no overlap.

    Raises:
        PatternsOverlap: for the first two.
    """
    for (one, first), (two, second) in combinations(enumerate(wanted), 2):
        if _hold_together(first, second) and (_overlap(first, second) or _meet_on_holidays(first, second)):
            raise PatternsOverlap(one, two)


def _hold_together(one: Version, two: Version) -> bool:
    return one.valid_from <= (two.valid_until or date.max) and two.valid_from <= (one.valid_until or date.max)


def _overlap(one: Version, two: Version) -> bool:
    """Somewhere in an ordinary week, which begins again after its Sunday."""
    return any(
        (start - other) % MINUTES_OF_WEEK < other_length or (other - start) % MINUTES_OF_WEEK < length
        for start, length in _windows(one)
        for other, other_length in _windows(two)
    )


def _windows(version: Version) -> list[tuple[int, int]]:
    """When in the week it opens, and for how long; in minutes."""
    opens, length = _hours(version)
    return [(int(weekday) * MINUTES_OF_DAY + opens, length) for weekday in version.weekdays]


def _hours(version: Version) -> tuple[int, int]:
    opens = version.opens_at.hour * 60 + version.opens_at.minute
    closes = version.closes_at.hour * 60 + version.closes_at.minute
    return opens, (closes - opens) % MINUTES_OF_DAY or MINUTES_OF_DAY


def _meet_on_holidays(one: Version, two: Version) -> bool:
    rules = {one.holidays, two.holidays}
    if HolidayRule.CLOSED in rules or HolidayRule.ALSO not in rules:
        return False
    (opens, length), (other, other_length) = _hours(one), _hours(two)
    return opens < other + other_length and other < opens + length


def version_of(pattern: Pattern, number: int) -> Version:
    """A pattern of the base as a version."""
    names = [name for name in Version.__dataclass_fields__ if name != "id"]
    return Version(**{name: getattr(pattern, name) for name in names}, id=number)
