"""Takes away slots to come that nobody serves, so that there is something to generate: ``python -m`` this."""

import os

from sqlalchemy import text

from cpts_net.app import create_app
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction

with create_app(Settings.from_env(os.environ)).app_context(), transaction():
    db.session.execute(
        text(
            "DELETE FROM duty_slot WHERE starts_at > '2026-07-20' AND id NOT IN (SELECT slot_id FROM duty_seat WHERE released_at IS NULL)"
        )
    )
    db.session.execute(text("UPDATE duty_line SET opened_until = NULL"))
