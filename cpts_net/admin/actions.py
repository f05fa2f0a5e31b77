"""What the administration changes: who has an account, its role, whether it may be used.

Each action locks the scope of sessions first, so two of them never decide on
the same account, or on the last administrator, at once.
"""

from dataclasses import dataclass
from datetime import datetime

from cpts_net.accounts import address_actions, identity, own_kinds, queries
from cpts_net.accounts.actions import send_invitation
from cpts_net.accounts.models import Account, Purpose
from cpts_net.admin.queries import is_last_administrator
from cpts_net.audit.actions import record
from cpts_net.directory.actions import NewPerson, add_person
from cpts_net.groups import actions as groups
from cpts_net.notices.actions import About, notify
from cpts_net.person_names import parted
from cpts_net.roles import Role
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

# What is said of somebody of whom nothing is known but their role; whether they are a woman is not.
FUNCTIONS = {
    Role.SECRETARY: "Secrétariat",
    Role.COORDINATOR: "Coordination",
    Role.ADMINISTRATOR: "Administration",
}


class EmailTaken(Exception):
    """Another account has this address."""


class IsInside(Exception):
    """Its owner is signed in to the account, and does such things themselves."""


class PersonHasAccount(Exception):
    """Another account speaks for this member."""


class LastAdministrator(Exception):
    """Nobody could administer any more."""


@dataclass(frozen=True)
class NewAccount:
    """Who is to have an account; ``email`` is in lower case."""

    email: str
    display_name: str
    role: Role
    person_id: int | None = None  # None of somebody who becomes known with their account.


def create_account(
    person: NewAccount, *, actor_id: int | None, now: datetime, password_hash: str | None = None
) -> Account:
    """Open an account; without a password its owner needs an invitation.

    Raises:
        EmailTaken, PersonHasAccount: nothing was opened.
    """
    revisions.bump(revisions.DIRECTORY, revisions.SESSIONS)
    if queries.account_by_email(person.email):
        raise EmailTaken
    if person.person_id and queries.account_of_person(person.person_id):
        raise PersonHasAccount
    account = Account(
        email=person.email,
        role=person.role,
        person_id=person.person_id or _add_person(person, actor_id, now),
        password_hash=password_hash,
        created_at=now,
    )
    db.session.add(account)
    db.session.flush()
    _tell("account.created", account, f"{person.email} · {person.role}", actor_id, now)
    return account


def _add_person(person: NewAccount, actor_id: int | None, now: datetime) -> int:
    title, given_name, family_name = parted(person.display_name)
    function = FUNCTIONS.get(person.role, "")
    return add_person(NewPerson(family_name, given_name, title, function=function), actor_id=actor_id, now=now)


def invite(account: Account, *, actor_id: int | None, now: datetime) -> None:
    """Mail an invitation; the links of former ones end."""
    send_invitation(account, now=now)
    _tell("account.invited", account, account.email, actor_id, now)


def change_role(account: Account, role: Role, *, actor_id: int | None, now: datetime) -> None:
    """Give the account another role; its owner is told, and signs in again with it.

    Whoever is no longer a guest belongs to the groups that they visited.

    Raises:
        LastAdministrator: nothing was changed.
        LastLeadLeaves: nor here, since a guest leads no group and nobody else leads one of theirs.
    """
    if role == Role.GUEST:
        groups.let_visit(account.person_id)
    elif account.role == Role.GUEST:
        groups.let_belong(account.person_id)
    revisions.bump(revisions.SESSIONS)
    if role == account.role:
        return
    if is_last_administrator(account):
        raise LastAdministrator
    _tell("account.role_changed", account, f"{account.role} → {role}", actor_id, now)
    about = About(f"account:{account.id}", {"role": str(account.role)}, {"role": str(role)})
    notify(own_kinds.ROLE_CHANGED, [account.person_id], about, by=actor_id, now=now)
    account.role = role
    identity.end_sessions(account.id)


def ask_for_address(account: Account, address: str, *, actor_id: int | None, now: datetime) -> None:
    """Mail a link to another address of somebody who cannot sign in, who has it once they confirm it there.

    Raises:
        EmailTaken, IsInside: nothing was asked for.
    """
    revisions.bump(revisions.SESSIONS)
    if queries.account_by_email(address):
        raise EmailTaken
    if identity.is_inside(account.id, now):
        raise IsInside
    address_actions.ask_for_address(account, address, Purpose.ADDRESS_BY_STAFF, now=now)
    _tell("account.address_asked", account, f"{account.email} → {address}", actor_id, now)


def suspend(account: Account, *, actor_id: int | None, now: datetime) -> None:
    """Close the account until it is opened again; its owner is signed out everywhere.

    Raises:
        LastAdministrator: nothing was changed.
    """
    revisions.bump(revisions.SESSIONS)
    if is_last_administrator(account):
        raise LastAdministrator
    account.suspended_at = now
    identity.end_sessions(account.id)
    _tell("account.suspended", account, account.email, actor_id, now)


def reactivate(account: Account, *, actor_id: int | None, now: datetime) -> None:
    """Open a suspended account again, with the password that it had; its owner is told."""
    revisions.bump(revisions.SESSIONS)
    account.suspended_at = None
    db.session.flush()  # From now on its owner has an address.
    notify(own_kinds.REACTIVATED, [account.person_id], About(f"account:{account.id}"), by=actor_id, now=now)
    _tell("account.reactivated", account, account.email, actor_id, now)


def end_sessions(account: Account, *, actor_id: int | None, now: datetime) -> None:
    """Sign the owner out everywhere, say because a telephone was lost; they are told."""
    identity.end_sessions(account.id)
    notify(own_kinds.SIGNED_OUT, [account.person_id], About(f"account:{account.id}"), by=actor_id, now=now)
    _tell("account.session_ended", account, account.email, actor_id, now)


def _tell(action: str, account: Account, detail: str, actor_id: int | None, now: datetime) -> None:
    record(action, actor_id=actor_id, now=now, subject=f"account:{account.id}", detail=detail)
