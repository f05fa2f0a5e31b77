"""An installation with keys, a push service for it, and browsers that subscribe."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cpts_net import worker
from cpts_net.accounts.models import Account
from cpts_net.push import endpoints
from cpts_net.push_keys import PushKey, make_push_key
from cpts_net.settings import Settings
from tests.push.service import Browser, PushService, running_push_service


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> PushKey:
    return make_push_key(tmp_path_factory.mktemp("key") / "push-key.pem")


@pytest.fixture(scope="session")
def shared_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    with running_push_service(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture
def service(
    app: Flask, settings: Settings, key: PushKey, shared_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> PushService:
    """A push service that has heard nothing yet, of an installation with keys."""
    shared_service.asked.clear()
    shared_service.answers.clear()
    monkeypatch.setitem(app.extensions, "settings", replace(settings, push_key=key))
    monkeypatch.setitem(app.extensions, endpoints.KEY, shared_service.reach)
    return shared_service


@pytest.fixture
def subscribe(service: PushService, sign_in: Callable[[Account], FlaskClient]) -> Callable[..., Any]:
    """A browser in which an account is signed in and that rings; with the client of its pages."""

    def subscribed(account: Account, number: int = 1) -> tuple[Browser, FlaskClient]:
        browser, client = Browser(number), sign_in(account)
        answer = client.post("/mon-compte/notifications/cet-appareil", data=browser.said)
        assert answer.status_code == 303, answer.text
        return browser, client

    return subscribed


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
