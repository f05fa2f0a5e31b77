"""The last form of each session that was done: kept in the transaction that does it, so that two at once are decided."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
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
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    given = {"sheet": sheet.sheet, "content": sheet.content, "at": now, "location": None, "words": []}
    is_another = or_(SentForm.sheet != sheet.sheet, SentForm.at <= now - AT_ONCE)
    claimed = db.session.scalar(
        insert(SentForm)
        .values(session_id=sheet.session_id, is_repeated=False, **given)
        .on_conflict_do_update(
            index_elements=["session_id"],
            set_={**given, "is_repeated": SentForm.content == sheet.content},
            where=is_another,
        )
        .returning(SentForm.id)
    )
    if claimed is None:
        raise AlreadySent


def last_sent(session_id: int, now: datetime) -> SentForm | None:
    """What the session sent last and that was done; None when that is a while ago."""
    return db.session.scalar(
        select(SentForm)
        .where(SentForm.session_id == session_id, SentForm.at > now - AT_ONCE)
        .execution_options(populate_existing=True)
    )


def note_answer(sheet: Sheet, location: str, words: list[str]) -> None:
    """Keep how a form that was claimed was answered."""
    mine = update(SentForm).where(SentForm.session_id == sheet.session_id, SentForm.sheet == sheet.sheet)
    db.session.execute(mine.values(location=location, words=words))


def release(sheet: Sheet) -> None:
    """Forget a claim: what the form asks was refused after all."""
    db.session.execute(delete(SentForm).where(SentForm.session_id == sheet.session_id, SentForm.sheet == sheet.sheet))
