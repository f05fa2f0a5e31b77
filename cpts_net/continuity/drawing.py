"""The board as HTML: drawn once after a change, kept for everybody who looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from markupsafe import Markup

from cpts_net import clock
from cpts_net.accounts.identity import Identity
from cpts_net.continuity import board as boards
from cpts_net.continuity import resolver
from cpts_net.continuity.board import Board
from cpts_net.continuity.reading import EVERYBODY, BoardReader, Filter
from cpts_net.directory import queries as directory
from cpts_net.directory.trades import Trade, trade_of
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.picture import Picture
from cpts_net.storage import revisions

SCOPES = (revisions.CONTINUITY, revisions.DIRECTORY)
TIMES_KEPT = 8  # Once as values, once as sections, and as the parts of the classes of readers.


@dataclass(frozen=True)
class Drawing:
    """The board at one moment: its values, its sections, and what a page adds to them."""

    board: Board
    picture: Picture
    trades: Sequence[Trade]
    communes: Sequence[str]
    _codes: dict[int, tuple[str, str]] = field(default_factory=dict)  # Of the members who have looked.
    _parts: dict[BoardReader, bytes] = field(default_factory=dict)

    def reader(self, identity: Identity) -> BoardReader:
        """Somebody who is signed in, as the board sees them."""
        member_id = identity.member_id or 0
        if member_id not in self._codes:
            self._codes[member_id] = directory.codes_of(member_id)
        codes = self._codes[member_id]
        return BoardReader(member_id, codes[0], trade_of(*codes).group.key, identity.is_staff)

    def parts(self, reader: BoardReader, wanted: Filter) -> bytes:
        """Everything of the page that stays the same until the board is another, as it is sent."""
        if wanted:
            return self._draw_parts(reader, wanted)
        alike = reader.alike(self.board.to_settle)
        if alike not in self._parts:
            self._parts[alike] = self._draw_parts(alike, wanted)
        return self._parts[alike]

    def _draw_parts(self, reader: BoardReader, wanted: Filter) -> bytes:
        groups = sorted(_groups(self.trades), key=lambda each: each.key != reader.group)
        sections = {
            **self.picture.sections,
            "to-settle": _section("to_settle", to_settle=self.board.to_settle, reader=reader),
        }
        if wanted:
            sections |= {_id_of(each): _absents(self.board, each, wanted) for each in groups}
        values = {"groups": groups, "trades": self.trades, "communes": self.communes, "total": len(self.board.absent)}
        return _section("parts", sections=sections, wanted=wanted, **values).encode()


def drawing(now: datetime) -> Drawing:
    """The board at ``now``; kept until a change or the clock makes it another."""
    return kept().get((Drawing,), SCOPES, now, lambda _old: _draw(now))


def _draw(now: datetime) -> Made[Drawing]:
    zone = clock.zone()
    board = boards.board(resolver.resolve(boards.window(now, zone)), resolver.lines(), now, zone)
    trades = directory.trades()
    sections = {
        "on-call": _section("on_call", rows=board.rows),
        "strips": _section("strips", strips=board.strips),
        "to-settle": _section("to_settle", to_settle=board.to_settle),
        **{_id_of(each): _absents(board, each, EVERYBODY) for each in _groups(trades)},
    }
    picture = Picture(sections, board.valid_until)
    drawn = Drawing(board, picture, trades, directory.communes())
    return Made(drawn, TIMES_KEPT * sum(map(len, sections.values())), board.valid_until)


def _groups(trades: Sequence[Trade]) -> list[Trade]:
    """Those under whose names the absent stand, in the order of the trades."""
    return list(dict.fromkeys(trade.group for trade in trades))


def _id_of(group: Trade) -> str:
    return f"absents-{group.key}"


def _absents(board: Board, group: Trade, wanted: Filter) -> Markup:
    absents = board.absents.get(group.key, ())
    has_wanted = any(map(wanted.lets_through, absents))
    return _section("absents", group=group, absents=absents, wanted=wanted, has_wanted=has_wanted)


def _section(name: str, **values: Any) -> Markup:
    return Markup(render_template(f"continuity/_{name}.html", **values))  # noqa: S704  Our own, which escapes.
