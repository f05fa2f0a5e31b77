"""What is read of devices."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from cpts_net.accounts.models import Account, LoginSession
from cpts_net.push.models import PushDevice
from cpts_net.storage.connections import db


def device_of(session_id: int) -> PushDevice | None:
    """The device of a session; None where it does not ring."""
    return db.session.scalar(select(PushDevice).where(PushDevice.session_id == session_id))


def devices_of(account_id: int) -> Sequence[PushDevice]:
    """The devices of an account, each with its session; the one that was seen last first."""
    query = select(PushDevice).join(PushDevice.session).where(LoginSession.account_id == account_id)
    in_order = query.order_by(LoginSession.last_seen_at.desc(), PushDevice.id)
    return db.session.scalars(in_order.options(joinedload(PushDevice.session))).all()


def ringing(person_id: int, now: datetime) -> Sequence[PushDevice]:
    """The devices of a person that ring; those of a session that is over do not."""
    return db.session.scalars(_of_people(select(PushDevice), [person_id], now).order_by(PushDevice.id)).all()


def people_who_ring(person_ids: Collection[int], now: datetime) -> set[int]:
    """Those of the people who have one."""
    return set(db.session.scalars(_of_people(select(Account.person_id), person_ids, now)))


def _of_people(query: Select[Any], person_ids: Collection[int], now: datetime) -> Select[Any]:
    alive = (LoginSession.expires_at > now, Account.suspended_at.is_(None), Account.person_id.in_(person_ids))
    return (
        query.select_from(PushDevice)
        .join(LoginSession, LoginSession.id == PushDevice.session_id)
        .join(Account, Account.id == LoginSession.account_id)
        .where(*alive)
    )
