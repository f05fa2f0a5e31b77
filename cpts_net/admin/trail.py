"""The trail read: a page at a time, by what it is about and by whom it names; a day at a time."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import groupby

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, String, cast, literal, or_, select

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.admin.queries import PER_PAGE
from cpts_net.audit.models import AuditEntry
from cpts_net.directory.models import Person
from cpts_net.folding import fold
from cpts_net.storage.connections import db


class Matter(StrEnum):
    """What an entry is about, as addresses say it."""

    ACCESS = "acces"
    DIRECTORY = "annuaire"
    LEAVE = "absences"
    DUTY = "gardes"
    GROUPS = "groupes"
    MEETINGS = "reunions"
    FEEDS = "abonnements"
    MAILS = "envois"


# The words before the full stop of an action.
ROOMS = {
    Matter.ACCESS: ("account",),
    Matter.DIRECTORY: ("directory",),
    Matter.LEAVE: ("leave",),
    Matter.DUTY: ("oncall",),
    Matter.GROUPS: ("group",),
    Matter.MEETINGS: ("meeting", "poll"),
    Matter.FEEDS: ("feed",),
    Matter.MAILS: ("mail",),
}


def trail(page: int, search: str = "", matter: Matter | None = None) -> Pagination:
    """The entries, the last one first: those about a matter, by or about who is called as ``search`` says."""
    wanted = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if matter:
        wanted = wanted.where(or_(*(AuditEntry.action.startswith(f"{room}.") for room in ROOMS[matter])))
    if words := fold(search).split():
        wanted = wanted.where(_names(words))
    return db.paginate(wanted, page=page, per_page=PER_PAGE, error_out=False)


def _names(words: list[str]) -> ColumnElement[bool]:
    """Whether somebody of this name did it, or it was about them or their account."""
    called = [Person.sort_key.contains(word, autoescape=True) for word in words]
    accounts = select(Account.id).join(Person, Person.id == Account.person_id).where(*called)
    subjects = select(literal("account:") + cast(Account.id, String)).join(Person, Person.id == Account.person_id)
    people = select(literal("person:") + cast(Person.id, String)).where(*called)
    return or_(
        AuditEntry.actor_id.in_(accounts),
        AuditEntry.subject.in_(subjects.where(*called)),
        AuditEntry.subject.in_(people),
    )


def by_day(entries: Iterable[AuditEntry]) -> list[tuple[date, list[AuditEntry]]]:
    """The entries under their local day, in their order."""
    return [
        (day, list(those)) for day, those in groupby(entries, lambda entry: entry.at.astimezone(clock.zone()).date())
    ]
