"""Which devices ring, and which do not any more."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from cpts_net.accounts.models import LoginSession
from cpts_net.push import queries
from cpts_net.push.messages import Subscription
from cpts_net.push.models import PushDevice
from cpts_net.storage.connections import db

DEVICES: Any = PushDevice.__table__


def add(session_id: int, subscription: Subscription, *, now: datetime) -> bool:
    """Have the device of a session ring; return whether it does, which is not once somebody signed out there.

    It rings for nobody else: a browser has one endpoint, whoever sits before it.
    """
    # Several pages of one session may say so at the same instant: the second finds what the first one left.
    alive = db.session.scalar(select(LoginSession.id).where(LoginSession.id == session_id).with_for_update())
    if alive is None:
        return False
    known = queries.device_of(session_id)
    columns = {
        "session_id": session_id,
        **subscription._asdict(),
        "shows_all": bool(known and known.shows_all),
        "created_at": known.created_at if known else now,
        "reached_at": known.reached_at if known else None,
    }
    _drop(PushDevice.session_id == session_id, PushDevice.endpoint != subscription.endpoint)
    dialect: Any = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(DEVICES).values(columns)
    db.session.execute(adding.on_conflict_do_update(index_elements=[DEVICES.c.endpoint], set_=columns))
    db.session.expire_all()
    return True


def show(device: PushDevice, *, shows_all: bool) -> None:
    """Let the locked screen of a device say all, or only of what sort it is."""
    device.shows_all = shows_all


def remove(device_ids: Collection[int]) -> None:
    """Have devices ring no more."""
    _drop(PushDevice.id.in_(device_ids))


def remove_all() -> int:
    """Have no device ring any more; return how many did."""
    return db.session.execute(delete(PushDevice)).rowcount  # type: ignore[attr-defined,no-any-return]


def note_reached(device_ids: Collection[int], *, now: datetime) -> None:
    """Note that their services took something for them."""
    db.session.execute(
        update(PushDevice)
        .where(PushDevice.id.in_(device_ids))
        .values(reached_at=now)
        .execution_options(synchronize_session=False)
    )


def _drop(*which: object) -> None:
    db.session.execute(delete(PushDevice).where(*which).execution_options(synchronize_session=False))  # type: ignore[arg-type]
