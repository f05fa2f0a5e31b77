"""The board: who is on call, who is away, who stands in."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from cpts_net import clock
from cpts_net.access import members_only
from cpts_net.continuity import live_pages
from cpts_net.continuity.badges import badges
from cpts_net.continuity.board import Absent
from cpts_net.directory import badges as directory_badges
from cpts_net.directory.queries import communes, member, professions
from cpts_net.directory.rules import fold

bp = Blueprint("continuity", __name__, url_prefix="/continuite")
bp.record_once(lambda state: directory_badges.hand_in(state.app, badges))


@dataclass(frozen=True)
class Filter:
    """Which absents the reader wants to see; empty fields let everybody through."""

    profession: str = ""
    commune: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.profession or self.commune or self.name)

    def lets_through(self, absent: Absent) -> bool:
        """Whether the reader wants to see this person."""
        person = absent.away.person
        return (
            self.profession in {"", person.profession_code}
            and self.commune in {"", person.commune}
            and all(word in person.sort_key for word in fold(self.name).split())
        )


@dataclass(frozen=True)
class Reader:
    """Who looks at the board; the staff is concerned by everything."""

    member_id: int
    profession: str
    is_staff: bool

    def is_concerned_by(self, *, members: Collection[int] = (), professions: Collection[str] = ()) -> bool:
        """Whether something that waits for these people waits for the reader."""
        return self.is_staff or self.member_id in members or self.profession in professions


@bp.get("/")
@members_only
def board() -> ResponseReturnValue:
    """The whole board at this moment, readable without JavaScript."""
    now = clock.now()
    picture, shown = live_pages.drawn(now)
    reader = _reader()
    wanted = Filter(*(request.args.get(name, "").strip() for name in ("profession", "commune", "nom")))
    groups = sorted(professions(), key=lambda each: (each.code != reader.profession, each.label))
    sections = {name: Markup(html) for name, html in picture.sections.items()}  # noqa: S704  Our own templates.
    sections["to-settle"] = live_pages.to_settle_section(shown.to_settle, reader=reader)
    if wanted:
        for each in groups:
            sections[f"absents-{each.code}"] = live_pages.absents_section(shown, each, wanted=wanted)
    return render_template(
        "continuity/board.html",
        now=now,
        picture=picture,
        sections=sections,
        groups=groups,
        communes=communes(),
        wanted=wanted,
        reader=reader,
    )


def _reader() -> Reader:
    own = member(current_user.member_id) if current_user.member_id else None
    return Reader(own.id if own else 0, own.profession_code if own else "", current_user.is_staff)


@bp.get("/sections")
@members_only
def sections() -> ResponseReturnValue:
    """The sections as JSON, for a screen that cannot hold a socket; 304 when it has them."""
    picture = live_pages.picture(0, clock.now())
    response = jsonify(scope="continuity", revision=picture.version, sections=picture.sections)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(picture.version)
    return response.make_conditional(request)
