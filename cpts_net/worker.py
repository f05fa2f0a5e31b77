"""The worker: does what was written down to be done, and once an hour keeps the house.

One process is enough; several share the work, and none does what another did.
"""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock, wiring
from cpts_net.accounts import retention
from cpts_net.oncall.actions import generate_slots
from cpts_net.outbox import jobs
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
KEEP_HOUSE_EVERY = timedelta(hours=1)


def run(app: Flask, stop: Event) -> None:
    """Work until ``stop`` is set; a database that does not answer is asked again."""
    keep_house_at = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        try:
            with app.app_context():
                while not stop.is_set() and do_next_job():
                    pass
                if (now := clock.now()) >= keep_house_at:
                    keep_house(now)
                    keep_house_at = now + KEEP_HOUSE_EVERY
        except SQLAlchemyError as error:
            log.error("the database does not answer: %s", type(error).__name__)
        stop.wait(LOOK_EVERY_SECONDS)


def do_next_job() -> bool:
    """Do the next job that is due, and record how it went; False when none was due.

    Claimed, done and recorded in three steps: a mail server that takes its
    time must not keep others from writing. A worker that dies in the middle
    leaves the job to be done again, so a mail may in the worst case come twice
    but is never lost.
    """
    with transaction():
        claimed = jobs.claim(clock.now())
    if claimed is None:
        return False
    job_id, kind, payload = claimed
    try:
        wiring.HANDLERS[kind](payload)
    except Exception as error:
        db.session.rollback()
        # The job keeps the words of the error; they may name people, which a log must not.
        log.warning("job %s (%s) failed: %s", job_id, kind, type(error).__name__)
        with transaction():
            jobs.postpone(job_id, str(error) or type(error).__name__, clock.now())
    else:
        with transaction():
            jobs.finish(job_id, clock.now())
    return True


def keep_house(now: datetime) -> None:
    """Sweep away what has expired, and open the duties of the coming weeks."""
    with transaction():
        retention.forget(now)
        jobs.forget(now)
    with transaction():
        generate_slots(now=now)
