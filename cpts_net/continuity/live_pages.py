"""The board as sections that are pushed; rendered once for everybody."""

from datetime import datetime
from typing import Any

from flask import current_app, render_template
from flask_babel import get_locale
from markupsafe import Markup

from cpts_net import clock, revisions
from cpts_net.accounts.identity import Identity
from cpts_net.continuity import board as boards
from cpts_net.continuity import resolver
from cpts_net.continuity.board import Board, ToSettle
from cpts_net.directory.models import Profession
from cpts_net.directory.queries import professions
from cpts_net.fragments import Picture


def may_watch(_identity: Identity, _number: int) -> bool:
    """Every member of the community may."""
    return True


def picture(_number: int, now: datetime) -> Picture:
    """The sections of the board at ``now``; kept until a change or the clock makes it another."""
    return drawn(now)[0]


def drawn(now: datetime) -> tuple[Picture, Board]:
    """The board's picture, and the values that it was rendered from."""
    kept: dict[str, tuple[Picture, Board]] = current_app.extensions.setdefault("boards", {})
    language = str(get_locale())
    if language not in kept or not kept[language][0].is_valid(revisions.number(revisions.CONTINUITY), now):
        kept[language] = _draw(now)
    return kept[language]


def _draw(now: datetime) -> tuple[Picture, Board]:
    zone = clock.zone()
    # First: what is written while we read makes this picture old, never wrongly new.
    revision = revisions.number(revisions.CONTINUITY)
    board = boards.board(resolver.resolve(boards.window(now, zone)), resolver.lines(), now, zone)
    groups = professions()
    sections = {
        "on-call": render_template("continuity/_on_call.html", rows=board.rows),
        "strips": render_template("continuity/_strips.html", strips=board.strips),
        "to-settle": to_settle_section(board.to_settle),
        **{f"absents-{profession.code}": absents_section(board, profession) for profession in groups},
    }
    return Picture(revision, sections, board.valid_until), board


def absents_section(board: Board, profession: Profession, **reading: Any) -> Markup:
    """Those of a profession who are away, perhaps as one reader wants to see them."""
    absents = board.absents.get(profession.code, ())
    html = render_template("continuity/_absents.html", profession=profession, absents=absents, **reading)
    return Markup(html)  # noqa: S704  Our own template, which escapes.


def to_settle_section(to_settle: ToSettle, **reading: Any) -> Markup:
    """What waits for somebody, perhaps as one reader is concerned by it."""
    html = render_template("continuity/_to_settle.html", to_settle=to_settle, **reading)
    return Markup(html)  # noqa: S704  Our own template, which escapes.
