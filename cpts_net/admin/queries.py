"""What the administration reads: accounts, people with or without one; a page at a time, and how many there are."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, func, or_, select, true

from cpts_net.accounts.models import Account, AccountLink, Purpose, State, state_of
from cpts_net.directory.models import Person
from cpts_net.folding import fold
from cpts_net.person_names import display_name
from cpts_net.roles import Role
from cpts_net.storage.connections import db

PER_PAGE = 50
NAMED = (Person.title, Person.given_name, Person.family_name)


class Standing(StrEnum):
    """By what the accounts are cut, as addresses say it."""

    ACTIVE = "actifs"
    INVITED = "invites"
    EXPIRED = "sans-reponse"
    REFUSED = "adresse-refusee"
    SUSPENDED = "suspendus"


class Presence(StrEnum):
    """By what the people are cut, as addresses say it."""

    WITHOUT_ACCOUNT = "sans-compte"
    LEFT = "partis"


class AccountLine(NamedTuple):
    """An account as the list of all shows it."""

    id: int
    email: str
    display_name: str
    role: Role
    state: State


def accounts(search: str, standing: Standing | None, role: Role | None, page: int, now: datetime) -> list[AccountLine]:
    """A page of the accounts of a standing and a role whose name or address holds every word of ``search``, by name."""
    wanted = (
        select(
            Account.id, Account.email, Account.role, Account.suspended_at, Account.password_hash.is_not(None), *NAMED
        )
        .join(Person, Person.id == Account.person_id)
        .order_by(Person.sort_key, Account.id)
        .where(*_named(search))
    )
    if standing:
        wanted = wanted.where(_standing(now)[standing])
    if role:
        wanted = wanted.where(Account.role == role)
    rows = db.session.execute(wanted.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [
        AccountLine(id_, email, display_name(*named), Role(role), state_of(suspended_at, has_password=has_password))
        for id_, email, role, suspended_at, has_password, *named in rows
    ]


def account_numbers(now: datetime, search: str = "", role: Role | None = None) -> Mapping[Standing | None, int]:
    """How many accounts there are of each standing, None counting all, among those that ``accounts`` would list."""
    counted = select(func.count(), *(_number(condition) for condition in _standing(now).values())).select_from(Account)
    wanted = counted.join(Person, Person.id == Account.person_id).where(*_named(search))
    if role:
        wanted = wanted.where(Account.role == role)
    return dict(zip((None, *Standing), db.session.execute(wanted).one(), strict=True))


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _standing(now: datetime) -> dict[Standing, ColumnElement[bool]]:
    """An invitation has expired where none of those that were sent leads anywhere any more."""
    open_, unused = Account.suspended_at.is_(None), Account.password_hash.is_(None)
    invitation = select(AccountLink.id).where(
        AccountLink.account_id == Account.id, AccountLink.purpose == Purpose.INVITATION
    )
    is_alive = (AccountLink.used_at.is_(None), AccountLink.expires_at > now)
    return {
        Standing.ACTIVE: open_ & ~unused,
        Standing.INVITED: open_ & unused,
        Standing.EXPIRED: open_ & unused & invitation.exists() & ~invitation.where(*is_alive).exists(),
        Standing.REFUSED: open_ & Account.mail_refused_at.is_not(None),
        Standing.SUSPENDED: Account.suspended_at.is_not(None),
    }


def _named(search: str) -> list[ColumnElement[bool]]:
    """Every word in a name or an address; signs alone are nobody's name."""
    said = Person.sort_key + " " + Account.search_text
    return [said.contains(word, autoescape=True) for word in fold(search).split() or [search.strip()]]


def people(search: str, presence: Presence | None, kind: str, page: int) -> Pagination:
    """Those of a presence and a kind whose name or function holds every word of ``search``, by name."""
    wanted = select(Person).where(*_found(search, kind)).order_by(Person.sort_key, Person.id)
    if presence:
        wanted = wanted.where(_presence()[presence])
    return db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)


def people_numbers(search: str = "", kind: str = "") -> Mapping[Presence | None, int]:
    """How many people there are of each presence, None counting all, among those that ``people`` would list."""
    counted = select(func.count(), *(_number(condition) for condition in _presence().values())).select_from(Person)
    return dict(zip((None, *Presence), db.session.execute(counted.where(*_found(search, kind))).one(), strict=True))


def _presence() -> dict[Presence, ColumnElement[bool]]:
    account = select(Account.id).where(Account.person_id == Person.id)
    return {
        Presence.WITHOUT_ACCOUNT: Person.left_on.is_(None) & ~account.exists(),
        Presence.LEFT: Person.left_on.is_not(None),
    }


def _found(search: str, kind: str) -> list[ColumnElement[bool]]:
    conditions: list[Any] = [Person.merged_into_id.is_(None), Person.kind == kind if kind else true()]
    for word in search.split():
        named = Person.search_text.contains(fold(word) or word, autoescape=True)
        conditions.append(or_(named, Person.function.icontains(word, autoescape=True)))
    return conditions


def accounts_of(person_ids: Collection[int]) -> dict[int, Account]:
    """The accounts that speak for these people, by person."""
    found = db.session.scalars(select(Account).where(Account.person_id.in_(person_ids)))
    return {account.person_id: account for account in found}


def those_with_account(person_ids: Collection[int]) -> set[int]:
    """Those of the members for whom an account speaks."""
    return set(db.session.scalars(select(Account.person_id).where(Account.person_id.in_(person_ids))))


def person_by_rpps(rpps: str) -> Person | None:
    """The member with this RPPS number; None when there is none."""
    return db.session.scalar(select(Person).where(Person.rpps == rpps))


def is_last_administrator(account: Account) -> bool:
    """Whether nobody else could administer if this account could not."""
    others = select(Account.id).where(
        Account.role == Role.ADMINISTRATOR,
        Account.suspended_at.is_(None),
        Account.password_hash.is_not(None),
        Account.id != account.id,
    )
    return account.role == Role.ADMINISTRATOR and db.session.scalar(others.limit(1)) is None
