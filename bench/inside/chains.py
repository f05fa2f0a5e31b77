"""How long the resolver takes to follow relays over four weeks: CPU of one process, in its own base.

``python -m bench.inside.chains [share]`` reads the base that the environment
names, as it is; with a share, so many percent of its people go away for the
four weeks first, with five relays each. It prints milliseconds: the median of
twenty readings, and the longest.
"""

import gc
import os
import random
import sys
import time
from datetime import timedelta
from statistics import median

from sqlalchemy import insert, select, update

from cpts_net import clock
from cpts_net.app import create_app
from cpts_net.continuity import resolver
from cpts_net.continuity.board import window
from cpts_net.directory.models import Person
from cpts_net.leave.models import Absence, Relay
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

READINGS = 20
RELAYS = 5


def main(share: int) -> None:
    """Measure, after sending people away when that is asked."""
    app = create_app(Settings.from_env(os.environ))
    with app.app_context():
        if share:
            with transaction():
                _send_away(share)
        span = window(clock.now(), clock.zone())
        resolver.resolve(span)
        gc.collect()
        gc.freeze()  # As ``web`` does after its start.
        times = [_milliseconds(span) for _ in range(READINGS)]
    print(f"{median(times):.1f} {max(times):.1f}")


def _milliseconds(span) -> float:  # type: ignore[no-untyped-def]
    started = time.process_time()
    resolver.resolve(span)
    db.session.rollback()
    return (time.process_time() - started) * 1000


def _send_away(share: int) -> None:
    chance = random.Random(28)
    db.session.execute(update(Absence).values(cancelled_at=clock.now()))
    people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
    today = clock.today()
    for person_id in chance.sample(people, len(people) * share // 100):
        first = today - timedelta(days=chance.randrange(3))
        last = today + timedelta(days=chance.randrange(5, 40))
        row = {"person_id": person_id, "first_day": first, "last_day": last, "note": "", "declared_at": clock.now()}
        absence_id = db.session.scalar(insert(Absence).values(**row).returning(Absence.id))
        named = [relay for relay in chance.sample(people, RELAYS + 1) if relay != person_id][:RELAYS]
        for rank, relay in enumerate(named):
            db.session.execute(insert(Relay).values(absence_id=absence_id, rank=rank, person_id=relay))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
