"""The mail address that one person shows to another: what an answer to a mail may go to."""

from datetime import date

from sqlalchemy import select

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.directory import profiles
from cpts_net.directory.acquaintances import are_acquainted
from cpts_net.directory.profiles import Profile
from cpts_net.roles import Role
from cpts_net.storage.connections import db


def shown_mail(person_id: int, reader_id: int) -> str:
    """What ``person_id`` shows to the whole community, if ``reader_id`` may open their card; else empty.

    Staff read more on the page; here they do not: a mail is kept and passed on.
    """
    card = profiles.read_as_community(person_id)
    if card is not None and card.merged_into_id:
        card = profiles.read_as_community(card.merged_into_id)
    return card.mail if card and _is_open(card, reader_id, clock.today()) else ""


def _is_open(card: Profile, reader_id: int, today: date) -> bool:
    return not card.has_left(today) and (not is_guest(reader_id) or are_acquainted(reader_id, card.id))


def is_guest(person_id: int) -> bool:
    """Whether somebody is here for the sake of their groups alone."""
    account = select(Account.id).where(Account.person_id == person_id, Account.role == Role.GUEST)
    return db.session.scalar(account) is not None
