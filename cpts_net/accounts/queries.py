"""What is read of accounts."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from cpts_net.accounts.identity import fingerprint
from cpts_net.accounts.models import Account, AccountLink, KnownBrowser, LoginSession, Purpose
from cpts_net.roles import Role
from cpts_net.storage.connections import db


class Credentials(NamedTuple):
    """What a sign-in is checked against."""

    account_id: int
    password_hash: str | None
    is_suspended: bool


def credentials(email: str) -> Credentials | None:
    """The credentials of the account with this address, in lower case; None when there is none."""
    found = account_by_email(email)
    return Credentials(found.id, found.password_hash, found.suspended_at is not None) if found else None


def account(account_id: int) -> Account | None:
    """The account; None when there is none."""
    return db.session.get(Account, account_id)


def is_mail_refused(account_id: int) -> bool:
    """Whether the mail server said that it has nobody at the address of the account."""
    return db.session.scalar(select(Account.mail_refused_at).where(Account.id == account_id)) is not None


def account_by_email(email: str) -> Account | None:
    """The account with this address, in lower case; None when there is none."""
    return db.session.scalar(select(Account).where(Account.email == email))


def account_of_person(person_id: int) -> Account | None:
    """The account that speaks for this person; None when there is none."""
    return db.session.scalar(select(Account).where(Account.person_id == person_id))


def people_of_role(role: Role) -> list[int]:
    """For whom the accounts of this role speak that may sign in, in the order of their numbers."""
    found = select(Account.person_id).where(Account.role == role, Account.suspended_at.is_(None))
    return [*db.session.scalars(found.order_by(Account.person_id))]


def accounts_of_people(person_ids: Collection[int]) -> dict[int, Account]:
    """The accounts that speak for some people, by whom they speak for."""
    found = db.session.scalars(select(Account).where(Account.person_id.in_(person_ids)))
    return {account.person_id: account for account in found}


def link(token: str, purpose: Purpose) -> AccountLink | None:
    """The link with its account, alive or dead; None when none was ever made."""
    return db.session.scalar(
        select(AccountLink)
        .where(AccountLink.token_hash == fingerprint(token), AccountLink.purpose == purpose)
        .options(joinedload(AccountLink.account))
    )


def pending_address(address: str, purposes: Collection[Purpose], now: datetime) -> AccountLink | None:
    """The last link to this mail address that still leads somewhere, with its account; None when there is none."""
    return db.session.scalar(_alive_links(purposes, now).where(AccountLink.address == address).limit(1))


def pending_link(account_id: int, purposes: Collection[Purpose], now: datetime) -> AccountLink | None:
    """The last link of the account that still leads somewhere; None when there is none."""
    return db.session.scalar(_alive_links(purposes, now).where(AccountLink.account_id == account_id).limit(1))


def _alive_links(purposes: Collection[Purpose], now: datetime) -> Select[AccountLink]:
    alive = select(AccountLink).where(AccountLink.purpose.in_(purposes), AccountLink.used_at.is_(None))
    found = alive.where(AccountLink.expires_at > now).order_by(AccountLink.id.desc())
    return found.options(joinedload(AccountLink.account))


def has_link_since(account_id: int, purpose: Purpose, since: datetime) -> bool:
    """Whether a link of the account that was not used was made after ``since``."""
    made = select(AccountLink.id).where(AccountLink.account_id == account_id, AccountLink.purpose == purpose)
    unused = made.where(AccountLink.created_at > since, AccountLink.used_at.is_(None))
    return db.session.scalar(unused.limit(1)) is not None


def knows_account(browser: str, email: str) -> bool:
    """Whether somebody has signed in to the account with this address in the browser that holds this token."""
    known = select(KnownBrowser.id).join(Account, Account.id == KnownBrowser.account_id)
    asked = known.where(KnownBrowser.token_hash == fingerprint(browser), Account.email == email)
    return bool(browser) and db.session.scalar(asked) is not None


def sessions_of(account_id: int, now: datetime) -> list[LoginSession]:
    """The sessions of the account that are still good, the one used last first."""
    found = db.session.scalars(
        select(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.expires_at > now)
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
        .limit(50)
    )
    return list(found)
