"""The planning of weeks as HTML: drawn once after a change, kept for everybody who looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from markupsafe import Markup

from cpts_net import clock
from cpts_net.continuity import resolver
from cpts_net.continuity.colleagues import people_named
from cpts_net.continuity.own_meetings import own_meetings
from cpts_net.continuity.reading import Filter
from cpts_net.continuity.weeks import Bar, Group, Kind, Row, Weeks, groups, meeting_bars, with_bars
from cpts_net.continuity.weeks_wording import is_broken, is_cut, said
from cpts_net.directory.trades import Trade
from cpts_net.oncall.holidays import public_holidays, school_holidays
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.picture import Drawn, Part, Picture, draw
from cpts_net.settings import current_settings
from cpts_net.spans import days_span
from cpts_net.storage import revisions

SCOPES = (revisions.CONTINUITY, revisions.DIRECTORY)
TIMES_KEPT = 3  # As values, as HTML, and as it is sent.
TABLE, SUM = "weeks", "weeks-sum"
Bytes = bytes | memoryview


@dataclass(frozen=True)
class DrawnWeeks:
    """Four weeks of everybody at one moment: their values and their picture, the same for all."""

    weeks: Weeks
    groups: Sequence[Group]
    picture: Picture

    @cached_property
    def rows(self) -> dict[int, Row]:
        """Everybody who is drawn, by person."""
        return {row.person.id: row for group in self.groups for row in group.rows}

    @cached_property
    def trades(self) -> list[Trade]:
        """The trades of those who are drawn."""
        found = {row.person.trade for row in self.rows.values() if row.person.trade}
        return sorted(found, key=lambda trade: trade.sort_key)

    @cached_property
    def communes(self) -> list[str]:
        """The communes of those who are drawn."""
        return sorted({row.person.commune for row in self.rows.values()} - {""})

    @cached_property
    def lines(self) -> list[str]:
        """The duty lines that somebody serves."""
        bars = (bar for row in self.rows.values() for bar in row.bars)
        return sorted({bar.label for bar in bars if bar.kind is Kind.DUTY})

    def shown(self, wanted: Filter) -> int:
        """How many a filter lets through."""
        return sum(wanted.names(row.person) for row in self.rows.values()) if wanted else len(self.rows)

    def table(self, own: "OwnRow", wanted: Filter) -> list[Bytes]:
        """The table as one reader sees it, in pieces: their own row marked, with their meetings; of others as wanted."""
        row = self.rows.get(own.person_id)
        if wanted:
            return [self._filtered(row, own.marked, wanted).encode()]
        head, rest = self._whole
        if row is None:
            return [head, own.spare, rest]
        start, end = self._places[own.person_id]
        whole = memoryview(rest)
        return [head, own.spare, whole[:start], own.marked.encode(), whole[end:]]

    @cached_property
    def _whole(self) -> tuple[bytes, bytes]:
        table = self._table
        return table.head.encode(), Markup("").join([*(each.html for each in table.parts), table.foot]).encode()

    @cached_property
    def _places(self) -> dict[int, tuple[int, int]]:
        """Where the row of each person begins and ends among all of them, in bytes."""
        found: dict[int, tuple[int, int]] = {}
        at = 0
        for group, drawn in zip(self.groups, self._table.parts, strict=True):
            title, *rows = drawn.parts
            at += _length(drawn.head) + _length(title.html)
            for row, each in zip(group.rows, rows, strict=True):
                found[row.person.id] = at, at + _length(each.html)
                at += _length(each.html)
            at += _length(drawn.foot)
        return found

    @property
    def _table(self) -> Drawn:
        return next(each for each in self.picture.parts if each.id == TABLE)

    @cached_property
    def _drawn_rows(self) -> dict[str, Drawn]:
        return {each.id: each for group in self._table.parts for each in group.parts}

    def _filtered(self, own_row: Row | None, own: str, wanted: Filter) -> str:
        html = [str(self._table.head)]
        for group, drawn in zip(self.groups, self._table.parts, strict=True):
            rows = [
                own if row is own_row else str(self._drawn_rows[_row_id(row)].html)
                for row in group.rows
                if wanted.names(row.person)
            ]
            if rows:
                html += [str(drawn.head), str(drawn.parts[0].html), *rows, str(drawn.foot)]
        return "".join([*html, str(self._table.foot)])


def weeks_of(weeks: Weeks, now: datetime) -> DrawnWeeks:
    """Four weeks as they are known at ``now``; kept until a change or midnight makes them others."""
    return kept().get((DrawnWeeks, weeks), SCOPES, now, lambda old: _draw(weeks, now, old))


def _draw(weeks: Weeks, now: datetime, old: DrawnWeeks | None) -> Made[DrawnWeeks]:
    zone = clock.zone()
    today = now.astimezone(zone).date()
    found = groups(resolver.resolve(weeks.span(zone)), weeks, zone)
    tonight = days_span(today, today, zone).end
    picture = draw(_parts(found, weeks, today), old=old.picture if old else None, valid_until=tonight)
    return Made(DrawnWeeks(weeks, found, picture), TIMES_KEPT * picture.size, tonight)


def _parts(found: Sequence[Group], weeks: Weeks, today: date) -> list[Part]:
    values = {
        "days": weeks.days,
        "today": today,
        "holidays": public_holidays(weeks.first, weeks.last),
        "school": school_holidays(weeks.first, weeks.last),
        "zone": current_settings().school_zone,
        "a_day": timedelta(days=1),
    }
    return [
        Part(SUM, "continuity/_weeks_sum.html", {"people": sum(len(group.rows) for group in found)}),
        Part(TABLE, "continuity/_weeks.html", values, [_group(group) for group in found]),
    ]


def _group(group: Group) -> Part:
    part_id = f"weeks-{group.trade.key}"
    title = Part(f"{part_id}-title", "continuity/_weeks_title.html", {"trade": group.trade, "count": len(group.rows)})
    return Part(part_id, "continuity/_weeks_group.html", {}, [title, *(_row(row) for row in group.rows)])


def _row(row: Row, *, is_own: bool = False) -> Part:
    values = {"row": row, "is_own": is_own, "said": said, "is_broken": is_broken, "is_cut": is_cut}
    return Part(_row_id(row), "continuity/_weeks_row.html", values)


def _row_id(row: Row) -> str:
    return f"weeks-{row.person.id}"


@dataclass(frozen=True)
class OwnRow:
    """What of the table is drawn for one reader alone."""

    person_id: int
    marked: str  # Their row, with their meetings; empty while they have nothing that others see.
    # A row of their meetings alone, above all others; style sheets hide it where there is another one.
    spare: bytes


def own_row(person_id: int, drawn: DrawnWeeks, now: datetime) -> OwnRow:
    """The reader's own row; kept until their meetings, their duties or leaves are others."""

    def make(_old: OwnRow | None) -> Made[OwnRow]:
        zone = clock.zone()
        meetings = meeting_bars(own_meetings(person_id, drawn.weeks.span(zone)), drawn.weeks, zone)
        row = drawn.rows.get(person_id)
        marked = _drawn_alone(_row(with_bars(row, meetings), is_own=True)) if row else ""
        spare = _spare(person_id, meetings) if meetings else ""
        return Made(
            OwnRow(person_id, marked, spare.encode()), 2 * (len(marked) + len(spare)), drawn.picture.valid_until
        )

    return kept().get((OwnRow, person_id, drawn.weeks), (*SCOPES, revisions.MEETINGS), now, make)


def _spare(person_id: int, meetings: tuple[Bar, ...]) -> str:
    row = Row(people_named([person_id])[person_id], meetings)
    return _drawn_alone(Part("weeks-own", "continuity/_weeks_own.html", _row(row, is_own=True).values))


def _length(html: str) -> int:
    return len(html.encode())


def _drawn_alone(part: Part) -> str:
    return str(draw([part]).parts[0].html)
