"""Who belongs to the community on a day: nobody who has left by then, and nobody who turned out to be somebody else.

Whoever offers, lists, searches or counts people asks here. Facts name
people who have left as well: what was written down stands.
"""

from collections.abc import Collection
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, or_, select

from cpts_net import clock
from cpts_net.directory.models import Person
from cpts_net.directory.rules import survivor_of
from cpts_net.spans import local_instant
from cpts_net.storage.connections import db


def present(day: date) -> ColumnElement[bool]:
    """Those who belong to the community on a local day, as a condition."""
    return and_(Person.merged_into_id.is_(None), or_(Person.left_on.is_(None), Person.left_on > day))


def is_present(person_id: int, day: date) -> bool:
    """Whether somebody belongs to the community on a local day."""
    return db.session.scalar(select(Person.id).where(Person.id == person_id, present(day))) is not None


def those_present(ids: Collection[int]) -> set[int]:
    """Those among ``ids`` who belong to the community today."""
    if not ids:
        return set()
    return set(db.session.scalars(select(Person.id).where(Person.id.in_(ids), present(clock.today()))))


def next_departure(today: date) -> datetime | None:
    """When the next who is to leave does: the instant (UTC) at which lists of people are others by the clock alone."""
    day = db.session.scalar(select(func.min(Person.left_on)).where(Person.left_on > today))
    return local_instant(day, time(0), clock.zone()) if day else None


def survivors(person_ids: Collection[int]) -> dict[int, int]:
    """Whom each number stands for now: themselves, or who they turned out to be.

    Facts – changes of seats, the trail, notices – keep the number they were
    written with; whoever reads one asks here.
    """
    merged: dict[int, int] = {}
    wanted = set(person_ids)
    while wanted:  # Once more than there are merges of merges.
        led = select(Person.id, Person.merged_into_id).where(Person.id.in_(wanted), Person.merged_into_id.is_not(None))
        found = {number: int(other) for number, other in db.session.connection().execute(led) if other}
        merged |= found
        wanted = set(found.values()) - set(merged)
    return {person_id: survivor_of(person_id, merged) for person_id in person_ids}


def absorbed_by(person_ids: Collection[int]) -> dict[int, int]:
    """Whoever turned out to be one of these people, and whom."""
    rows = db.session.execute(select(Person.id, Person.merged_into_id).where(Person.merged_into_id.in_(person_ids)))
    return {row.id: row.merged_into_id for row in rows}
