"""People with a password."""

import re

import pytest

from cpts_net.accounts.passwords import hash_password
from cpts_net.audit.models import AuditEntry
from tests.telling import drawn_mails

PASSWORD = "tournesol-vent-grenier"


@pytest.fixture
def somebody(app, make):
    """An account whose password is ``PASSWORD``; each call is another person."""

    def with_password(**columns):
        with app.app_context():
            password_hash = hash_password(PASSWORD)
        return make.account(password_hash=password_hash, **columns)

    return with_password


@pytest.fixture
def enter(app):
    """Send the sign-in form from a browser of its own."""

    def send(email, password=PASSWORD, browser=None, **fields):
        browser = browser or app.test_client()
        return browser.post("/connexion", data={"email": email, "password": password, **fields})

    return send


@pytest.fixture
def trail(rows):
    """The actions that were told, in order."""
    return lambda: [entry.action for entry in rows(AuditEntry)]


@pytest.fixture
def mailed_path(app, rows):
    """The path of the link in the mail that was written last."""

    def last():
        with app.app_context():
            body = drawn_mails()[-1].body
        return re.search(r"http://localhost:8000(/(?:invitation|mot-de-passe)/\S+)", body)[1]

    return last
