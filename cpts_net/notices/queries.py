"""What is read of notices and deliveries."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cpts_net.notices.models import Delivery, Notice, State
from cpts_net.storage.connections import db

NOTICES_ON_A_PAGE = 20
FAILED_ON_A_PAGE = 20


def notice(notice_id: int) -> Notice | None:
    """One notice."""
    return db.session.get(Notice, notice_id)


def told_of(kind: str, subjects: Collection[str], occasion: datetime) -> set[tuple[str, int]]:
    """Who was told of an occasion already, as (subject, person)."""
    query = select(Notice.subject, Notice.person_id).where(
        Notice.kind == kind, Notice.subject.in_(subjects), Notice.occasion == named(occasion)
    )
    return {(row.subject, row.person_id) for row in db.session.execute(query)}


def named(occasion: datetime) -> str:
    """How a notice names the instant that it announces."""
    return occasion.astimezone(UTC).isoformat()


def notices_of(person_id: int, page: int) -> Pagination:
    """Somebody's notices, those not seen yet first, the last one first."""
    query = select(Notice).where(Notice.person_id == person_id)
    in_order = query.order_by(Notice.seen_at.is_not(None), Notice.at.desc(), Notice.id.desc())
    return db.paginate(in_order, page=page, per_page=NOTICES_ON_A_PAGE, error_out=False)


def latest(person_id: int, since: datetime, limit: int) -> Sequence[Notice]:
    """What somebody was told after ``since``, the last first; at most ``limit``."""
    query = select(Notice).where(Notice.person_id == person_id, Notice.at > since)
    return db.session.scalars(query.order_by(Notice.at.desc(), Notice.id.desc()).limit(limit)).all()


def unseen_count(person_id: int) -> int:
    """How many notices somebody has not seen."""
    query = select(func.count(Notice.id)).where(Notice.person_id == person_id, Notice.seen_at.is_(None))
    return db.session.scalar(query) or 0


def are_unseen(person_id: int, notice_ids: Collection[int]) -> bool:
    """Whether one of these notices is theirs, and they have not seen it."""
    query = select(Notice.id).where(Notice.person_id == person_id, Notice.seen_at.is_(None))
    return db.session.scalar(query.where(Notice.id.in_(notice_ids)).limit(1)) is not None


def unsent() -> Sequence[Delivery]:
    """What waits to be sent, and what was given up within the last month, with their notices; oldest first."""
    unsent = Delivery.state.in_([State.WAITING, State.FAILED])
    return db.session.scalars(
        select(Delivery).where(unsent).options(joinedload(Delivery.notice)).order_by(Delivery.id)
    ).all()


def failed(page: int) -> Pagination:
    """What was given up within the last month, with its notice; the last first."""
    query = select(Delivery).where(Delivery.state == State.FAILED).options(joinedload(Delivery.notice))
    in_order = query.order_by(Delivery.finished_at.desc(), Delivery.id.desc())
    return db.paginate(in_order, page=page, per_page=FAILED_ON_A_PAGE, error_out=False)


def failed_number() -> int:
    """How many deliveries were given up within the last month."""
    return db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state == State.FAILED)) or 0


def failed_delivery(delivery_id: int) -> Delivery | None:
    """One that was given up; None when it was sent again meanwhile."""
    return db.session.scalar(select(Delivery).where(Delivery.id == delivery_id, Delivery.state == State.FAILED))
