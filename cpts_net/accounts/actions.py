"""What changes accounts from the side of the person: links, passwords, sessions."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from cpts_net.accounts import identity, link_mails, own_kinds, queries, user_agents
from cpts_net.accounts.identity import Keys, Visitor
from cpts_net.accounts.models import Account, AccountLink, KnownBrowser, Purpose
from cpts_net.accounts.rules import (
    ADDRESS_LASTS,
    DEMONSTRATION_LASTS,
    INVITATION_LASTS,
    OBJECTION_LASTS,
    RESET_IS_FRESH,
    RESET_LASTS,
    LinkIsDead,
    SignInRefused,
)
from cpts_net.audit.actions import record
from cpts_net.notices.actions import About, notify, write_letter
from cpts_net.settings import current_settings
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

LASTS: dict[Purpose, timedelta] = {
    Purpose.INVITATION: INVITATION_LASTS,
    Purpose.RESET: RESET_LASTS,
    Purpose.DEMONSTRATION: DEMONSTRATION_LASTS,
    Purpose.ADDRESS: ADDRESS_LASTS,
    Purpose.ADDRESS_BY_STAFF: ADDRESS_LASTS,
    Purpose.OBJECTION: OBJECTION_LASTS,
}
PATHS = {
    Purpose.INVITATION: "invitation",
    Purpose.RESET: "mot-de-passe",
    Purpose.DEMONSTRATION: "demonstration",
    Purpose.ADDRESS: "mon-compte/adresse",
    Purpose.ADDRESS_BY_STAFF: "adresse",
    Purpose.OBJECTION: "adresse/refus",
}


def make_link(account_id: int, purpose: Purpose, *, now: datetime) -> str:
    """Make a link of the account, and end its former ones for the same purpose; return its address."""
    end_links(account_id, now, purpose)
    return add_link(account_id, purpose, now=now)


def add_link(account_id: int, purpose: Purpose, *, now: datetime, address: str | None = None) -> str:
    """Make a link of the account beside those that it has, perhaps to another mail ``address``; return its own."""
    token = secrets.token_urlsafe(identity.TOKEN_BYTES)
    db.session.add(
        AccountLink(
            account_id=account_id,
            purpose=purpose,
            token_hash=identity.fingerprint(token),
            address=address,
            created_at=now,
            expires_at=now + LASTS[purpose],
        )
    )
    return f"{current_settings().public_url}/{PATHS[purpose]}/{token}"


def send_invitation(account: Account, *, now: datetime) -> None:
    """Mail a link that leads to choosing a password."""
    address = make_link(account.id, Purpose.INVITATION, now=now)
    write_letter(account.email, link_mails.INVITATION, now, name=account.display_name, address=address)


def send_reset(account: Account, *, now: datetime) -> None:
    """Mail a link that leads to choosing another password; nothing while a fresh one lies in the mailbox.

    A stranger can ask for one at any time: that must not end the one which its
    owner is about to use, nor fill the mailbox.
    """
    if not queries.has_link_since(account.id, Purpose.RESET, now - RESET_IS_FRESH):
        send_another_reset(account, now=now)


def send_another_reset(account: Account, *, now: datetime) -> None:
    """Mail a link that leads to choosing another password, whatever was mailed before."""
    address = make_link(account.id, Purpose.RESET, now=now)
    write_letter(account.email, link_mails.RESET, now, name=account.display_name, address=address)


def use_link(token: str, purpose: Purpose, *, now: datetime) -> Account:
    """Use the link up; return its account.

    Raises:
        LinkIsDead: it was used, has expired, never existed, or its account is suspended.
    """
    used = db.session.scalar(
        update(AccountLink)
        .where(
            AccountLink.token_hash == identity.fingerprint(token),
            AccountLink.purpose == purpose,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(AccountLink.account_id)
        .execution_options(synchronize_session=False)
    )
    account = queries.account(used) if used else None
    if account is None or account.suspended_at:
        raise LinkIsDead
    return account


def set_password(account: Account, password_hash: str, *, now: datetime) -> None:
    """Give the account a password, end all its sessions and links, forget its browsers, and tell its owner by mail."""
    shut(account.id, now=now)
    if account.password_hash:
        tell_of_password(account, now=now)
    account.password_hash = password_hash


def shut(account_id: int, *, now: datetime) -> None:
    """End all that opens the account but its password: sessions, browsers that know it, links mailed until now."""
    identity.end_sessions(account_id)
    db.session.execute(delete(KnownBrowser).where(KnownBrowser.account_id == account_id))
    end_links(account_id, now, Purpose.INVITATION, Purpose.RESET, Purpose.ADDRESS, Purpose.ADDRESS_BY_STAFF)


def tell_of_password(account: Account, *, now: datetime) -> None:
    """Tell the owner of an account that its password was changed."""
    write_letter(account.email, link_mails.PASSWORD_CHANGED, now, name=account.display_name)


def open_session(account_id: int, visitor: Visitor, *, now: datetime) -> str:
    """End the session that the browser had, start another; return the new token."""
    revisions.bump(revisions.SESSIONS)
    if visitor.session_id:
        identity.end_session(visitor.session_id)
    return identity.start_session(account_id, user_agent=visitor.user_agent, address=visitor.address, now=now)


def know_browser(account_id: int, known: str, *, now: datetime) -> str:
    """Note that the account's password was shown in a browser; return the token that it holds from now on.

    ``known`` is the token that it held before, which is worth nothing afterwards.
    """
    token = secrets.token_urlsafe(identity.TOKEN_BYTES)
    before, after = identity.fingerprint(known), identity.fingerprint(token)
    db.session.execute(
        delete(KnownBrowser).where(KnownBrowser.token_hash == before, KnownBrowser.account_id == account_id)
    )
    db.session.execute(update(KnownBrowser).where(KnownBrowser.token_hash == before).values(token_hash=after))
    db.session.add(KnownBrowser(account_id=account_id, token_hash=after, signed_in_at=now))
    return token


def sign_in(checked: queries.Credentials, renewed_hash: str | None, visitor: Visitor, *, now: datetime) -> Keys:
    """Open a session for the account whose password was found right; tell its owner where the browser is new to it.

    Raises:
        SignInRefused: the account was suspended, or its password changed, since it was checked.
    """
    revisions.bump(revisions.SESSIONS)
    account = queries.account(checked.account_id)
    if account is None or account.suspended_at or account.password_hash != checked.password_hash:
        raise SignInRefused
    if renewed_hash:
        account.password_hash = renewed_hash
    tell(account.id, "account.signed_in", visitor, now=now)
    if not queries.knows_account(visitor.browser, account.email):
        used = dict(zip(("browser", "device"), user_agents.named(visitor.user_agent), strict=True))
        about = About(f"account:{account.id}", after=used)
        notify(own_kinds.NEW_DEVICE, [account.person_id], about, by=None, now=now)
    return enter(account.id, visitor, now=now)


def enter(account_id: int, visitor: Visitor, *, now: datetime) -> Keys:
    """Open a session for somebody who showed or chose their password, in a browser that is known from now on."""
    return Keys(open_session(account_id, visitor, now=now), know_browser(account_id, visitor.browser, now=now))


def tell(account_id: int | None, action: str, visitor: Visitor, *, now: datetime) -> None:
    """Record in the trail what somebody did to an account of their own."""
    subject = f"account:{account_id}" if account_id else ""
    record(action, actor_id=account_id, now=now, subject=subject, address=visitor.address)


def end_links(account_id: int, now: datetime, *purposes: Purpose) -> None:
    """Let the links of the account for these purposes be worth nothing any more."""
    db.session.execute(
        update(AccountLink)
        .where(AccountLink.account_id == account_id, AccountLink.purpose.in_(purposes), AccountLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
