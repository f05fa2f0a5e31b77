"""What the owners of accounts are told."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _

from cpts_net.accounts import actions, address_actions, link_mails, queries
from cpts_net.accounts.models import Account, Purpose
from cpts_net.notices.kinds import LinkMail


class _Mailing(Protocol):
    def __call__(self, account: Account, *, now: datetime) -> None: ...


def _again(mailing: _Mailing) -> Callable[[str, datetime], None]:
    """Have the same mail written anew, to whoever has an account at the address."""

    def write(address: str, now: datetime) -> None:
        if account := queries.account_by_email(address):
            mailing(account, now=now)

    return write


def _new_address(address: str, now: datetime) -> None:
    """Mail the link again that confirms an address, while it is still asked for."""
    if link := queries.pending_address(address, address_actions.PENDING, now):
        address_actions.send_new_address(link.account, address, Purpose(link.purpose), now=now)


def _asked(address: str, now: datetime) -> None:
    """Tell the mailbox of today again, while something is still asked for."""
    account = queries.account_by_email(address)
    pending = queries.pending_link(account.id, address_actions.PENDING, now) if account else None
    if account and pending:
        address_actions.tell_of_asking(account, address, now=now, wanted=pending.address or "")


def _changed(address: str, now: datetime) -> None:
    """Tell the mailbox of before again, while it may still object."""
    if link := queries.pending_address(address, [Purpose.OBJECTION], now):
        address_actions.tell_of_change(link.account, address, now=now)


LINK_MAILS = (
    LinkMail(link_mails.INVITATION, _("Invitation"), "mails/invitation", _again(actions.send_invitation)),
    LinkMail(link_mails.RESET, _("Nouveau mot de passe"), "mails/reset", _again(actions.send_another_reset)),
    LinkMail(link_mails.NEW_ADDRESS, _("Adresse à confirmer"), "mails/new_address", _new_address),
    LinkMail(
        link_mails.ADDRESS_TAKEN,
        _("Adresse déjà prise"),
        "mails/address_taken",
        _again(address_actions.tell_of_taken_address),
    ),
    LinkMail(link_mails.ADDRESS_ASKED, _("Changement d’adresse demandé"), "mails/address_asked", _asked),
    LinkMail(link_mails.ADDRESS_CHANGED, _("Adresse changée"), "mails/address_changed", _changed),
    LinkMail(
        link_mails.PASSWORD_CHANGED,
        _("Mot de passe changé"),
        "mails/password_changed",
        _again(actions.tell_of_password),
    ),
)
