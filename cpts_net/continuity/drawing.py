"""The board as HTML: drawn once after a change, kept for everybody who looks."""

from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template

from cpts_net import clock
from cpts_net.accounts.identity import Identity
from cpts_net.continuity import board as boards
from cpts_net.continuity import resolver
from cpts_net.continuity.board import Board
from cpts_net.continuity.parts import Choices, board_parts
from cpts_net.continuity.reading import EVERYBODY, BoardReader, Filter, professions_of
from cpts_net.directory import queries as directory
from cpts_net.directory.practices import practises
from cpts_net.directory.trades import group_of
from cpts_net.pictures.drawer import LAG
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.picture import Picture, draw
from cpts_net.storage import revisions
from cpts_net.web.lately import has_written_lately

SCOPES = (revisions.CONTINUITY, revisions.DIRECTORY)
TIMES_KEPT = 8  # Once as values, once as sections, and as the parts of the classes of readers.


@dataclass(frozen=True)
class Drawing:
    """The board at one moment: its values, its sections, and what a page adds to them."""

    board: Board
    picture: Picture
    choices: Choices
    _parts: dict[BoardReader, bytes] = field(default_factory=dict)
    asked: set[BoardReader] = field(default_factory=set)  # Those for whom it was asked.

    def reader(self, identity: Identity) -> BoardReader:
        """Somebody who is signed in, as the board sees them."""
        practised = practises(identity.person_id)
        group = group_of(practised[0].trade if practised else None)
        return BoardReader(identity.person_id, professions_of(practised), group.key, identity.is_staff)

    def parts(self, reader: BoardReader, wanted: Filter) -> bytes:
        """Everything of the page that stays the same until the board is another, as it is sent."""
        if wanted:
            return self._draw_parts(reader, wanted)
        alike = reader.alike(self.board.to_settle)
        self.asked.add(alike)
        if alike not in self._parts:
            self._parts[alike] = self._draw_parts(alike, wanted)
        return self._parts[alike]

    def draw_for_those_of(self, old: "Drawing") -> None:
        """Have the parts ready for all who asked for the board that stood, and may ask again."""
        for reader in [*old.asked]:
            alike = reader.alike(self.board.to_settle)
            self._parts[alike] = self._draw_parts(alike, EVERYBODY)

    def _draw_parts(self, reader: BoardReader, wanted: Filter) -> bytes:
        """As the picture of all, but for what this reader does not see or sees in another order."""
        own = draw(board_parts(self.board, self.choices, reader, wanted), old=self.picture)
        return render_template("continuity/_parts.html", sections=own.sections, wanted=wanted).encode()


def drawing(now: datetime, *, lag: float = 0) -> Drawing:
    """The board at ``now``, or at most ``lag`` seconds before; kept until a change or the clock makes it another."""
    return kept().get((Drawing,), SCOPES, now, lambda old: _draw(now, old), lag=lag)


def drawing_lately(now: datetime) -> Drawing:
    """The board for whoever asks in a request: nobody waits for a drawing but who has just changed something."""
    return drawing(now, lag=0 if has_written_lately() else LAG)


def _draw(now: datetime, old: Drawing | None) -> Made[Drawing]:
    zone = clock.zone()
    board = boards.board(resolver.resolve(boards.window(now, zone)), resolver.lines(), now, zone)
    choices = Choices(directory.trades(), directory.communes())
    picture = draw(board_parts(board, choices), old=old.picture if old else None, valid_until=board.valid_until)
    drawn = Drawing(board, picture, choices)
    if old:
        drawn.draw_for_those_of(old)
    return Made(drawn, TIMES_KEPT * picture.size, board.valid_until)
