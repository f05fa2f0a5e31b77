"""Writing the closing of a structure of the demonstration, with the absences that it makes."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from cpts_net.demo.community import Setting
from cpts_net.demo.rows import insert_rows
from cpts_net.directory.models import Position, StructureClosing
from cpts_net.leave.models import Absence
from cpts_net.leave.queries import absences_between
from cpts_net.spans import days_span
from cpts_net.storage.connections import db

AHEAD, LENGTH = timedelta(weeks=13), timedelta(days=4)  # Beyond the duties that are planned: none is hit.
MOST_THERE = 8


def write(account_id: int, now: datetime, setting: Setting) -> None:
    """Close the structure where most of a handful of people work, from a Monday to a Friday."""
    monday = setting.today + AHEAD - timedelta(days=setting.today.weekday())
    friday = monday + LENGTH
    people = func.count(Position.person_id.distinct())
    shared = select(Position.structure_id).where(Position.hidden_at.is_(None)).group_by(Position.structure_id)
    chosen = shared.having(people.between(2, MOST_THERE)).order_by(people.desc(), Position.structure_id)
    structure_id = db.session.scalar(chosen)
    if structure_id is None:
        return
    days = {"first_day": monday, "last_day": friday}
    (closing_id,) = insert_rows(StructureClosing, [{"structure_id": structure_id, **days}])
    there = select(Position.person_id).where(Position.structure_id == structure_id, Position.hidden_at.is_(None))
    ids = set(db.session.scalars(there))
    away = {each.person_id for each in absences_between(days_span(monday, friday, setting.zone), ids)}
    made = {"declared_by_id": account_id, "declared_at": now, "closing_id": closing_id}
    insert_rows(Absence, [{"person_id": each, **days, **made} for each in sorted(ids - away)])
