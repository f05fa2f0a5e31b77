"""A mail server, jobs that wait, and a worker for them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from cpts_net import clock, worker
from cpts_net.mail_settings import mail_server
from cpts_net.outbox import jobs, mailer
from cpts_net.settings import Settings
from cpts_net.storage.transaction import transaction
from tests.mail_server import MailServer, running_mail_server


@pytest.fixture
def posting(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server to which the application sends."""
    with running_mail_server() as server:
        monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_server=mail_server(server.url)))
        yield server


@pytest.fixture
def write_down(app: Flask) -> Callable[..., None]:
    """Write down mails to ``membre0@cpts.example`` and so on, or jobs of another kind."""

    def written(count: int = 1, kind: str = mailer.PLAIN_MAIL, **payload: Any) -> None:
        with app.app_context(), transaction():
            for number in range(count):
                mail = {"to": f"membre{number}@cpts.example", "subject": "Réunion déplacée", "body": "À 20 h 30.\n"}
                jobs.enqueue(kind, {**mail, **payload}, clock.now())

    return written


@pytest.fixture
def work_off(app: Flask) -> Callable[[], int]:
    """Do jobs until none is due; return how many were tried."""

    def worked() -> int:
        done = 0
        with app.app_context():
            while worker.do_next_job():
                done += 1
        return done

    return worked
