"""What is read of structures and of who works there."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, time, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from cpts_net.directory.book import Book, Entry
from cpts_net.directory.models import Position, Source, Structure, StructureClosing
from cpts_net.directory.practitioners import Site
from cpts_net.directory.workplace import Workplace
from cpts_net.folding import fold
from cpts_net.spans import Span, days_span, local_instant, union
from cpts_net.storage.connections import db

NOON = time(12)
# By what a structure is known again, the surest first.
KNOWN_BY = ("technical_id", "finess", "siret", "address_key")
# What an extract says of a structure.
SAID_BY_EXTRACT = (*KNOWN_BY, "category_code", "name", "street", "postal_code", "commune_code", "commune")
PLACE = (
    Structure.id.label("structure_id"),
    Structure.name,
    Structure.street,
    Structure.postal_code,
    Structure.commune_code,
    Structure.commune,
    # In one query: lists read ten thousand of them.
    func.coalesce(func.nullif(Position.phone, ""), Structure.phone).label("phone"),
    Position.function,
    func.coalesce(func.nullif(Position.hours, ""), Structure.hours).label("hours"),
)


class Held(NamedTuple):
    """A position as it stands, with the place that it shows."""

    id: int
    rank: int
    source: Source
    is_hidden: bool
    phone: str  # Of the position alone.
    place: Workplace


def alike(sites: Iterable[Site]) -> list[Any]:
    """The structures that share a number or an address with one of ``sites``, the oldest first."""
    wanted = {name: {getattr(site, name) for site in sites} - {""} for name in KNOWN_BY}
    columns = [getattr(Structure, name) for name in ("id", "typed", "phone", "hours", *SAID_BY_EXTRACT)]
    shared = [getattr(Structure, name).in_(values) for name, values in wanted.items() if values]
    if not shared:
        return []
    return list(db.session.execute(select(*columns).where(or_(*shared)).order_by(Structure.id)))


def positions_of(person_ids: Collection[int]) -> dict[int, list[Held]]:
    """Every position of each of these people, hidden ones too, in order."""
    own = (Position.person_id, Position.id, Position.rank, Position.source, Position.hidden_at, Position.phone)
    rows = db.session.execute(
        select(*own, *PLACE)
        .join(Structure, Structure.id == Position.structure_id)
        .where(Position.person_id.in_(person_ids))
        .order_by(Position.person_id, Position.rank, Position.id)
    )
    found: defaultdict[int, list[Held]] = defaultdict(list)
    for row in rows:
        place = Workplace(*row[len(own) :])
        found[row[0]].append(Held(row[1], row[2], Source(row[3]), row[4] is not None, row[5], place))
    return found


def people_at(structure_ids: Collection[int]) -> list[int]:
    """The ids of those who have a position at one of these structures, hidden or not."""
    return list(
        db.session.scalars(
            select(Position.person_id).where(Position.structure_id.in_(structure_ids)).distinct().order_by("person_id")
        )
    )


def structures_of(person_id: int) -> dict[int, str]:
    """The names of the structures where somebody works for all to see, by id."""
    named = (
        select(Structure.id, Structure.name)
        .join(Position, Position.structure_id == Structure.id)
        .where(Position.person_id == person_id, Position.hidden_at.is_(None))
        .order_by(Position.rank, Position.id)
    )
    return {row.id: row.name for row in db.session.execute(named)}


def structure(structure_id: int) -> Structure | None:
    """One structure; None when there is none."""
    return db.session.get(Structure, structure_id)


def position(position_id: int) -> Position | None:
    """A position with its structure."""
    return db.session.scalar(select(Position).where(Position.id == position_id).options(joinedload(Position.structure)))


def closings(structure_id: int, today: date) -> Sequence[StructureClosing]:
    """When a structure is or will be closed, from ``today`` on."""
    return db.session.scalars(
        select(StructureClosing)
        .where(StructureClosing.structure_id == structure_id, StructureClosing.last_day >= today)
        .order_by(StructureClosing.first_day, StructureClosing.id)
    ).all()


def closed_times(structure_ids: Collection[int], zone: tzinfo) -> dict[int, list[Span]]:
    """When some structures are, were or will be closed, in time order; noon is noon in ``zone``."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for closing in db.session.scalars(select(StructureClosing).where(StructureClosing.structure_id.in_(structure_ids))):
        found[closing.structure_id].append(closed_time(closing, zone))
    return {structure_id: union(spans) for structure_id, spans in found.items()}


def closed_time(closing: StructureClosing, zone: tzinfo) -> Span:
    """When a structure is closed by one closing; noon is noon in ``zone``."""
    whole = days_span(closing.first_day, closing.last_day, zone)
    start = local_instant(closing.first_day, NOON, zone) if closing.from_noon else whole.start
    return Span(start, local_instant(closing.last_day, NOON, zone) if closing.until_noon else whole.end)


def closing(closing_id: int) -> StructureClosing | None:
    """One closing."""
    return db.session.get(StructureClosing, closing_id)


class Worker(NamedTuple):
    """Somebody who works at a structure, as a list names them."""

    entry: Entry
    function: str
    phone: str
    hours: str


def workers(structure_id: int, book: Book) -> list[Worker]:
    """Who shows that they work there, of those in the book, by name."""
    rows = db.session.execute(
        select(Position.person_id, Position.function, Position.phone, Position.hours)
        .where(Position.structure_id == structure_id, Position.hidden_at.is_(None))
        .order_by(Position.rank, Position.id)
    )
    there: dict[int, Any] = {}
    for row in rows:
        there.setdefault(row.person_id, row)
    return [Worker(entry, *there[entry.id][1:]) for entry in book.entries if entry.id in there]


class Listed(NamedTuple):
    """A structure in the list."""

    id: int
    name: str
    category_code: str
    commune: str
    people: int


def listed(words: str) -> list[Listed]:
    """The structures with a name where somebody works or of which somebody typed something, whose name or commune has all the words."""
    people = func.count(Position.id)
    rows = db.session.execute(
        select(Structure.id, Structure.name, Structure.category_code, Structure.commune, people)
        .outerjoin(Position, (Position.structure_id == Structure.id) & Position.hidden_at.is_(None))
        .where(Structure.name != "")
        .group_by(Structure.id)
        .having(or_(people > 0, Structure.address_key == ""))
    )
    wanted = fold(words).split()
    found = [Listed(*row) for row in rows]
    found = [each for each in found if all(word in fold(f"{each.name} {each.commune}") for word in wanted)]
    return sorted(found, key=lambda each: (fold(each.name), fold(each.commune), each.id))
