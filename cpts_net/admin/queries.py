"""What the administration reads: accounts, members without one, the trail; a page at a time."""

from collections.abc import Collection

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.directory.models import Person
from cpts_net.folding import fold
from cpts_net.roles import Role
from cpts_net.storage.connections import db

PER_PAGE = 50


def accounts(search: str, page: int) -> Pagination:
    """The accounts whose name or address holds every word of ``search``, by name."""
    wanted = (
        select(Account)
        .join(Person, Person.id == Account.person_id)
        .order_by(Person.sort_key, Account.id)
        .options(contains_eager(Account.person))
    )
    said = Person.sort_key + " " + Account.search_text
    words = fold(search).split()
    # Signs alone are nobody's name.
    wanted = wanted.where(*(said.contains(word, autoescape=True) for word in words or [search.strip()]))
    return db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)


def people(search: str, page: int) -> Pagination:
    """Everybody whose name or function holds every word of ``search``, by name."""
    wanted = select(Person).where(Person.merged_into_id.is_(None)).order_by(Person.sort_key, Person.id)
    for word in search.split():
        named = Person.search_text.contains(fold(word) or word, autoescape=True)
        wanted = wanted.where(or_(named, Person.function.icontains(word, autoescape=True)))
    return db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)


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


def trail(page: int) -> Pagination:
    """The entries of the trail, the last one first."""
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc())
    return db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)


def is_last_administrator(account: Account) -> bool:
    """Whether nobody else could administer if this account could not."""
    others = select(Account.id).where(
        Account.role == Role.ADMINISTRATOR,
        Account.suspended_at.is_(None),
        Account.password_hash.is_not(None),
        Account.id != account.id,
    )
    return account.role == Role.ADMINISTRATOR and db.session.scalar(others.limit(1)) is None
