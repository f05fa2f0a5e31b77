"""What waits for somebody who looks after the community: each a sentence, and where it is settled."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import url_for
from flask_babel import ngettext

from cpts_net import clock
from cpts_net.accounts.policy import MANAGERS
from cpts_net.admin import queries
from cpts_net.admin.queries import Standing
from cpts_net.directory import communes
from cpts_net.notices import queries as notices
from cpts_net.roles import Role


class Waits(NamedTuple):
    """One thing that waits, and the address at which it is settled."""

    sentence: str
    address: str


def waiting(role: Role, numbers: Mapping[Standing | None, int] | None = None) -> list[Waits]:
    """What waits for somebody of this role; nothing that they could not settle.

    ``numbers`` are those of all accounts, where they are known already.
    """
    found = [_structures()]
    if role in MANAGERS:
        found = [_mails(), *_accounts(numbers or queries.account_numbers(clock.now())), *found]
    return [Waits(str(sentence), address) for number, sentence, address in found if number]


def _mails() -> tuple[int, str, str]:
    number = notices.failed_number()
    said = ngettext("%(num)s message n’est pas arrivé", "%(num)s messages ne sont pas arrivés", number)
    return number, said, url_for("deliveries.overview")


def _accounts(numbers: Mapping[Standing | None, int]) -> list[tuple[int, str, str]]:
    expired, refused = numbers[Standing.EXPIRED], numbers[Standing.REFUSED]
    return [
        (
            expired,
            ngettext(
                "%(num)s invitation a expiré sans réponse", "%(num)s invitations ont expiré sans réponse", expired
            ),
            url_for("admin.accounts", etat=Standing.EXPIRED.value),
        ),
        (
            refused,
            ngettext("%(num)s adresse est refusée", "%(num)s adresses sont refusées", refused),
            url_for("admin.accounts", etat=Standing.REFUSED.value),
        ),
    ]


def _structures() -> tuple[int, str, str]:
    """Nothing can be placed before the list of communes has been loaded."""
    number = len(communes.unplaced()) if communes.is_list_there() else 0
    said = ngettext("%(num)s structure sans commune connue", "%(num)s structures sans commune connue", number)
    return number, said, url_for("territory.show")
