"""A mail server, mails that wait, and a worker for them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from cpts_net import clock, worker
from cpts_net.mail_settings import mail_server
from cpts_net.notices.models import Delivery
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.mail_server import MailServer, running_mail_server

WORDS = {"subject": "Réunion déplacée", "body": "À 20 h 30.\n"}


@pytest.fixture
def posting(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server to which the application sends."""
    with running_mail_server() as server:
        monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_server=mail_server(server.url)))
        yield server


@pytest.fixture
def write_down(app: Flask) -> Callable[..., None]:
    """Write down mails without a notice, to ``membre0@cpts.example`` and so on."""

    def written(count: int = 1, **columns: Any) -> None:
        with app.app_context(), transaction():
            for number in range(count):
                given = {"kind": "mail", "address": f"membre{number}@cpts.example", "letter": WORDS}
                made = {"message_id": f"<{uuid4()}@cpts.example>", "written_at": clock.now(), "due_at": clock.now()}
                db.session.add(Delivery(**{**given, **made, **columns}))

    return written


@pytest.fixture
def work_off(app: Flask) -> Callable[[], int]:
    """Send until nothing is due; return how many were tried."""

    def worked() -> int:
        done = 0
        with app.app_context():
            while worker.send_next():
                done += 1
        return done

    return worked
