"""The board as HTML: drawn once for a revision and a moment, kept for everybody who looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any

from flask import current_app, render_template
from flask_babel import get_locale
from markupsafe import Markup

from cpts_net import clock
from cpts_net.accounts.identity import Identity
from cpts_net.continuity import board as boards
from cpts_net.continuity import resolver
from cpts_net.continuity.board import Board
from cpts_net.continuity.reading import EVERYBODY, BoardReader, Filter
from cpts_net.directory import queries as directory
from cpts_net.directory.trades import Trade, trade_of
from cpts_net.pictures.picture import Picture
from cpts_net.storage import revisions

KEY = "continuity-drawings"
# Once for all who ask after a change, rather than by each of them at the same time.
_DRAWING = Lock()


@dataclass(frozen=True)
class Drawing:
    """The board at one revision and moment: its values, its sections, and what a page adds to them."""

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
    kept: dict[str, Drawing] = current_app.extensions.setdefault(KEY, {})
    language = str(get_locale())
    # First: what is written while we read makes this drawing old, never wrongly new.
    revision = revisions.number(revisions.CONTINUITY)
    if found := _still_good(kept.get(language), revision, now):
        return found
    with _DRAWING:
        # Somebody may have drawn it while this waited; what is newer is good as well.
        found = _still_good(kept.get(language), revision, now)
        if found is None:
            found = kept[language] = _draw(revision, now)
    return found


def _still_good(kept: Drawing | None, revision: int, now: datetime) -> Drawing | None:
    return kept if kept and kept.picture.is_valid(max(revision, kept.picture.revision), now) else None


def _draw(revision: int, now: datetime) -> Drawing:
    zone = clock.zone()
    board = boards.board(resolver.resolve(boards.window(now, zone)), resolver.lines(), now, zone)
    trades = directory.trades()
    sections = {
        "on-call": _section("on_call", rows=board.rows),
        "strips": _section("strips", strips=board.strips),
        "to-settle": _section("to_settle", to_settle=board.to_settle),
        **{_id_of(each): _absents(board, each, EVERYBODY) for each in _groups(trades)},
    }
    picture = Picture(revision, sections, board.valid_until)
    return Drawing(board, picture, trades, directory.communes())


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
