"""What the owners of accounts are told."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _

from cpts_net.accounts import actions, link_mails, queries
from cpts_net.accounts.models import Account
from cpts_net.notices.kinds import LinkMail


class _Mailing(Protocol):
    def __call__(self, account: Account, *, now: datetime) -> None: ...


def _again(mailing: _Mailing) -> Callable[[str, datetime], None]:
    """Have the same mail written anew, to whoever has an account at the address."""

    def write(address: str, now: datetime) -> None:
        if account := queries.account_by_email(address):
            mailing(account, now=now)

    return write


LINK_MAILS = (
    LinkMail(link_mails.INVITATION, _("Invitation"), "mails/invitation", _again(actions.send_invitation)),
    LinkMail(link_mails.RESET, _("Nouveau mot de passe"), "mails/reset", _again(actions.send_another_reset)),
    LinkMail(
        link_mails.PASSWORD_CHANGED,
        _("Mot de passe changé"),
        "mails/password_changed",
        _again(actions.tell_of_password),
    ),
)
