"""Where people are written to."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, update

from cpts_net.accounts.models import Account
from cpts_net.notices.addresses import Recipient
from cpts_net.storage.connections import db


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
        return db.session.scalar(select(Account.person_id).where(Account.id == account_id))

    def note_refused(self, address: str, now: datetime) -> None:
        """Write to the address no more, until something gets through."""
        db.session.execute(update(Account).where(Account.email == address).values(mail_refused_at=now))

    def note_reached(self, address: str) -> None:
        """Write to the address again."""
        refused = Account.mail_refused_at.is_not(None)
        db.session.execute(update(Account).where(Account.email == address, refused).values(mail_refused_at=None))
