"""The worker: sends what was written down to be sent, reminds people by the minute, and once an hour keeps the house.

One process is enough; several share the work, and none does what another did.
No fault of a mail or of a chore ends it: there would be no more mails.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock, wiring
from cpts_net.notices import living, queue, sending
from cpts_net.outbox import mailer, smtp
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
BE_PROMPT_EVERY = timedelta(minutes=1)
KEEP_HOUSE_EVERY = timedelta(hours=1)
KEEP_HOUSE_AGAIN_AFTER = timedelta(minutes=1)  # When something went wrong.


def run(app: Flask, stop: Event) -> None:
    """Work until ``stop`` is set; a database that does not answer is asked again."""
    keep_house_at = datetime.min.replace(tzinfo=UTC)
    # Between mails too: a reminder that comes late is none, and many mails take a while.
    meanwhile = [Regularly(living.SIGN_EVERY, _sign), Regularly(BE_PROMPT_EVERY, be_prompt)]
    while not stop.is_set():
        try:
            with app.app_context():
                _send_all(stop, meanwhile)
                if (now := clock.now()) >= keep_house_at:
                    keep_house_at = now + KEEP_HOUSE_AGAIN_AFTER
                    if keep_house(now):
                        keep_house_at = now + KEEP_HOUSE_EVERY
        except SQLAlchemyError as error:
            log.error("the database does not answer: %s", type(error).__name__)
        except Exception as error:
            log.error("something went wrong: %s", _fault(error))
        stop.wait(LOOK_EVERY_SECONDS)
    _end(app)


def _send_all(stop: Event, meanwhile: Sequence["Regularly"]) -> None:
    """Send all that is due, and do between two mails what is not to wait for the last of them."""
    with smtp.one_connection():
        is_due = True
        while is_due and not stop.is_set():
            for deed in meanwhile:
                deed.go(clock.now())
            is_due = send_next()


class Regularly:
    """Does something again and again, and never more often than ``every`` so long."""

    def __init__(self, every: timedelta, deed: Callable[[datetime], object]) -> None:
        self._every, self._deed = every, deed
        self._next_at = datetime.min.replace(tzinfo=UTC)

    def go(self, now: datetime) -> None:
        """Do it, where it is time."""
        if now >= self._next_at:
            self._next_at = now + self._every
            self._deed(now)


def _sign(now: datetime) -> None:
    """Say that this worker lives, for whoever looks after the mails."""
    with transaction():
        living.sign(now)


def _end(app: Flask) -> None:
    """Say that this worker ends."""
    try:
        with app.app_context(), transaction():
            living.sign(clock.now(), ends=True)
    except SQLAlchemyError as error:
        log.error("the database does not answer: %s", type(error).__name__)


def send_next() -> bool:
    """Send what is due next, and record how it went; False when nothing was due.

    Claimed, sent and recorded in three steps: a mail server that takes its
    time must not keep others from writing. A worker that dies in the middle
    leaves it to be sent again, so a mail may in the worst case come twice,
    under one Message-ID, but is never lost.
    """
    with transaction():
        claimed = queue.claim(clock.now())
    if claimed is None:
        return False
    # The delivery keeps the words of an error; they may name people, which a log must not.
    try:
        outcome = sending.send(claimed, clock.now())
    except mailer.RefusedForGood as refused:
        log.warning("delivery %s (%s) is refused for good", claimed.id, claimed.kind)
        _record(partial(sending.refused, claimed, refused))
    except Exception as error:
        log.warning("delivery %s (%s) failed: %s", claimed.id, claimed.kind, _fault(error))
        _record(partial(queue.postpone, claimed.ids, str(error) or type(error).__name__))
    except SystemExit:
        # Told to end in the middle of it, which is not the mail's fault.
        _record(partial(queue.put_back, claimed.ids))
        raise
    else:
        _record(outcome)
    return True


def _record(outcome: queue.Outcome) -> None:
    db.session.rollback()
    with transaction():
        outcome(clock.now())


def be_prompt(now: datetime) -> None:
    """Do what cannot wait for the hour; what went wrong is tried again a minute later."""
    for chore in wiring.PROMPT_CHORES:
        _is_done(chore, now, nullcontext())


def keep_house(now: datetime) -> bool:
    """Do every chore, each in a transaction of its own; say whether all went well."""
    outcomes = [_is_done(chore, now, transaction()) for chore in wiring.CHORES]
    outcomes += [_is_done(chore, now, nullcontext()) for chore in wiring.LONG_CHORES]
    return all(outcomes)


def _is_done(chore: wiring.Chore, now: datetime, inside: AbstractContextManager[None]) -> bool:
    try:
        with inside:
            chore(now=now)
    except Exception as error:
        log.error("%s.%s failed: %s", chore.__module__, chore.__name__, _fault(error))
        return False
    return True


def _fault(error: Exception) -> str:
    """What went wrong and where, without the words of the error."""
    *_callers, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} ({Path(last.filename).name}:{last.lineno})"
