"""The last form of each session that was done: kept in the transaction that does it, so that two at once are decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cpts_net.accounts.models import SentForm
from cpts_net.storage.connections import db

AT_ONCE = timedelta(minutes=2)


class AlreadySent(Exception):
    """The same form was sent before, a moment ago, and is done or being done."""


@dataclass(frozen=True)
class Sheet:
    """A form that was filled in: by whom, the very copy of it, and what it says."""

    session_id: int
    sheet: str
    content: str


def claim(sheet: Sheet, now: datetime) -> None:
    """Take it on oneself to do what the form asks, unless somebody else did.

    Raises:
        AlreadySent: another request did, or does it; waits for the end of that one.
    """
    connection = db.session.connection()
    is_postgresql = connection.dialect.name == "postgresql"
    given = {"session_id": sheet.session_id, "sheet": sheet.sheet, "content": sheet.content, "at": now}
    claimed = connection.execute(_claiming(is_postgresql=is_postgresql), {**given, "long_ago": now - AT_ONCE})
    if claimed.scalar() is None:
        raise AlreadySent


@cache
def _claiming(*, is_postgresql: bool) -> Any:
    """Written out once: it is the first statement of nearly every write, said while nobody else can write."""
    adding = (postgresql if is_postgresql else sqlite).insert(SentForm)
    new = adding.excluded
    columns = SentForm.__table__.c
    given = {name: bindparam(name, type_=columns[name].type) for name in ("session_id", "sheet", "content", "at")}
    is_another = or_(columns.sheet != new.sheet, columns.at <= bindparam("long_ago", type_=columns.at.type))
    return (
        adding.values(**given, is_repeated=False, location=None, words=[])
        .on_conflict_do_update(
            index_elements=["session_id"],
            set_={
                **{name: new[name] for name in ("sheet", "content", "at", "location", "words")},
                "is_repeated": columns.content == new.content,
            },
            where=is_another,
        )
        .returning(columns.id)
    )


def last_sent(session_id: int, now: datetime) -> SentForm | None:
    """What the session sent last and that was done; None when that is a while ago."""
    return db.session.scalar(
        select(SentForm)
        .where(SentForm.session_id == session_id, SentForm.at > now - AT_ONCE)
        .execution_options(populate_existing=True)
    )


def note_answer(sheet: Sheet, location: str, words: list[tuple[str, str]]) -> None:
    """Keep how a form that was claimed was answered."""
    mine = update(SentForm).where(SentForm.session_id == sheet.session_id, SentForm.sheet == sheet.sheet)
    db.session.execute(mine.values(location=location, words=words))


def release(sheet: Sheet) -> None:
    """Forget a claim: what the form asks was refused after all."""
    db.session.execute(delete(SentForm).where(SentForm.session_id == sheet.session_id, SentForm.sheet == sheet.sheet))
