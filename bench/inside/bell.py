"""Counts what a page asks the database for the sake of the bell: ``python -m bench.inside.bell``.

Somebody who was told something looks at the board three times. Printed are the statements of the first look, those of the
last, and how many of these are about notices.
"""

import json
import os
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from bench.inside.people import signed_in
from cpts_net.accounts.models import Account
from cpts_net.app import create_app
from cpts_net.notices.models import Notice
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

PAGE = "/continuite/"
LOOKS = 3


def main() -> None:
    """Look, and count."""
    app = create_app(Settings.from_env(os.environ))
    with app.app_context(), transaction():
        unread = select(Account.id, Account.email, Account.person_id).join(
            Notice, Notice.person_id == Account.person_id
        )
        unread = unread.where(Account.suspended_at.is_(None), Notice.seen_at.is_(None))
        account_id, email, person_id = db.session.execute(unread.order_by(Account.id).limit(1)).one()
        cookie = signed_in(app, account_id, email, "", person_id).cookie
    looks = [_asked_by_a_look(app, cookie) for _ in range(LOOKS)]
    about_notices = [statement for statement in looks[-1] if "notice" in statement]
    print(json.dumps({"first": len(looks[0]), "last": len(looks[-1]), "about_notices": len(about_notices)}))


def _asked_by_a_look(app: Flask, cookie: str) -> list[str]:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    answer = app.test_client(use_cookies=False).get(
        PAGE, headers={"Cookie": cookie, "Host": f"localhost:{os.environ['PORT']}"}
    )
    event.remove(engine, "before_cursor_execute", note)
    if answer.status_code != 200 or 'data-bell="0"' in answer.text:
        raise RuntimeError(f"{PAGE} answered {answer.status_code} without an unread notice")
    return asked


if __name__ == "__main__":
    main()
