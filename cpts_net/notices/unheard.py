"""Who was told of something that is taken back before they heard of it: they are told of neither."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from cpts_net.notices.addresses import addresses
from cpts_net.notices.models import Delivery, Notice, State
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

_unheard: ContextVar[frozenset[int]] = ContextVar("unheard", default=frozenset())


def are_told(person_ids: Collection[int]) -> list[int]:
    """Those who are told what happens now: all but those who have heard nothing of what is taken back."""
    return [each for each in person_ids if each not in _unheard.get()]


@contextmanager
def taking_back(subjects: Collection[str], *, by: int, at: datetime) -> Iterator[None]:
    """Withdraw what the account told ``at`` an instant of these subjects, where nothing of it was sent or seen yet.

    Within, those who have heard nothing are told nothing; the others are, in
    the same transaction.
    """
    token = _unheard.set(_withdraw(subjects, addresses().person_of(by), at))
    try:
        yield
    finally:
        _unheard.reset(token)


def take_back(kind: str, subject: str, person_id: int) -> bool:
    """Withdraw what somebody was told of a subject, where they have heard of none of it; whether there was any."""
    those = (Notice.kind == kind, Notice.subject == subject, Notice.person_id == person_id)
    gone = _delete_unheard(*those)
    return bool(gone) and db.session.scalar(select(Notice.id).where(*those, Notice.seen_at.is_(None)).limit(1)) is None


def _withdraw(subjects: Collection[str], person_id: int | None, at: datetime) -> frozenset[int]:
    of_deed = (Notice.subject.in_(subjects), Notice.by_id == person_id, Notice.at == at)
    gone = _delete_unheard(*of_deed)
    heard = set(db.session.scalars(select(Notice.person_id).where(*of_deed)))
    return frozenset(gone - heard)


def _delete_unheard(*wanted: ColumnElement[bool]) -> set[int]:
    """Delete those of the notices that were neither seen nor sent, with their deliveries; return whose they were."""
    told = db.session.execute(select(Notice.id, Notice.person_id).where(*wanted, Notice.seen_at.is_(None))).all()
    numbers = [row.id for row in told]
    # One that a worker has claimed is on its way.
    unsent = (Delivery.notice_id.in_(numbers), Delivery.state == State.WAITING, Delivery.attempts == 0)
    db.session.execute(delete(Delivery).where(*unsent).execution_options(synchronize_session=False))
    on_their_way = set(db.session.scalars(select(Delivery.notice_id).where(Delivery.notice_id.in_(numbers))))
    gone = {row.id: row.person_id for row in told if row.id not in on_their_way}
    if gone:
        db.session.execute(delete(Notice).where(Notice.id.in_(gone)).execution_options(synchronize_session=False))
        revisions.bump_last(revisions.NOTICES)
    return set(gone.values())
