"""Browsers that are signed in, made in the base itself: a measurement chooses no passwords."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from cpts_net import clock
from cpts_net.accounts.identity import start_session
from cpts_net.accounts.models import Account
from cpts_net.app import create_app
from cpts_net.directory.models import Member
from cpts_net.leave.models import Absence
from cpts_net.roles import Role
from cpts_net.settings import Settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction


@dataclass(frozen=True)
class Browser:
    """Somebody who is signed in; ``name`` is how the board calls them."""

    email: str
    name: str
    cookie: str


def application(environment: Mapping[str, str]) -> Flask:
    """The product on the base that is measured."""
    return create_app(Settings.from_env(environment))


def browsers(app: Flask, count: int, *, there_from_today: bool) -> list[Browser]:
    """So many members, each in a browser of their own.

    With ``there_from_today`` only such as have no absence from today on, so
    that each can declare one.
    """
    wanted = select(Account, Member).join(Member, Member.id == Account.member_id).where(Account.role == Role.MEMBER)
    with app.app_context():
        if there_from_today:
            away = select(Absence.member_id).where(Absence.last_day >= clock.today())
            wanted = wanted.where(Member.id.not_in(away)).order_by(Member.id.desc())
        people = db.session.execute(wanted.limit(count)).all()
        found = []
        with transaction():
            for account, member in people:
                token = start_session(account.id, user_agent="bench", address="127.0.0.1", now=clock.now())
                found.append(Browser(account.email, member.display_name, _cookie(app, token)))
    return found


def _cookie(app: Flask, token: str) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps({"_user_id": token, "_fresh": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={value}"
