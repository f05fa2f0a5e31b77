"""Feeds for the tests of calendars."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask

from cpts_net import clock, worker
from cpts_net.accounts.models import Account
from cpts_net.calendars import actions
from cpts_net.calendars.feed_addresses import feed_address
from cpts_net.calendars.models import FeedKind
from cpts_net.directory.models import Person
from cpts_net.mail_settings import mail_server
from cpts_net.pictures import kept
from cpts_net.settings import Settings
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.factories import Factory
from tests.house.page import HouseClient
from tests.mail_server import MailServer, running_mail_server


class Subscriber:
    """A calendar that somebody subscribed to a feed."""

    def __init__(self, app: Flask, feed_id: int, url: str) -> None:
        self.feed_id = feed_id
        self.url = url
        self.path = url.removeprefix("http://localhost:8000")
        self._client: HouseClient = app.test_client()

    def get(self, **headers: str) -> Any:
        """Ask for the feed; ``If_None_Match`` stands for the header of that name."""
        return self._client.get(self.path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def open(self, method: str) -> Any:
        is_safe = method in {"HEAD", "OPTIONS"}
        return self._client.open(self.path, method=method, **({} if is_safe else {"csrf": False}))

    @property
    def body(self) -> bytes:
        response = self.get()
        assert response.status_code == 200, response.text
        body: bytes = response.data
        return body


@pytest.fixture
def anne(make: Factory) -> Person:
    return make.person("Anne", "Petit")


@pytest.fixture
def paul(make: Factory) -> Person:
    return make.person("Paul", "Durand")


@pytest.fixture
def owner(make: Factory, anne: Person) -> Account:
    return make.account(anne)


@pytest.fixture
def subscribe(app: Flask) -> Callable[..., Subscriber]:
    """Make a feed for an account, and a calendar that reads it."""

    def made(account: Account, kind: str = "mine", name: str = "Mon agenda", **columns: Any) -> Subscriber:
        line_id = columns.pop("line_id", None)
        with app.app_context(), transaction():
            feed = actions.create_feed(account.id, FeedKind(kind), name, line_id=line_id, now=clock.now())
            for column, value in columns.items():
                setattr(feed, column, value)
            db.session.flush()
            return Subscriber(app, feed.id, feed_address(feed))

    return made


@pytest.fixture
def change(app: Flask) -> Callable[..., None]:
    """Change columns of a row, and count the change of a scope."""

    def changed(row: Any, scope: str = revisions.CONTINUITY, **columns: Any) -> None:
        with app.app_context(), transaction():
            revisions.bump(scope)
            stored = db.session.get_one(type(row), row.id)
            for column, value in columns.items():
                setattr(stored, column, value)

    return changed


@pytest.fixture
def posting(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server; answers to mails reach somebody."""
    with running_mail_server() as server:
        monkeypatch.setitem(
            app.extensions,
            "settings",
            replace(settings, mail_server=mail_server(server.url), contact="contact@cpts.example"),
        )
        yield server


@pytest.fixture
def mails(app: Flask, posting: MailServer) -> Callable[[], list[EmailMessage]]:
    """The mails that reach the server now, after those of the last call."""

    def sent() -> list[EmailMessage]:
        posting.mails.clear()
        with app.app_context():
            while worker.send_next():
                pass
        return posting.read()

    return sent


@pytest.fixture
def elsewhere(app: Flask) -> Callable[[Callable[[], Any]], Any]:
    """Have something done in another process: with another memory."""

    def done(step: Callable[[], Any]) -> Any:
        memory = app.extensions[kept.KEY]
        kept.prepare(app)
        try:
            return step()
        finally:
            app.extensions[kept.KEY] = memory

    return done
