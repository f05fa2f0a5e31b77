"""Where people are written to."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select, update

from cpts_net.accounts import own_kinds
from cpts_net.accounts.models import Account
from cpts_net.notices.actions import About, notify
from cpts_net.notices.addresses import Recipient
from cpts_net.storage.connections import db

# Written out once, as every notice asks it.
_SPEAKS_FOR = select(Account.person_id).where(Account.id == bindparam("account_id"))


class AccountAddresses:
    """What the room of notices is handed."""

    def recipients(self, person_ids: Collection[int]) -> Mapping[int, Recipient]:
        """Those of the people who have an account that is not suspended."""
        found = db.session.scalars(
            select(Account).where(Account.person_id.in_(person_ids), Account.suspended_at.is_(None))
        )
        return {account.person_id: Recipient(account.email, account.display_name) for account in found}

    def reached(self, person_ids: Collection[int]) -> Collection[int]:
        """Those of them whose address the mail server did not refuse."""
        open_ones = select(Account.person_id).where(Account.person_id.in_(person_ids), Account.suspended_at.is_(None))
        return set(db.session.scalars(open_ones.where(Account.mail_refused_at.is_(None))))

    def person_of(self, account_id: int | None) -> int | None:
        """For whom an account speaks."""
        return db.session.connection().execute(_SPEAKS_FOR, {"account_id": account_id}).scalar()

    def note_refused(self, address: str, now: datetime) -> None:
        """Write to the address no more, until something gets through; its owner is told once, on their page."""
        was_fine = Account.mail_refused_at.is_(None)
        refused = update(Account).where(Account.email == address, was_fine).values(mail_refused_at=now)
        for account_id, person_id in db.session.execute(refused.returning(Account.id, Account.person_id)).all():
            notify(own_kinds.REFUSED, [person_id], About(f"account:{account_id}"), by=None, now=now)

    def note_reached(self, address: str) -> None:
        """Write to the address again."""
        refused = Account.mail_refused_at.is_not(None)
        db.session.execute(update(Account).where(Account.email == address, refused).values(mail_refused_at=None))
