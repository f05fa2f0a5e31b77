"""Who is signed in: sessions that live in the database and can be ended there."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask_login import UserMixin
from sqlalchemy import bindparam, column, delete, select, table, update

from cpts_net import clock
from cpts_net.accounts.models import Account, LoginSession
from cpts_net.extensions import login_manager
from cpts_net.person_names import display_name
from cpts_net.pictures.kept import Made, kept
from cpts_net.roles import STAFF, Role
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

TOKEN_BYTES = 32
LONGEST_SESSION = timedelta(days=30)
LONGEST_IDLE = dict.fromkeys((Role.MEMBER, Role.PARTNER, Role.GUEST), timedelta(days=14))
LONGEST_IDLE_OF_STAFF = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)
IDENTITY_BYTES = 1024


@dataclass(frozen=True)
class Identity(UserMixin):
    """The account that makes a request, as one row of the database says it."""

    session_id: int
    account_id: int
    person_id: int
    role: Role
    display_name: str
    email: str
    token: str
    last_seen_at: datetime

    def get_id(self) -> str:
        """What the cookie keeps: the session's token, worth nothing once the row is gone."""
        return self.token

    @property
    def is_guest(self) -> bool:
        """Whether the account sees its groups and nothing else."""
        return self.role is Role.GUEST

    @property
    def is_staff(self) -> bool:
        """Whether the account may act for members: secretary, coordinator, administrator."""
        return self.role in STAFF


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from; ``session_id`` is the session that it is signed in with."""

    address: str
    user_agent: str = ""
    session_id: int | None = None
    browser: str = ""  # What the cookie of a known browser holds.


class Keys(NamedTuple):
    """What a browser is given when somebody enters; ``browser`` is None where no password was shown."""

    session: str
    browser: str | None = None


# Whom an account speaks for; the model stands in a room above.
_person = table("person", *map(column, ("id", "title", "given_name", "family_name")))
# Written out once, and asked below the session, which has nothing to add: every request asks it.
_OF_TOKEN = (
    select(
        LoginSession.id,
        LoginSession.last_seen_at,
        LoginSession.expires_at,
        Account.id.label("account_id"),
        Account.person_id,
        Account.role,
        _person.c.title,
        _person.c.given_name,
        _person.c.family_name,
        Account.email,
    )
    .join(Account, Account.id == LoginSession.account_id)
    .join(_person, _person.c.id == Account.person_id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.expires_at > bindparam("now"),
        Account.suspended_at.is_(None),
    )
)


def fingerprint(token: str) -> str:
    """What the database keeps of a secret that somebody else holds."""
    return hashlib.sha256(token.encode()).hexdigest()


def start_session(account_id: int, *, user_agent: str, address: str, now: datetime) -> str:
    """Record a new session of the account; return the token for its cookie."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        LoginSession(
            account_id=account_id,
            token_hash=fingerprint(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST_SESSION,
            user_agent=user_agent[:200],
            address=address,
        )
    )
    return token


def end_session(session_id: int) -> None:
    """End one session; its live connections close within a second."""
    revisions.bump(revisions.SESSIONS)
    db.session.execute(delete(LoginSession).where(LoginSession.id == session_id))


def end_sessions(account_id: int, *, but: int | None = None) -> None:
    """End every session of an account, perhaps but one."""
    revisions.bump(revisions.SESSIONS)
    db.session.execute(delete(LoginSession).where(LoginSession.account_id == account_id, LoginSession.id != (but or 0)))


def identify(token: str, now: datetime) -> Identity | None:
    """The identity behind a session's token; None when it ended, expired or was suspended.

    Kept until any session ends, any account or name changes, or the session has to be noted as seen.
    """
    token_hash = fingerprint(token)
    scopes = (revisions.DIRECTORY, revisions.SESSIONS)
    return kept().get((Identity, token_hash), scopes, now, lambda _old: _read(token, token_hash, now))


def _read(token: str, token_hash: str, now: datetime) -> Made[Identity | None]:
    row = db.session.connection().execute(_OF_TOKEN, {"token_hash": token_hash, "now": now}).one_or_none()
    if row is None or _is_idle(row.role, row.last_seen_at, now):
        return Made(None, 0, valid_until=now)
    return Made(_identity(row, token), IDENTITY_BYTES, min(row.expires_at, row.last_seen_at + SEEN_EVERY))


def _identity(row: Any, token: str) -> Identity:
    return Identity(
        session_id=row.id,
        account_id=row.account_id,
        person_id=row.person_id,
        role=Role(row.role),
        display_name=display_name(row.title, row.given_name, row.family_name),
        email=row.email,
        token=token,
        last_seen_at=row.last_seen_at,
    )


def alive_sessions(session_ids: Collection[int], now: datetime) -> set[int]:
    """Those of the sessions that ``identify`` would still know."""
    rows = db.session.execute(
        select(LoginSession.id, LoginSession.last_seen_at, Account.role)
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.id.in_(session_ids), LoginSession.expires_at > now, Account.suspended_at.is_(None))
    )
    return {row.id for row in rows if not _is_idle(row.role, row.last_seen_at, now)}


def is_inside(account_id: int, now: datetime) -> bool:
    """Whether somebody is signed in to the account in some browser."""
    sessions = db.session.scalars(select(LoginSession.id).where(LoginSession.account_id == account_id))
    return bool(alive_sessions(list(sessions), now))


def _is_idle(role: str, last_seen_at: datetime, now: datetime) -> bool:
    return now - last_seen_at > LONGEST_IDLE.get(Role(role), LONGEST_IDLE_OF_STAFF)


def note_seen(session_id: int, now: datetime) -> None:
    """Keep the session from idling out; writes every few minutes at the most."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.last_seen_at < now - SEEN_EVERY)
        .values(last_seen_at=now)
    )


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Identity | None:
    return identify(token, clock.now())
