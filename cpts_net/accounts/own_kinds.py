"""What the owners of accounts are told of these: notices, which hold no link that opens anything.

What has to reach the mailbox of that moment, even if the account has another
by the time it goes, is a mail to an address instead (``link_mails``).
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from cpts_net import clock, i18n
from cpts_net.accounts import queries
from cpts_net.accounts.models import Account
from cpts_net.accounts.wording import ROLE_NAMES
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family, When
from cpts_net.roles import Role

ROLE_CHANGED = "accounts.role_changed"
REACTIVATED = "accounts.reactivated"
NEW_DEVICE = "accounts.new_device"
SIGNED_OUT = "accounts.signed_out"  # By somebody else.
REFUSED = "accounts.mail_refused"
MY_ACCOUNT = "/mon-compte/"

Reading = Callable[[Notice, Account], tuple[dict[str, Any], bool]]


def _own(reading: Reading, notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """What became of the accounts of people, while they have one."""
    accounts = queries.accounts_of_people([notice.person_id for notice in notices])
    found = {}
    for notice in notices:
        if account := accounts.get(notice.person_id):
            words, is_still_so = reading(notice, account)
            found[notice.id] = Matter(words, MY_ACCOUNT, is_still_so)
    return found


def _role(notice: Notice, account: Account) -> tuple[dict[str, Any], bool]:
    before, after = (Role(said["role"]) for said in (notice.was, notice.became))
    return {"before": ROLE_NAMES[before], "after": ROLE_NAMES[after]}, account.role == after


def _open(_notice: Notice, account: Account) -> tuple[dict[str, Any], bool]:
    return {}, account.suspended_at is None


def _device(notice: Notice, _account: Account) -> tuple[dict[str, Any], bool]:
    said = [notice.became[each] for each in ("browser", "device") if notice.became[each]]
    return {"device": ", ".join(said) or gettext("appareil inconnu"), **_at(notice)}, True


def _signed_out(notice: Notice, _account: Account) -> tuple[dict[str, Any], bool]:
    return _at(notice), True


def _refused(_notice: Notice, account: Account) -> tuple[dict[str, Any], bool]:
    is_refused = account.mail_refused_at is not None
    return {"is_refused": is_refused}, is_refused


def _at(notice: Notice) -> dict[str, str]:
    """When it was; never « aujourd’hui », for a mail may be read days later."""
    words = {"day": i18n.day(notice.at.astimezone(clock.zone()).date()), "hour": i18n.hour(notice.at)}
    return {"at": str(gettext("%(day)s à %(hour)s", **words))}


def _kind(name: str, label: Any, template: str, reading: Reading) -> Kind:
    # Whoever took an account must not keep it quiet.
    return Kind(
        name,
        label,
        template,
        partial(_own, reading),
        family=Family.ACCOUNT,
        floor=When.AT_ONCE,
        names_nobody=True,
        is_security=True,
    )


KINDS = (
    _kind(ROLE_CHANGED, _("Rôle changé"), "mails/role_changed", _role),
    _kind(REACTIVATED, _("Compte rouvert"), "mails/reactivated", _open),
    _kind(NEW_DEVICE, _("Nouvelle connexion"), "mails/new_device", _device),
    _kind(SIGNED_OUT, _("Appareils déconnectés"), "mails/signed_out", _signed_out),
    Kind(
        REFUSED,
        _("E-mails refusés"),
        "mails/refused",
        partial(_own, _refused),
        family=Family.ACCOUNT,
        names_nobody=True,
        is_mailed=False,
    ),
)
