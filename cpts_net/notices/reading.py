"""How somebody's notices read on their page: by the rights that they have now, in the words of the mails."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.notices import authors, queries
from cpts_net.notices.kinds import Matter, kind_named
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family
from cpts_net.outbox import mailer
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

A_NUMBER = 32  # Bytes, about.


@dataclass(frozen=True)
class Line:
    """One notice as its page shows it; without words where its reader may not read any more what it is about.

    ``author`` did it, as the reader may know them; None when the reader may
    not, when nobody did, or when the reader did it themselves: then ``is_own``.
    """

    id: int
    words: str
    label: Any
    path: str
    at: datetime
    is_seen: bool
    family: Family
    author: Any = None
    is_own: bool = False
    before: str = ""
    after: str = ""


def lines(notices: Sequence[Notice], now: datetime) -> list[Line]:
    """One person's notices as they may read them, in the same order."""
    matters: dict[int, Matter] = {}
    by_kind: defaultdict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    for name, those in by_kind.items():
        matters |= kind_named(name).matters(those, now)
    known = _known_authors([notice for notice in notices if notice.id in matters])
    return [_line(notice, matters.get(notice.id), known) for notice in notices]


def _known_authors(notices: Sequence[Notice]) -> Mapping[int, Any]:
    wanted = {notice.by_id for notice in notices if notice.by_id and notice.by_id != notice.person_id}
    return authors.known_to(notices[0].person_id, wanted) if notices else {}


def _line(notice: Notice, matter: Matter | None, known: Mapping[int, Any]) -> Line:
    kind = kind_named(notice.kind)
    line = Line(notice.id, "", kind.label, "", notice.at, notice.seen_at is not None, kind.family)
    if matter is None:
        return line
    return replace(
        line,
        words=mailer.render_line(kind.template, **matter.words),
        path=matter.path,
        author=known.get(notice.by_id) if notice.by_id else None,
        is_own=notice.by_id == notice.person_id,
        before=matter.before,
        after=matter.after,
    )


def by_day(lines: Sequence[Line]) -> list[tuple[date, list[Line]]]:
    """The lines of each local day, in the same order."""
    return [(day, [*those]) for day, those in groupby(lines, lambda line: line.at.astimezone(clock.zone()).date())]


def unseen() -> int:
    """How many notices the reader of the page has not seen; asked of the base only after somebody was told something."""
    if not current_user.is_authenticated:
        return 0
    person_id = current_user.person_id
    try:
        return kept().get(("unseen", person_id), (revisions.NOTICES,), clock.now(), lambda _old: _counted(person_id))
    except SQLAlchemyError:
        return 0  # Nobody is kept from a page by a number beside it.


def _counted(person_id: int) -> Made[int]:
    return Made(queries.unseen({person_id})[person_id].number, A_NUMBER)
