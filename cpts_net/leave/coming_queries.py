"""Reading what everybody declared and is to come, for the list of all; a page at a time."""

from collections.abc import Collection
from datetime import date, time
from typing import Any, NamedTuple

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from cpts_net.directory import named
from cpts_net.directory.models import Person, Structure
from cpts_net.directory.named import Named, named_in
from cpts_net.directory.queries import is_of_trade
from cpts_net.folding import name_words
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.queries import BY_DAY
from cpts_net.leave.rules import Answer
from cpts_net.storage.connections import db

PER_PAGE = 50

COMING = (
    Absence.weekdays,
    Absence.id,
    Absence.first_day,
    Absence.last_day,
    Absence.from_time,
    Absence.until_time,
    Absence.note,
)
ELSEWHERE = (Relay.id.label("row_id"), Relay.line_id, Relay.outsider_name, Structure.name.label("structure"))


class ComingAbsence(NamedTuple):
    """An absence as the list of all shows it, with the relay that is asked first."""

    id: int
    first_day: date
    last_day: date | None
    weekdays: str
    from_time: time | None
    until_time: time | None
    note: str
    person: Named
    relay: Named | None  # Of whoever is no person, a negative id.
    line_id: int | None  # Where a line is asked first: another room knows its name.


def coming_absences(since: date, *, trade: str = "", name: str = "", page: int = 1) -> Pagination:
    """What everybody declared and did not cancel, ending on a day or later; by first day, one page of it.

    ``trade`` is a key; empty for any.
    """
    wanted = select(Absence.id).join(Absence.person).where(Absence.cancelled_at.is_(None), Absence.reaches(since))
    if trade:
        wanted = wanted.where(is_of_trade(trade))
    for word in name_words(name):
        wanted = wanted.where(Person.search_text.contains(word, autoescape=True))
    found = db.paginate(wanted.order_by(*BY_DAY), page=page, per_page=PER_PAGE, error_out=False)
    found.items = _coming(found.items)
    return found


def _coming(absence_ids: Collection[int]) -> list[ComingAbsence]:
    """The absences in their order, each with the relay that is asked first."""
    asked, stand_in = aliased(Relay), aliased(Person)
    first = (
        select(func.min(asked.rank))
        .where(asked.absence_id == Absence.id, asked.withdrawn_at.is_(None), asked.answer != Answer.DECLINED)
        .correlate(Absence)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(*COMING, *named.columns(role="person"), *named.columns(stand_in, role="relay"), *ELSEWHERE)
        .join(Absence.person)
        .outerjoin(Relay, and_(Relay.absence_id == Absence.id, Relay.rank == first, Relay.withdrawn_at.is_(None)))
        .outerjoin(stand_in, stand_in.id == Relay.person_id)
        .outerjoin(Structure, Structure.id == Relay.structure_id)
        .where(Absence.id.in_(absence_ids))
        .order_by(*BY_DAY)
    )
    return [_coming_absence(row) for row in rows]


def _coming_absence(row: Any) -> ComingAbsence:
    return ComingAbsence(
        id=row.id,
        first_day=row.first_day,
        last_day=row.last_day,
        weekdays=row.weekdays,
        from_time=row.from_time,
        until_time=row.until_time,
        note=row.note,
        person=named_in(row, role="person"),
        relay=_first_relay(row),
        line_id=row.line_id,
    )


def _first_relay(row: Any) -> Named | None:
    if row.row_id is None or row.relay_id is not None:
        return named_in(row, role="relay") if row.row_id else None
    return Named(-row.row_id, row.structure or row.outsider_name, is_hidden=True, trade=None)
