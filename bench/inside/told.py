"""Tells people of something as the product does, each write lock written down; prints how many were told.

``python -m bench.inside.told PEOPLE`` writes one notice to so many people of the base that the environment names, of whom
one in ten chose something: a digest, nothing, other hours.
"""

import os
import sys
from datetime import time, timedelta

from sqlalchemy import select

from bench.inside.locks import watch
from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.app import create_app
from cpts_net.notices import choice_actions
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Channel
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL, Hours
from cpts_net.oncall.notice_kinds import REMOVED
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

ONE_IN = 10
OTHERS = (USUAL, Hours(None, None), Hours(digest_at=time(18)))
OFTEN = (When.DAILY, When.AT_ONCE)


def main(number: int) -> None:
    """Let one in ten choose first; then tell all of them, and nobody else meanwhile."""
    app = create_app(Settings.from_env(os.environ))
    with app.app_context():
        people = db.session.scalars(
            select(Account.person_id).where(Account.suspended_at.is_(None)).order_by(Account.id).limit(number)
        ).all()
        with transaction():
            for place, person_id in enumerate(people[::ONE_IN]):
                wanted = {(REMOVED, Channel.MAIL): OFTEN[place % len(OFTEN)]}
                choice_actions.choose(person_id, wanted, OTHERS[place % len(OTHERS)], now=clock.now())
        watch()
        now = clock.now()
        begins_at = now + timedelta(days=5)
        duty = {"line": "Nuit", "starts_at": begins_at, "ends_at": now + timedelta(days=6)}
        # Of no seat: it is nobody's, so all of them are told that they lost it.
        about = About("seat:999999999", before=duty, begins_at=begins_at)
        with transaction():
            notify(REMOVED, people, about, by=None, now=now)
        print(len(people))


if __name__ == "__main__":
    main(int(sys.argv[1]))
