"""Where members are written to."""

from collections.abc import Collection

from sqlalchemy import select

from cpts_net.accounts.models import Account
from cpts_net.storage.connections import db


def mail_addresses(person_ids: Collection[int]) -> dict[int, str]:
    """The mail address of each member who has an account that is not suspended."""
    rows = db.session.execute(
        select(Account.person_id, Account.email).where(
            Account.person_id.in_(person_ids), Account.suspended_at.is_(None)
        )
    )
    return {row.person_id: row.email for row in rows}


def speaks_for(account_id: int | None, person_id: int) -> bool:
    """Whether the account is the member's own."""
    own = db.session.scalar(select(Account.person_id).where(Account.id == account_id))
    return own == person_id
