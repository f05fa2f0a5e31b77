"""Every change of structures and positions, and of what lists show of people because of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from cpts_net.audit import actions as audit
from cpts_net.directory import workplaces
from cpts_net.directory.models import Person, Position, Source, Structure, StructureClosing
from cpts_net.directory.placing import House, Placed
from cpts_net.directory.workplace import Shown, shown
from cpts_net.storage import revisions
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


def add_structure(said: Mapping[str, Any], *, actor_id: int | None, now: datetime) -> int:
    """Make a structure of what somebody typed; return its number."""
    revisions.bump(revisions.DIRECTORY)
    made = Structure(**said, address_key="", typed=sorted(key for key, value in said.items() if value))
    db.session.add(made)
    db.session.flush()
    audit.record("directory.structure_added", actor_id=actor_id, now=now, subject=f"structure:{made.id}")
    return made.id


def change_structure(structure_id: int, said: Mapping[str, Any], *, actor_id: int | None, now: datetime) -> None:
    """Set what somebody typed of a structure; an import leaves what differs from what stood there."""
    revisions.bump(revisions.DIRECTORY)
    structure = db.session.get_one(Structure, structure_id)
    structure.correct(said)
    db.session.flush()
    show_anew(workplaces.people_at([structure_id]))
    audit.record("directory.structure_changed", actor_id=actor_id, now=now, subject=f"structure:{structure_id}")


def add_closing(structure_id: int, first_day: date, last_day: date, *, from_noon: bool, until_noon: bool) -> int:
    """Close a structure on these days, both included; from noon of the first, until noon of the last if so said.

    Return the closing’s number. What it makes of absences and relays, the room of continuity says.
    """
    revisions.bump(revisions.DIRECTORY)
    days = {"first_day": first_day, "last_day": last_day, "from_noon": from_noon, "until_noon": until_noon}
    made = StructureClosing(structure_id=structure_id, **days)
    db.session.add(made)
    db.session.flush()
    return made.id


def remove_closing(closing_id: int) -> None:
    """Let a structure be open after all."""
    revisions.bump(revisions.DIRECTORY)
    db.session.execute(delete(StructureClosing).where(StructureClosing.id == closing_id))


def add_position(person_id: int, structure_id: int, source: Source, *, actor_id: int | None, now: datetime) -> int:
    """Say that somebody works at a structure too, after all the places that are known; return the position’s number."""
    revisions.bump(revisions.DIRECTORY)
    last = db.session.scalar(select(func.max(Position.rank)).where(Position.person_id == person_id))
    rank = 0 if last is None else last + 1
    made = Position(person_id=person_id, structure_id=structure_id, source=source, rank=rank)
    db.session.add(made)
    db.session.flush()
    show_anew([person_id])
    _note("directory.position_added", person_id, actor_id, now)
    return made.id


@dataclass(frozen=True)
class PositionSaid:
    """What somebody says of a position; the number as ``phones`` keeps it."""

    function: str
    phone: str
    hours: str
    is_hidden: bool


def change_position(position_id: int, said: PositionSaid, by: Source, *, actor_id: int | None, now: datetime) -> None:
    """Correct a position; one of the extract is hidden, and one of ``by`` stands in its place."""
    revisions.bump(revisions.DIRECTORY)
    position = db.session.get_one(Position, position_id)
    words = {"function": said.function, "phone": said.phone, "hours": said.hours}
    is_other = any(getattr(position, key) != value for key, value in words.items())
    if position.source == Source.RPPS and is_other:
        place = {"person_id": position.person_id, "structure_id": position.structure_id, "rank": position.rank}
        db.session.add(Position(**place, **words, source=by, hidden_at=now if said.is_hidden else None))
        position.hidden_at = position.hidden_at or now
    else:
        for key, value in words.items():
            setattr(position, key, value)
        position.hidden_at = (position.hidden_at or now) if said.is_hidden else None
    db.session.flush()
    show_anew([position.person_id])
    _note("directory.position_changed", position.person_id, actor_id, now)


def _note(action: str, person_id: int, actor_id: int | None, now: datetime) -> None:
    audit.record(action, actor_id=actor_id, now=now, subject=f"person:{person_id}")
