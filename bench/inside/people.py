"""Makes who looks and finds what there is to look at, in the base itself: a measurement chooses no passwords.

``python -m bench.inside.people VIEWERS DECLARERS`` prints a ``Scene`` as JSON.
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import cycle, islice
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import text

from bench.people import Browser, Scene
from cpts_net import clock
from cpts_net.accounts.identity import start_session
from cpts_net.accounts.passwords import hash_password
from cpts_net.app import create_app
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

MOST_IN_GROUP = 10
PASSWORD = "une mesure sans fin 2026"
# The open poll that most are asked in.
POLL = (
    "SELECT poll.id FROM poll JOIN membership USING (group_id) WHERE closed_at IS NULL AND left_at IS NULL"
    " GROUP BY poll.id ORDER BY count(*) DESC, poll.id LIMIT 1"
)
POLLED_GROUP = f"SELECT group_id FROM poll WHERE id = ({POLL})"
# What stands in the addresses of pages: where there is most to show.
PLACES = {
    "poll": POLL,
    "option": f"SELECT min(id) FROM poll_option WHERE poll_id = ({POLL})",
    "group": POLLED_GROUP,
    "meeting": "SELECT meeting_id FROM invitation GROUP BY meeting_id ORDER BY count(*) DESC, meeting_id LIMIT 1",
    "line": "SELECT slug FROM duty_line JOIN duty_slot ON duty_line.id = line_id GROUP BY slug"
    " ORDER BY count(*) DESC, slug LIMIT 1",
    "profile": "SELECT person_id FROM duty_seat WHERE released_at IS NULL GROUP BY person_id ORDER BY count(*) DESC, person_id LIMIT 1",
    "account": "SELECT min(id) FROM account WHERE role = 'member'",
}
WITH_ROLE = "SELECT account.id, email, given_name || ' ' || family_name, person_id FROM account JOIN person ON person.id = person_id WHERE suspended_at IS NULL AND role = "
MEMBERS = f"{WITH_ROLE}'member'"
# Nobody who would have to say first what becomes of a duty.
FREE_FROM_TODAY = (
    " AND person_id NOT IN (SELECT person_id FROM absence WHERE last_day >= :today)"
    " AND person_id NOT IN (SELECT person_id FROM duty_seat WHERE released_at IS NULL AND ends_at >= :today)"
)
IN_GROUP = f" AND person_id IN (SELECT person_id FROM membership WHERE left_at IS NULL AND group_id = ({POLLED_GROUP}))"
LEADS = f" AND person_id IN (SELECT person_id FROM membership WHERE left_at IS NULL AND role = 'lead' AND group_id = ({POLLED_GROUP}))"


def made_here(viewers: int, declarers: int) -> Scene:
    """The scene in the base that the environment names."""
    app = create_app(Settings.from_env(os.environ))
    with app.app_context(), transaction():
        db.session.execute(text("UPDATE account SET password_hash = :hash"), {"hash": hash_password(PASSWORD)})

        def found(question: str) -> Sequence[Any]:
            return db.session.execute(text(question), {"today": clock.today().isoformat()}).all()

        def browsers(question: str, count: int) -> list[Browser]:
            """So many browsers of those whom the question finds, each of a session of its own."""
            return [signed_in(app, *row) for row in islice(cycle(found(question)), count)]

        return Scene(
            viewers=browsers(f"{MEMBERS} ORDER BY account.id", viewers),
            declarers=browsers(f"{MEMBERS}{FREE_FROM_TODAY} ORDER BY account.id DESC", declarers),
            in_group=browsers(f"{MEMBERS}{IN_GROUP} ORDER BY account.id LIMIT {MOST_IN_GROUP}", MOST_IN_GROUP),
            lead=browsers(f"{MEMBERS}{LEADS} ORDER BY account.id", 1)[0],
            administrator=browsers(f"{WITH_ROLE}'administrator'", 1)[0],
            places={place: str(found(question)[0][0]) for place, question in PLACES.items()},
            password=PASSWORD,
        )


def signed_in(app: Flask, account_id: int, email: str, name: str, person_id: int | None) -> Browser:
    """The browser of somebody, in a session of its own; in a transaction."""
    token = start_session(account_id, user_agent="bench", address="127.0.0.1", now=clock.now())
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    return Browser(email, name, person_id, f"{app.config['SESSION_COOKIE_NAME']}={value}")


if __name__ == "__main__":
    print(json.dumps(asdict(made_here(*map(int, sys.argv[1:3])))))
