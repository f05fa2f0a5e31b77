"""How somebody's notices read on their page: by the rights that they have now, in the words of the mails."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.notices import queries
from cpts_net.notices.kinds import Matter, kind_named
from cpts_net.notices.models import Notice
from cpts_net.outbox import mailer
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

A_NUMBER = 32  # Bytes, about.


@dataclass(frozen=True)
class Line:
    """One notice as its page shows it; without words where its reader may not read any more what it is about."""

    id: int
    words: str
    label: Any
    path: str
    at: datetime
    is_seen: bool


def lines(notices: Sequence[Notice], now: datetime) -> list[Line]:
    """The notices as their reader may read them, in the same order."""
    matters: dict[int, Matter] = {}
    by_kind: defaultdict[str, list[Notice]] = defaultdict(list)
    for notice in notices:
        by_kind[notice.kind].append(notice)
    for name, those in by_kind.items():
        matters |= kind_named(name).matters(those, now)
    return [_line(notice, matters.get(notice.id)) for notice in notices]


def _line(notice: Notice, matter: Matter | None) -> Line:
    kind = kind_named(notice.kind)
    words = mailer.render_subject(kind.template, **matter.words) if matter else ""
    path = matter.path if matter else ""
    return Line(notice.id, words, kind.label, path, notice.at, notice.seen_at is not None)


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
    return Made(queries.unseen_count(person_id), A_NUMBER)
