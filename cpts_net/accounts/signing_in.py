"""Signing in and choosing a password: what happens in which order.

Each step commits on its own. The attempt is counted before the password is
looked at, and no transaction is open while a hash is waited for.
"""

from cpts_net import clock
from cpts_net.accounts import actions, address_actions, attempts, passwords, queries
from cpts_net.accounts.attempts import Entrance
from cpts_net.accounts.identity import Identity, Keys, Visitor
from cpts_net.accounts.models import Account, Purpose
from cpts_net.accounts.rules import LinkIsDead, SignInRefused
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction


def sign_in(email: str, password: str, visitor: Visitor) -> Keys:
    """Check a password; return what opens the new session.

    Raises:
        TooManyAttempts, TooManyWait: nothing was looked at.
        SignInRefused: and the trail says so.
    """
    with passwords.place():
        return _sign_in(email, password, visitor)


def _sign_in(email: str, password: str, visitor: Visitor) -> Keys:
    with transaction():
        counted = _count(Entrance.SIGN_IN, email, visitor)
    found = queries.credentials(email)
    db.session.rollback()
    kept = found.password_hash if found else None
    is_right = passwords.is_password(password, kept)
    if found is None or kept is None or not is_right or found.is_suspended:
        with transaction():
            actions.tell(found.account_id if found else None, "account.sign_in_failed", visitor, now=clock.now())
        raise SignInRefused
    renewed = passwords.hash_password(password) if passwords.is_outdated(kept) else None
    with transaction():
        attempts.take_back(counted)
        return actions.sign_in(found, renewed, visitor, now=clock.now())


def request_reset(email: str, visitor: Visitor) -> None:
    """Mail a reset link if there is such an account; whoever asks learns nothing.

    Raises:
        TooManyAttempts: whether or not there is such an account.
    """
    with transaction():
        _count(Entrance.RESET, email, visitor)
    with transaction():
        account = queries.account_by_email(email)
        actions.tell(account.id if account else None, "account.reset_requested", visitor, now=clock.now())
        if account and not account.suspended_at:
            actions.send_reset(account, now=clock.now())


def choose_password(token: str, purpose: Purpose, password: str, visitor: Visitor) -> Keys:
    """Use a link up to set the password and sign in.

    Raises:
        TooManyAttempts, TooManyWait: nothing was looked at.
        LinkIsDead: nothing was changed.
    """
    with passwords.place():
        _count_link(visitor)
        password_hash = passwords.hash_password(password)
    told = "account.invitation_accepted" if purpose is Purpose.INVITATION else "account.password_reset"
    with transaction():
        account = actions.use_link(token, purpose, now=clock.now())
        return _renew(account, password_hash, told, visitor)


def demonstrate(token: str, visitor: Visitor) -> Keys:
    """Sign in by a link of the demonstration, good for its whole hour.

    Raises:
        TooManyAttempts: nothing was looked at.
        LinkIsDead: nobody was signed in.
    """
    _count_link(visitor)
    with transaction():
        link = queries.link(token, Purpose.DEMONSTRATION)
        if link is None or not link.is_alive(clock.now()):
            raise LinkIsDead
        actions.tell(link.account_id, "account.signed_in", visitor, now=clock.now())
        return Keys(actions.open_session(link.account_id, visitor, now=clock.now()))


def change_password(person: Identity, current: str, password: str, visitor: Visitor) -> Keys:
    """Change the password of somebody signed in, who must know the current one.

    Raises:
        TooManyAttempts, TooManyWait: nothing was looked at.
        SignInRefused: the current password is another.
    """
    with passwords.place():
        counted, known = _know(person, current, visitor)
        password_hash = passwords.hash_password(password)
    with transaction():
        account = _still(person, counted, known)
        return _renew(account, password_hash, "account.password_changed", visitor)


def ask_for_address(person: Identity, current: str, address: str, visitor: Visitor) -> None:
    """Mail a link to another address of somebody signed in, who must know their password.

    Raises:
        TooManyAttempts, TooManyWait: nothing was looked at.
        SignInRefused: the password is another.
    """
    with passwords.place():
        counted, known = _know(person, current, visitor)
    with transaction():
        attempts.count_attempt(Entrance.ADDRESS, account=person.email, address=visitor.address, now=clock.now())
        account = _still(person, counted, known)
        actions.tell(account.id, "account.address_asked", visitor, now=clock.now())
        address_actions.ask_for_address(account, address, Purpose.ADDRESS, now=clock.now())


def confirm_address(person: Identity, token: str, visitor: Visitor) -> Keys:
    """Give somebody signed in the address to which the link was mailed; every other browser is signed out.

    Raises:
        TooManyAttempts: nothing was looked at.
        LinkIsDead, AddressTaken: nothing was changed.
    """
    _count_link(visitor)
    with transaction():
        account = address_actions.take_address(token, Purpose.ADDRESS, now=clock.now())
        if account.id != person.account_id:
            raise LinkIsDead
        actions.tell(account.id, "account.address_changed", visitor, now=clock.now())
        return actions.enter(account.id, visitor, now=clock.now())


def confirm_address_by_link(token: str, visitor: Visitor) -> str:
    """Give somebody who cannot sign in the address to which the link was mailed; return where they choose a password.

    Raises:
        TooManyAttempts: nothing was looked at.
        LinkIsDead, AddressTaken: nothing was changed.
    """
    _count_link(visitor)
    with transaction():
        account = address_actions.take_address(token, Purpose.ADDRESS_BY_STAFF, now=clock.now())
        actions.tell(account.id, "account.address_changed", visitor, now=clock.now())
        return address_actions.reset_link(account, now=clock.now())


def object_to_address(token: str, visitor: Visitor) -> str:
    """Keep, or give back, the address to which the link was mailed; return where its reader chooses a password.

    Raises:
        TooManyAttempts: nothing was looked at.
        LinkIsDead, AddressTaken: nothing was changed.
    """
    _count_link(visitor)
    with transaction():
        account = address_actions.object_to_address(token, now=clock.now())
        actions.tell(account.id, "account.address_refused", visitor, now=clock.now())
        return address_actions.reset_link(account, now=clock.now())


def _know(person: Identity, current: str, visitor: Visitor) -> tuple[list[int], str | None]:
    """Check the password of somebody signed in, counted as an attempt; return its rows, and what is kept of it."""
    with transaction():
        counted = attempts.count_attempt(
            Entrance.PASSWORD, account=person.email, address=visitor.address, now=clock.now()
        )
    found = queries.credentials(person.email)
    db.session.rollback()
    if found is None or not passwords.is_password(current, found.password_hash):
        raise SignInRefused
    return counted, found.password_hash


def _still(person: Identity, counted: list[int], known: str | None) -> Account:
    """Their account, whose password is what was checked; the attempt counts no more."""
    attempts.take_back(counted)
    account = queries.account(person.account_id)
    if account is None or account.password_hash != known:
        raise SignInRefused
    return account


def _count(entrance: Entrance, email: str, visitor: Visitor) -> list[int]:
    """Count an attempt on an account; in a browser that knows it, apart from those of strangers."""
    known = visitor.browser if queries.knows_account(visitor.browser, email) else ""
    return attempts.count_attempt(entrance, account=email, address=visitor.address, browser=known, now=clock.now())


def count_advice(visitor: Visitor) -> None:
    """Count that somebody asks what a password is worth.

    Raises:
        TooManyAttempts: they ask faster than anybody types.
    """
    with transaction():
        attempts.count_attempt(Entrance.ADVICE, address=visitor.address, now=clock.now())


def _count_link(visitor: Visitor) -> None:
    with transaction():
        attempts.count_attempt(Entrance.LINK, address=visitor.address, now=clock.now())


def _renew(account: Account, password_hash: str, told: str, visitor: Visitor) -> Keys:
    actions.set_password(account, password_hash, now=clock.now())
    actions.tell(account.id, told, visitor, now=clock.now())
    return actions.enter(account.id, visitor, now=clock.now())
