"""What the administration reads: accounts, members without one, the trail; a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Select, func, select

from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.directory.models import Member
from cpts_net.folding import fold
from cpts_net.roles import Role
from cpts_net.storage.connections import db

PER_PAGE = 50
LAST_PAGE = 10_000

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list; ``number`` counts from 1."""

    items: list[Item]
    number: int
    has_next: bool


class Told(NamedTuple):
    """An entry of the trail, with the name of who did it; empty for nobody known."""

    entry: AuditEntry
    actor: str | None


def accounts(search: str, number: int) -> Page[Account]:
    """The accounts whose name or address holds every word of ``search``, by name."""
    wanted = (
        select(Account)
        .outerjoin(Member, Member.id == Account.member_id)
        .order_by(func.coalesce(Member.sort_key, Account.search_text), Account.id)
    )
    words = fold(search).split()
    # Signs alone are nobody's name.
    wanted = wanted.where(*(Account.search_text.contains(word, autoescape=True) for word in words or [search.strip()]))
    rows, has_next = _rows(wanted, number)
    return Page([row[0] for row in rows], number, has_next)


def those_with_account(member_ids: Collection[int]) -> set[int]:
    """Those of the members for whom an account speaks."""
    return set(db.session.scalars(select(Account.member_id).where(Account.member_id.in_(member_ids))))


def member_by_rpps(rpps: str) -> Member | None:
    """The member with this RPPS number; None when there is none."""
    return db.session.scalar(select(Member).where(Member.rpps == rpps))


def trail(number: int) -> Page[Told]:
    """The trail, the last entry first."""
    wanted = (
        select(AuditEntry, Account.display_name)
        .outerjoin(Account, Account.id == AuditEntry.actor_id)
        .order_by(AuditEntry.id.desc())
    )
    rows, has_next = _rows(wanted, number)
    return Page([Told(*row) for row in rows], number, has_next)


def is_last_administrator(account: Account) -> bool:
    """Whether nobody else could administer if this account could not."""
    others = select(Account.id).where(
        Account.role == Role.ADMINISTRATOR,
        Account.suspended_at.is_(None),
        Account.password_hash.is_not(None),
        Account.id != account.id,
    )
    return account.role == Role.ADMINISTRATOR and db.session.scalar(others.limit(1)) is None


def _rows(wanted: Select[*tuple[Any, ...]], number: int) -> tuple[list[Any], bool]:
    """The rows of a page, and whether another follows: one row more than shown says so."""
    rows = db.session.execute(wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)).all()
    return list(rows[:PER_PAGE]), len(rows) > PER_PAGE
