"""What is read of notices and deliveries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from cpts_net.notices.kinds import catalogue
from cpts_net.notices.models import Delivery, Notice, State
from cpts_net.notices.survivors import as_theirs, numbers_of, survivors
from cpts_net.storage.connections import db

NOTICES_ON_A_PAGE = 20
FAILED_ON_A_PAGE = 20


class Unseen(NamedTuple):
    """How many notices somebody has not seen, and the number of the last of them; 0 for none."""

    number: int
    last_id: int

    def and_also(self, number: int, last_id: int) -> "Unseen":
        """With as many others, and the last of those."""
        return Unseen(self.number + number, max(self.last_id, last_id))


def _is_declared() -> ColumnElement[bool]:
    """Notices that somebody can be shown: after an upgrade or a return from it, no room may know a kind any more."""
    return Notice.kind.in_(catalogue().kinds)


def notice(notice_id: int) -> Notice | None:
    """One notice, as that of whoever its person is now."""
    found = db.session.get(Notice, notice_id)
    return as_theirs([found])[0] if found else None


def notices_by_delivery(delivery_ids: Collection[int]) -> list[tuple[int, Notice]]:
    """The notices of some deliveries, each with the delivery's id, in the order in which they were written."""
    query = select(Delivery.id, Notice).join(Notice).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.id)
    found = [(row.id, row.Notice) for row in db.session.execute(query)]
    as_theirs([notice for _id, notice in found])
    return found


def told_of(kind: str, subjects: Collection[str], occasion: datetime) -> set[tuple[str, int]]:
    """Who was told of an occasion already, as (subject, person)."""
    query = select(Notice.subject, Notice.person_id).where(
        Notice.kind == kind, Notice.subject.in_(subjects), Notice.occasion == named(occasion)
    )
    return _told(query)


def told_ever(
    kinds: Collection[str], subjects: Collection[str], person_ids: Collection[int], since: datetime | None = None
) -> set[tuple[str, int]]:
    """Who of some people was told something of these kinds of which subject, perhaps only ``since``; (subject, person)."""
    query = select(Notice.subject, Notice.person_id).where(
        Notice.person_id.in_(numbers_of(person_ids)), Notice.kind.in_(kinds), Notice.subject.in_(subjects)
    )
    if since is not None:
        query = query.where(Notice.at >= since)
    return _told(query)


def _told(query: Select[str, int]) -> set[tuple[str, int]]:
    """The (subject, person) of the query, each person as who they are now."""
    rows = db.session.execute(query).all()
    now = survivors({row.person_id for row in rows})
    return {(row.subject, now[row.person_id]) for row in rows}


def named(occasion: datetime) -> str:
    """How a notice names the instant that it announces."""
    return occasion.astimezone(UTC).isoformat()


def notices_of(person_id: int, page: int, kinds: Collection[str] | None = None) -> Pagination:
    """Somebody's notices, the last one first; those of some kinds alone where ``kinds`` names them."""
    query = select(Notice).where(Notice.person_id.in_(numbers_of([person_id])), _is_declared())
    if kinds is not None:
        query = query.where(Notice.kind.in_(kinds))
    in_order = query.order_by(Notice.at.desc(), Notice.id.desc())
    found = db.paginate(in_order, page=page, per_page=NOTICES_ON_A_PAGE, error_out=False)
    as_theirs(found.items)
    return found


def numbers_of_kinds(person_id: int) -> Mapping[str, int]:
    """How many notices of each kind somebody has; kinds of which there are none are left out."""
    theirs = Notice.person_id.in_(numbers_of([person_id]))
    query = select(Notice.kind, func.count().label("number")).where(theirs, _is_declared())
    return {row.kind: row.number for row in db.session.execute(query.group_by(Notice.kind))}


def newest(person_id: int) -> int:
    """The number of the last notice that somebody got; 0 for none."""
    return db.session.scalar(select(func.max(Notice.id)).where(Notice.person_id.in_(numbers_of([person_id])))) or 0


def latest(person_id: int, since: datetime, limit: int) -> Sequence[Notice]:
    """What somebody was told after ``since``, the last first; at most ``limit``."""
    query = select(Notice).where(Notice.person_id.in_(numbers_of([person_id])), Notice.at > since, _is_declared())
    return as_theirs(db.session.scalars(query.order_by(Notice.at.desc(), Notice.id.desc()).limit(limit)).all())


# Written out once, as every page asks it once somebody was told something.
_UNSEEN = (
    select(Notice.person_id, func.count(), func.max(Notice.id))
    .where(Notice.person_id.in_(bindparam("people", expanding=True)), Notice.seen_at.is_(None))
    .where(Notice.kind.in_(bindparam("kinds", expanding=True)))
    .group_by(Notice.person_id)
)


def unseen(person_ids: Collection[int]) -> Mapping[int, Unseen]:
    """What each of the people has not seen, in one question; those who have seen all are in it as well."""
    whose = numbers_of(person_ids)
    found = dict.fromkeys(person_ids, Unseen(0, 0))
    given = {"people": [*whose], "kinds": [*catalogue().kinds]}
    for number, *rest in db.session.connection().execute(_UNSEEN, given):
        found[whose[number]] = found[whose[number]].and_also(*rest)
    return found


def are_unseen(person_id: int, notice_ids: Collection[int]) -> bool:
    """Whether one of these notices is theirs, and they have not seen it."""
    query = select(Notice.id).where(Notice.person_id.in_(numbers_of([person_id])), Notice.seen_at.is_(None))
    return db.session.scalar(query.where(Notice.id.in_(notice_ids)).limit(1)) is not None


def _first_of_each(wanted: ColumnElement[bool]) -> Select[int]:
    """One delivery for each message with such: those of a digest are one message, which is sent again whole."""
    return select(func.min(Delivery.id)).where(wanted).group_by(Delivery.message_id)


def _messages(wanted: ColumnElement[bool]) -> int:
    """How many messages have such deliveries."""
    return db.session.scalar(select(func.count(Delivery.message_id.distinct())).where(wanted)) or 0


def unsent() -> Sequence[Delivery]:
    """Of each message that waits, or was given up within the last month, the first delivery with its notice; oldest first."""
    firsts = Delivery.id.in_(_first_of_each(Delivery.state.in_([State.WAITING, State.FAILED])))
    return db.session.scalars(
        select(Delivery).where(firsts).options(joinedload(Delivery.notice)).order_by(Delivery.id)
    ).all()


def next_waiting(limit: int) -> Sequence[Delivery]:
    """Of each message the first delivery, with its notice, that which is tried next first; at most ``limit``."""
    firsts = Delivery.id.in_(_first_of_each(Delivery.state == State.WAITING))
    query = select(Delivery).where(firsts).options(joinedload(Delivery.notice))
    return db.session.scalars(query.order_by(Delivery.due_at, Delivery.id).limit(limit)).all()


def waiting_number() -> int:
    """How many messages are on their way."""
    return _messages(Delivery.state == State.WAITING)


def sent_number(since: datetime) -> int:
    """How many messages went since an instant within the last month."""
    return _messages((Delivery.state == State.SENT) & (Delivery.finished_at >= since))


def troubled_ids() -> Sequence[int]:
    """Of each message the first delivery that was given up, or that waits since a try went wrong; the oldest first."""
    return sorted(db.session.scalars(_first_of_each(_is_troubled())))


def _is_troubled() -> ColumnElement[bool]:
    """What waits for a digest or for the morning is not: its reader wants it so."""
    return (Delivery.state == State.FAILED) | ((Delivery.state == State.WAITING) & (Delivery.error != ""))


def together(deliveries: Collection[Delivery]) -> Mapping[str, int]:
    """How many deliveries go, or failed, in each of their messages; by the messages' ids."""
    ids = [delivery.message_id for delivery in deliveries]
    unsent = Delivery.state.in_([State.WAITING, State.FAILED])
    query = select(Delivery.message_id, func.count().label("number")).where(Delivery.message_id.in_(ids), unsent)
    return {row.message_id: row.number for row in db.session.execute(query.group_by(Delivery.message_id))}


def unsent_among(delivery_ids: Collection[int]) -> Sequence[Delivery]:
    """Those of the deliveries that wait or were given up."""
    unsent = Delivery.state.in_([State.WAITING, State.FAILED])
    return db.session.scalars(select(Delivery).where(unsent, Delivery.id.in_(delivery_ids)).order_by(Delivery.id)).all()


def troubled_among(delivery_ids: Collection[int]) -> Sequence[Delivery]:
    """Those of the deliveries that were given up, or wait since a try went wrong."""
    troubled = select(Delivery).where(_is_troubled(), Delivery.id.in_(delivery_ids))
    return db.session.scalars(troubled.order_by(Delivery.id)).all()


def failed(page: int) -> Pagination:
    """Of each message that was given up within the last month the first delivery, with its notice; the last first."""
    firsts = Delivery.id.in_(_first_of_each(Delivery.state == State.FAILED))
    query = select(Delivery).where(firsts).options(joinedload(Delivery.notice))
    in_order = query.order_by(Delivery.finished_at.desc(), Delivery.id.desc())
    return db.paginate(in_order, page=page, per_page=FAILED_ON_A_PAGE, error_out=False)


def failed_number() -> int:
    """How many messages were given up within the last month."""
    return _messages(Delivery.state == State.FAILED)
