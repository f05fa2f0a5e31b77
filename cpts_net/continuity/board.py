"""What the board shows, from the resolved roster: pure values, no database, no Flask."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

from cpts_net.continuity.roster import Away, Closed, Duty, Gap, Line, Relayed, Relayer, Roster, Stretch
from cpts_net.directory.trades import group_of
from cpts_net.spans import Span, local_instant

WEEKS_SHOWN = 4
DAYS_TO_SETTLE = 7
A_DAY = timedelta(hours=23)  # The one on which the clocks go forward.


@dataclass(frozen=True)
class LineRow:
    """One line under "Maintenant": what is so at this moment, and what comes next."""

    line: Line
    now: tuple[Stretch, ...]
    next: tuple[Stretch, ...]
    said: str = ""  # Why the line is open at other hours.

    @property
    def is_open(self) -> bool:
        """Whether somebody answers right now, or should."""
        return any(not isinstance(stretch, Closed) for stretch in self.now)

    @property
    def is_short(self) -> bool:
        """Whether somebody is missing right now."""
        return any(isinstance(stretch, Gap) for stretch in self.now)


@dataclass(frozen=True)
class Absent:
    """Somebody who is away today, when they are back, and who stands in now and later."""

    away: Away
    now: Relayed
    later: tuple[Relayed, ...]
    back_on: date  # The first local day on which they see patients again.
    back_at: time | None  # On that day; None: in the morning.


@dataclass(frozen=True)
class StripDay:
    """One day of a line's strip, its slots in time order."""

    day: date
    stretches: tuple[Stretch, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The slots of the day that lack somebody."""
        return tuple(stretch for stretch in self.stretches if isinstance(stretch, Gap))


@dataclass(frozen=True)
class Broken:
    """An absence of which nobody of those who were named is there for some time: in ``stretches``."""

    away: Away
    stretches: tuple[Relayed, ...]

    @property
    def relays(self) -> tuple[Relayer, ...]:
        """Those who were named and are away too, once each."""
        return tuple(dict.fromkeys(relay for each in self.stretches for relay in each.relays))

    @property
    def person_ids(self) -> tuple[int, ...]:
        """Those of them who are people of the community."""
        return tuple(relay.id for relay in self.relays if relay.id > 0)

    @property
    def closed(self) -> bool:
        """Whether a structure is among them."""
        return any(each.has_closed for each in self.stretches)


@dataclass(frozen=True)
class ToSettle:
    """What somebody has to see to before it hurts."""

    gaps: tuple[Gap, ...]
    held_by_absent: tuple[Duty, ...]
    broken_relays: tuple[Broken, ...]
    unrelayed: tuple[Away, ...] = ()  # Softer: nobody was named for a day or more, which the law asks for.

    @property
    def person_ids(self) -> set[int]:
        """Those whom something waits for by name."""
        people = {duty.holder.id for duty in self.held_by_absent} | {away.person.id for away in self.unrelayed}
        return people | {who for each in self.broken_relays for who in (each.away.person.id, *each.person_ids)}

    def __bool__(self) -> bool:
        return bool(self.gaps or self.held_by_absent or self.broken_relays or self.unrelayed)


@dataclass(frozen=True)
class Board:
    """Everything on the board at one moment."""

    rows: tuple[LineRow, ...]
    absents: dict[str, tuple[Absent, ...]]  # By key of the group of trades.
    strips: tuple[tuple[Line, tuple[StripDay, ...]], ...]
    to_settle: ToSettle
    valid_until: datetime  # When the clock alone makes it another board.

    @cached_property
    def on_call(self) -> dict[int, Duty]:
        """Those who are on call at this moment, by member; the duty that lasts longest."""
        duties = [stretch for row in self.rows for stretch in row.now if isinstance(stretch, Duty)]
        return {duty.holder.id: duty for duty in sorted(duties, key=lambda duty: duty.span.end)}

    @cached_property
    def absent(self) -> dict[int, Absent]:
        """Those who are away today, by member."""
        return {absent.away.person.id: absent for absents in self.absents.values() for absent in absents}


def window(now: datetime, zone: tzinfo) -> Span:
    """What has to be resolved for the board: from this moment over four weeks of local days."""
    return Span(now, _midnight(now.astimezone(zone).date() + timedelta(weeks=WEEKS_SHOWN), zone))


def board(roster: Roster, lines: Sequence[Line], now: datetime, zone: tzinfo) -> Board:
    """The board at ``now``, from the roster of ``window(now, zone)``."""
    today = now.astimezone(zone).date()
    tonight = _midnight(today + timedelta(days=1), zone)
    stretches: dict[int, list[Stretch]] = defaultdict(list)
    for stretch in roster.stretches:
        stretches[stretch.line.id].append(stretch)
    return Board(
        rows=tuple(_row(line, stretches[line.id], roster.said, now) for line in lines),
        absents=_absents([away for away in roster.aways if away.span.start < tonight], roster.aways, now, zone),
        strips=tuple((line, _strip(stretches[line.id], today, zone)) for line in lines),
        to_settle=_to_settle(roster, now, _midnight(today + timedelta(days=DAYS_TO_SETTLE), zone)),
        valid_until=_next_change(roster, now, tonight),
    )


def _midnight(day: date, zone: tzinfo) -> datetime:
    return local_instant(day, time(0), zone)


def _row(line: Line, stretches: Sequence[Stretch], said: Mapping[int, str], now: datetime) -> LineRow:
    """What is so now and next; of a line that is closed, when it opens."""
    current = tuple(stretch for stretch in stretches if now in stretch.span)
    coming = [stretch for stretch in stretches if stretch.span.start > now]
    if all(isinstance(stretch, Closed) for stretch in current):
        coming = [stretch for stretch in coming if not isinstance(stretch, Closed)]
    first = coming[0].span.start if coming else now
    following = tuple(stretch for stretch in coming if stretch.span.start == first)
    why = next((said[stretch.slot_id] for stretch in current if stretch.slot_id in said), "")
    return LineRow(line, current, following, why)


def _strip(stretches: Sequence[Stretch], today: date, zone: tzinfo) -> tuple[StripDay, ...]:
    by_day: dict[date, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        # A night belongs to the day it starts on, but one that is under way belongs to today.
        by_day[max(stretch.span.start.astimezone(zone).date(), today)].append(stretch)
    days = (today + timedelta(days=ahead) for ahead in range(7 * WEEKS_SHOWN))
    return tuple(StripDay(day, tuple(by_day[day])) for day in days)


def _absents(
    today: Iterable[Away], every: Sequence[Away], now: datetime, zone: tzinfo
) -> dict[str, tuple[Absent, ...]]:
    following = defaultdict(list)
    for away in every:
        following[away.person.id].append(away)
    seen: set[int] = set()
    grouped: dict[str, list[Absent]] = defaultdict(list)
    for away in sorted(today, key=lambda each: (each.person.sort_key, each.span)):
        if away.person.id not in seen:
            seen.add(away.person.id)
            grouped[group_of(away.person.trade).key].append(_absent(away, following[away.person.id], now, zone))
    return {key: tuple(absents) for key, absents in grouped.items()}


def _absent(away: Away, own: Iterable[Away], now: datetime, zone: tzinfo) -> Absent:
    """Absences that touch are one: the person is back at the end of the last."""
    end = away.span.end
    for other in sorted(own, key=lambda each: each.span):
        if other.span.start <= end:
            end = max(end, other.span.end)
    back = end.astimezone(zone)
    current, *later = away.after(now)
    return Absent(away, current, tuple(later), back.date(), back.time() if back.time() != time(0) else None)


def _to_settle(roster: Roster, now: datetime, until: datetime) -> ToSettle:
    """The gaps up to ``until``; relays as far as was looked, for whoever must find another needs weeks."""
    return ToSettle(
        gaps=tuple(gap for gap in roster.gaps if gap.span.start < until),
        held_by_absent=tuple(duty for duty in roster.duties if duty.seeks),
        broken_relays=_broken(roster, now),
        unrelayed=tuple(
            away
            for away in roster.aways
            if not away.has_named
            and not away.is_weekly
            and away.span.end > now
            and away.span.duration >= A_DAY
            and away.person.trade
        ),
    )


def _broken(roster: Roster, now: datetime) -> tuple[Broken, ...]:
    """Absence by absence: the days of weekly ones together."""
    found: dict[int, list[tuple[Away, Relayed]]] = defaultdict(list)
    for away in roster.aways:
        if away.has_named:
            found[away.absence_id] += [(away, each) for each in away.after(now) if each.relay is None]
    return tuple(Broken(those[0][0], tuple(each for _away, each in those)) for those in found.values() if those)


def _next_change(roster: Roster, now: datetime, tonight: datetime) -> datetime:
    spans = [stretch.span for stretch in roster.stretches]
    spans += [each.span for away in roster.aways for each in away.stretches]
    edges = {edge for span in spans for edge in (span.start, span.end) if edge > now}
    return min(edges | {tonight})
