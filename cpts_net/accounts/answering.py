"""Answering by the link of a mail: for whom, and what is said once nothing is asked of them any more.

A link speaks for the person whom it names, whoever is signed in where it is
opened, and signs nobody in. Should that person turn out to be another one, it
speaks for who remains.
"""

from typing import NoReturn

from flask_babel import gettext as _
from werkzeug.exceptions import Gone

from cpts_net.accounts import queries
from cpts_net.accounts.models import Account
from cpts_net.notices.survivors import survivors


class NothingAsked(Gone):
    """Nothing is asked of the person any more; ``description`` says why."""


def answering(person_id: int) -> Account:
    """The account of whoever answers by a link that names ``person_id``; what they say is said by its person.

    Raises:
        NothingAsked: once they are suspended or have left.
    """
    account = queries.account_of_person(survivors([person_id])[person_id])
    if account is None or account.suspended_at is not None:
        gone(_("Le compte de la personne à qui ce message était adressé est fermé\u202f: rien n’a changé."))
    return account


def gone(words: str) -> NoReturn:
    """Say what became of what a link asked; ``words`` hold nothing that its person may not read any more.

    Raises:
        NothingAsked: which becomes a page.
    """
    raise NothingAsked(words)
