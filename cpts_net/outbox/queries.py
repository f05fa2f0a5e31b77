"""What is read of the outbox."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from cpts_net.outbox.jobs import Job
from cpts_net.storage.connections import db


def unsent() -> Sequence[Job]:
    """What waits to be done, and what was given up within the last month; oldest first."""
    given_up = Job.last_error != ""
    return db.session.scalars(select(Job).where(or_(Job.run_at.is_not(None), given_up)).order_by(Job.id)).all()
