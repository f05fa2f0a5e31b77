"""What people chose to hear of, how often, and when; read for many at once, by those who tell them something."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cpts_net.notices.kinds import catalogue
from cpts_net.notices.models import Channel, Delivery, Notice, NoticeSettings, Preference, State
from cpts_net.notices.rules import When
from cpts_net.notices.survivors import numbers_of
from cpts_net.notices.timing import Hours
from cpts_net.storage.connections import db


def chosen(kind: str, channel: Channel, person_ids: Collection[int]) -> Mapping[int, When]:
    """What those of the people chose who want a kind otherwise than its room declares it."""
    rows = db.session.execute(
        select(Preference.person_id, Preference.when).where(
            Preference.kind == kind, Preference.channel == channel, Preference.person_id.in_(person_ids)
        )
    )
    return {row.person_id: When(row.when) for row in rows}


def choices_of(person_id: int) -> Mapping[tuple[str, str], When]:
    """All that somebody chose, by kind and channel."""
    rows = db.session.scalars(select(Preference).where(Preference.person_id == person_id))
    return {(row.kind, row.channel): When(row.when) for row in rows}


def hours(person_ids: Collection[int]) -> Mapping[int, Hours]:
    """The hours of those of the people who have others than usual."""
    # Without loading a model for each of a thousand people.
    table = NoticeSettings
    rows = db.session.execute(
        select(table.person_id, table.quiet_from, table.quiet_until, table.digest_at, table.digest_weekday).where(
            table.person_id.in_(person_ids)
        )
    )
    return {row.person_id: Hours(row.quiet_from, row.quiet_until, row.digest_at, row.digest_weekday) for row in rows}


def not_yet_due(person_id: int, now: datetime) -> Sequence[Delivery]:
    """What waits for a digest or for the end of somebody's quiet hours, and was never tried, oldest first.

    Without what no room declares any more: the worker drops it when it is due.
    """
    return db.session.scalars(
        select(Delivery)
        .join(Notice)
        .where(
            Notice.person_id.in_(numbers_of([person_id])),
            Delivery.state == State.WAITING,
            Delivery.due_at > now,
            Delivery.attempts == 0,
            Delivery.kind.in_(catalogue().kinds),
        )
        .options(joinedload(Delivery.notice))
        .order_by(Delivery.id)
    ).all()
