"""The board as HTML: drawn once for a revision and a moment, kept for everybody who looks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
from cpts_net.directory.models import Profession
from cpts_net.pictures.picture import Picture
from cpts_net.storage import revisions

KEY = "continuity-drawings"


@dataclass(frozen=True)
class Drawing:
    """The board at one revision and moment: its values, its sections, and what a page adds to them."""

    board: Board
    picture: Picture
    professions: Sequence[Profession]
    communes: Sequence[str]
    _professions: dict[int, str] = field(default_factory=dict)  # Of the members who have looked.
    _parts: dict[BoardReader, bytes] = field(default_factory=dict)

    def reader(self, identity: Identity) -> BoardReader:
        """Somebody who is signed in, as the board sees them."""
        member_id = identity.member_id or 0
        if member_id not in self._professions:
            self._professions[member_id] = directory.profession_of(member_id)
        return BoardReader(member_id, self._professions[member_id], identity.is_staff)

    def parts(self, reader: BoardReader, wanted: Filter) -> bytes:
        """Everything of the page that stays the same until the board is another, as it is sent."""
        if wanted:
            return self._draw_parts(reader, wanted)
        alike = reader.alike(self.board.to_settle)
        if alike not in self._parts:
            self._parts[alike] = self._draw_parts(alike, wanted)
        return self._parts[alike]

    def _draw_parts(self, reader: BoardReader, wanted: Filter) -> bytes:
        groups = sorted(self.professions, key=lambda each: each.code != reader.profession)
        sections = {
            **self.picture.sections,
            "to-settle": _section("to_settle", to_settle=self.board.to_settle, reader=reader),
        }
        if wanted:
            sections |= {_id_of(each): _absents(self.board, each, wanted) for each in groups}
        parts = _section("parts", sections=sections, groups=groups, communes=self.communes, wanted=wanted)
        return parts.encode()


def drawing(now: datetime) -> Drawing:
    """The board at ``now``; kept until a change or the clock makes it another."""
    kept: dict[str, Drawing] = current_app.extensions.setdefault(KEY, {})
    language = str(get_locale())
    # First: what is written while we read makes this drawing old, never wrongly new.
    revision = revisions.number(revisions.CONTINUITY)
    if language not in kept or not kept[language].picture.is_valid(revision, now):
        kept[language] = _draw(revision, now)
    return kept[language]


def _draw(revision: int, now: datetime) -> Drawing:
    zone = clock.zone()
    board = boards.board(resolver.resolve(boards.window(now, zone)), resolver.lines(), now, zone)
    professions = directory.professions()
    sections = {
        "on-call": _section("on_call", rows=board.rows),
        "strips": _section("strips", strips=board.strips),
        "to-settle": _section("to_settle", to_settle=board.to_settle),
        **{_id_of(each): _absents(board, each, EVERYBODY) for each in professions},
    }
    picture = Picture(revision, sections, board.valid_until)
    return Drawing(board, picture, professions, directory.communes())


def _id_of(profession: Profession) -> str:
    return f"absents-{profession.code}"


def _absents(board: Board, profession: Profession, wanted: Filter) -> Markup:
    absents = board.absents.get(profession.code, ())
    return _section("absents", profession=profession, absents=absents, wanted=wanted)


def _section(name: str, **values: Any) -> Markup:
    return Markup(render_template(f"continuity/_{name}.html", **values))  # noqa: S704  Our own, which escapes.
