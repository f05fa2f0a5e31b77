"""What the administration reads: accounts, members without one, the trail; a page at a time."""

from collections.abc import Collection

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select

from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.directory.models import Member
from cpts_net.folding import fold
from cpts_net.roles import Role
from cpts_net.storage.connections import db

PER_PAGE = 50


def accounts(search: str, page: int) -> Pagination:
    """The accounts whose name or address holds every word of ``search``, by name."""
    wanted = (
        select(Account)
        .outerjoin(Member, Member.id == Account.member_id)
        .order_by(func.coalesce(Member.sort_key, Account.search_text), Account.id)
    )
    words = fold(search).split()
    # Signs alone are nobody's name.
    wanted = wanted.where(*(Account.search_text.contains(word, autoescape=True) for word in words or [search.strip()]))
    return db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)


def those_with_account(member_ids: Collection[int]) -> set[int]:
    """Those of the members for whom an account speaks."""
    return set(db.session.scalars(select(Account.member_id).where(Account.member_id.in_(member_ids))))


def member_by_rpps(rpps: str) -> Member | None:
    """The member with this RPPS number; None when there is none."""
    return db.session.scalar(select(Member).where(Member.rpps == rpps))


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
