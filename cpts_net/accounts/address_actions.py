"""Changing the address with which somebody signs in: asked for, confirmed where it leads, and objected to.

Each action locks the scope of sessions first, so an address is never given to
two accounts at once.
"""

from datetime import datetime

from sqlalchemy import update

from cpts_net.accounts import link_mails, queries
from cpts_net.accounts.actions import add_link, end_links, make_link, shut, use_link
from cpts_net.accounts.models import Account, AccountLink, Purpose
from cpts_net.accounts.rules import AddressTaken, LinkIsDead
from cpts_net.folding import fold
from cpts_net.notices.actions import write_letter
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

PENDING = (Purpose.ADDRESS, Purpose.ADDRESS_BY_STAFF)


def ask_for_address(account: Account, address: str, purpose: Purpose, *, now: datetime) -> None:
    """Mail a link to another address, which the account has once it is confirmed there; the last one asked for counts.

    Who already signs in with that address reads so there; whoever asks does
    not learn it, and the mailbox of today is told the same in both cases.
    """
    revisions.bump(revisions.SESSIONS)
    end_links(account.id, now, *PENDING)
    holder = queries.account_by_email(address)
    if holder is None:
        send_new_address(account, address, purpose, now=now)
    elif not holder.suspended_at:
        tell_of_taken_address(holder, now=now)
    tell_of_asking(account, account.email, now=now, wanted=address)


def send_new_address(account: Account, address: str, purpose: Purpose, *, now: datetime) -> None:
    """Mail the link that confirms an address to it."""
    end_links(account.id, now, *PENDING)
    link = add_link(account.id, purpose, now=now, address=address)
    write_letter(address, link_mails.NEW_ADDRESS, now, name=account.display_name, address=link)


def tell_of_taken_address(account: Account, *, now: datetime) -> None:
    """Tell whoever signs in with an address that somebody else has asked for it."""
    write_letter(account.email, link_mails.ADDRESS_TAKEN, now, name=account.display_name)


def tell_of_asking(account: Account, former: str, *, now: datetime, wanted: str) -> None:
    """Tell the mailbox of today, with a way to object."""
    link = add_link(account.id, Purpose.OBJECTION, now=now, address=former)
    write_letter(former, link_mails.ADDRESS_ASKED, now, name=account.display_name, wanted=wanted, address=link)


def tell_of_change(account: Account, former: str, *, now: datetime) -> None:
    """Tell the mailbox of before, with a way to object."""
    link = add_link(account.id, Purpose.OBJECTION, now=now, address=former)
    write_letter(former, link_mails.ADDRESS_CHANGED, now, name=account.display_name, wanted=account.email, address=link)


def take_address(token: str, purpose: Purpose, *, now: datetime) -> Account:
    """Use the link up; give the account the address to which it was mailed, and end what opened it before.

    Raises:
        LinkIsDead, AddressTaken: nothing was changed.
    """
    revisions.bump(revisions.SESSIONS)
    address = _address_of(token, purpose)
    account = use_link(token, purpose, now=now)
    former = account.email
    _set_address(account, address)
    shut(account.id, now=now)
    tell_of_change(account, former, now=now)
    return account


def object_to_address(token: str, *, now: datetime) -> Account:
    """Give the account the address back that the link was mailed to, or keep it; end everything that opens it.

    Whoever changed it knew the password: it opens nothing any more. What was
    mailed later, say to the address of a thief, gives the account back to nobody.

    Raises:
        LinkIsDead, AddressTaken: nothing was changed.
    """
    revisions.bump(revisions.SESSIONS)
    address = _address_of(token, Purpose.OBJECTION)
    account = use_link(token, Purpose.OBJECTION, now=now)
    if account.email != address:
        _set_address(account, address)
    account.password_hash = None
    shut(account.id, now=now)
    _end_later_objections(token, account.id, now)
    return account


def reset_link(account: Account, *, now: datetime) -> str:
    """The address behind which somebody who has just shown that they read the mailbox chooses a password."""
    return make_link(account.id, Purpose.RESET, now=now)


def _address_of(token: str, purpose: Purpose) -> str:
    link = queries.link(token, purpose)
    if link is None or link.address is None:
        raise LinkIsDead
    return link.address


def _set_address(account: Account, address: str) -> None:
    if queries.account_by_email(address):
        raise AddressTaken
    account.email = address
    account.search_text = fold(address)
    db.session.flush()


def _end_later_objections(token: str, account_id: int, now: datetime) -> None:
    link = queries.link(token, Purpose.OBJECTION)
    later = update(AccountLink).where(
        AccountLink.account_id == account_id,
        AccountLink.purpose == Purpose.OBJECTION,
        AccountLink.id > (link.id if link else 0),
        AccountLink.used_at.is_(None),
    )
    db.session.execute(later.values(used_at=now).execution_options(synchronize_session=False))
