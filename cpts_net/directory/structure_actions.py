"""Every change of structures and positions, and of what lists show of people because of them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update

from cpts_net.directory import workplaces
from cpts_net.directory.models import Person, Position, Source, Structure
from cpts_net.directory.placing import House, Placed
from cpts_net.directory.workplace import Shown, shown
from cpts_net.storage.connections import db

# One statement for all rows, instead of one for each run of rows with the same empty columns.
WHOLE_ROWS = {"render_nulls": True}
MADE = {"category_code": "", "sector": None, "tier": None, "commune_code": None}


def write_houses(houses: Iterable[House]) -> None:
    """Make the structures that are new, and bring the others to what an extract says of them."""
    new = [house for house in houses if house.id is None]
    if new:
        made = insert(Structure).returning(Structure.id, sort_by_parameter_order=True)
        rows = [{**MADE, **house.values, "typed": []} for house in new]
        for house, number in zip(new, db.session.scalars(made, rows, execution_options=WHOLE_ROWS), strict=True):
            house.id = number
    for house in houses:
        if house.changes and house.id is not None:
            db.session.execute(update(Structure).where(Structure.id == house.id).values(**house.changes))


def write_positions(given: Mapping[int, Placed]) -> None:
    """Bring the positions of each person, by id, to what was judged; those of the extract alone."""
    rows = [
        {"person_id": person_id, "structure_id": house.id, "source": Source.RPPS, "hidden_at": None, **values}
        for person_id, placed in given.items()
        for house, values in placed.added
    ]
    removed = [number for placed in given.values() for number in placed.removed]
    changed = [values for placed in given.values() for values in placed.changed]
    if removed:
        db.session.execute(delete(Position).where(Position.id.in_(removed)))
    if changed:
        db.session.execute(update(Position), changed)
    if rows:
        db.session.execute(insert(Position), rows, execution_options=WHOLE_ROWS)


def show_anew(person_ids: Collection[int]) -> None:
    """Write what lists show and find of these people, where it is no longer what their names and places say.

    The caller bumps the directory.
    """
    if rows := outdated(person_ids):
        db.session.execute(update(Person), rows)


def outdated(person_ids: Collection[int]) -> list[dict[str, Any]]:
    """Of whom of these people lists show something that is no longer so, and what it is now."""
    kept = [getattr(Person, name) for name in Shown._fields]
    named = select(Person.id, Person.family_name, Person.given_name, *kept).where(Person.id.in_(person_ids))
    held = workplaces.positions_of(person_ids)
    rows = []
    for person_id, family_name, given_name, *stands in db.session.execute(named):
        places = [each.place for each in held.get(person_id, ()) if not each.is_hidden]
        if (shows := shown(family_name, given_name, places)) != tuple(stands):
            rows.append({"id": person_id, **shows._asdict()})
    return rows
