"""The board as a tree of parts, of which each can change alone: pure values, not yet drawn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cpts_net.continuity.board import Absent, Board, LineRow, StripDay
from cpts_net.continuity.reading import EVERYBODY, BoardReader, Filter
from cpts_net.continuity.roster import Line
from cpts_net.directory.trades import Trade, group_of
from cpts_net.leave.wording import at, spell
from cpts_net.pictures.picture import Part

DAYS_ON_PHONES = 7


@dataclass(frozen=True)
class Choices:
    """What those who are away can be filtered by."""

    trades: Sequence[Trade]
    communes: Sequence[str]


def board_parts(
    board: Board, choices: Choices, reader: BoardReader | None = None, wanted: Filter = EVERYBODY
) -> list[Part]:
    """The sections of the board: as all see it or, for one reader, what they want to see and what concerns them.

    What a reader does not see is part of the page as well, and hidden: scripts show it again.
    """
    trades = tuple((trade.key, trade.label()) for trade in choices.trades)
    communes = tuple((commune, commune) for commune in choices.communes)
    return [
        _on_call(board.rows),
        _part("filter-trade", {"name": "metier", "choices": trades, "chosen": wanted.trade}, template="filter"),
        _part("filter-commune", {"name": "commune", "choices": communes, "chosen": wanted.commune}, template="filter"),
        _part("absents", {}, _groups(board, reader, wanted)),
        _part("absents-total", {"total": len(board.absent)}),
        _strips(board.strips),
        _part("to-settle", {"has_entries": bool(board.to_settle)}, _lists_to_settle(board, reader)),
    ]


def _part(part_id: str, values: dict[str, Any], parts: Sequence[Part] = (), *, template: str = "") -> Part:
    name = template or part_id.replace("-", "_")
    return Part(part_id, f"continuity/_{name}.html", values, parts)


def _list(part_id: str, items: Sequence[Part], kind: str) -> Part:
    return _part(part_id, {"kind": kind}, items, template="list")


def _on_call(rows: Sequence[LineRow]) -> Part:
    """The lines that are open, a row each; those that are closed together beneath them."""
    now = [_part(f"line-{row.line.id}", {"row": row}, template="line") for row in rows if row.is_open]
    closed = [_part(f"closed-{row.line.id}", {"row": row}, template="line_closed") for row in rows if not row.is_open]
    lists = [_list("on-call-lines", now, "lines")] if now else []
    lists += [_list("on-call-closed", closed, "closed-lines")] if closed else []
    return _part("on-call", {"has_lines": bool(rows), "is_any_open": bool(now)}, lists)


def _groups(board: Board, reader: BoardReader | None, wanted: Filter) -> list[Part]:
    """Those who are away, under the names of their trades; the reader's own first."""
    groups = sorted(
        (group_of(absents[0].away.person.trade) for absents in board.absents.values()),
        key=lambda group: (reader is not None and group.key != reader.group, group.sort_key),
    )
    return [_group(group, board.absents[group.key], wanted) for group in groups]


def _group(group: Trade, absents: Sequence[Absent], wanted: Filter) -> Part:
    part_id = f"absents-{group.key}"
    is_shown = {absent.away.person.id: wanted.lets_through(absent) for absent in absents}
    rows = [
        _part(
            f"absent-{person_id}",
            {"absent": absent, "spell": spell, "at": at, "is_hidden": not is_shown[person_id]},
            template="absent",
        )
        for absent in absents
        if (person_id := absent.away.person.id)
    ]
    title = _part(f"{part_id}-title", {"group": group, "count": len(absents)}, template="absents_title")
    values = {"group": group, "is_hidden": not any(is_shown.values())}
    return _part(part_id, values, [title, _list(f"{part_id}-list", rows, "walked")], template="absents_group")


def _strips(strips: Sequence[tuple[Line, Sequence[StripDay]]]) -> Part:
    days = tuple(each.day for each in strips[0][1]) if strips else ()
    head = _part("strip-dates", {"days": days, "on_phones": DAYS_ON_PHONES})
    return _part("strips", {"has_lines": bool(strips)}, [head, *(_strip(line, each) for line, each in strips)])


def _strip(line: Line, days: Sequence[StripDay]) -> Part:
    items = [
        _part(
            f"strip-{line.id}-{each.day}",
            {"slug": line.slug, "each": each, "is_later": place >= DAYS_ON_PHONES},
            template="strip_day",
        )
        for place, each in enumerate(days)
    ]
    return _part(
        f"strip-{line.id}", {"name": line.name}, [_list(f"strip-{line.id}-days", items, "strip")], template="strip"
    )


def _lists_to_settle(board: Board, reader: BoardReader | None) -> list[Part]:
    items = [*_entries_to_settle(board, reader)]
    return [_list("to-settle-list", items, "walked")] if items else []


def _entries_to_settle(board: Board, reader: BoardReader | None) -> Iterator[Part]:
    """Each names whom it concerns; a page hides from its reader what does not."""

    def is_hidden(**concerned: Any) -> bool:
        return reader is not None and not reader.is_concerned_by(**concerned)

    for gap in board.to_settle.gaps:
        hidden = is_hidden(professions=gap.line.professions)
        yield _part(f"gap-{gap.key}", {"gap": gap, "is_hidden": hidden}, template="gap")
    for duty in board.to_settle.held_by_absent:
        hidden = is_hidden(members=[duty.holder.id])
        yield _part(f"held-{duty.seat_id}", {"duty": duty, "is_hidden": hidden}, template="held_by_absent")
    for broken in board.to_settle.broken_relays:
        away = broken.away
        hidden = is_hidden(members=[away.person.id, *broken.person_ids])
        values = {"broken": broken, "spell": spell, "is_hidden": hidden}
        yield _part(f"unrelayed-{away.absence_id}", values, template="broken_relay")
    for away in board.to_settle.unrelayed:
        values = {"away": away, "spell": spell, "is_hidden": is_hidden(members=[away.person.id])}
        yield _part(f"unnamed-{away.absence_id}", values, template="no_relay")
