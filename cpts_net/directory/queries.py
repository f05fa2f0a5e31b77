"""What is read of the directory."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from cpts_net import clock
from cpts_net.directory.book import Book, Entry
from cpts_net.directory.communes import basins
from cpts_net.directory.labels import Known, labels
from cpts_net.directory.models import Kind, Person, Position, Profession, ProfileValue, Specialty, Structure
from cpts_net.directory.practices import further_trades
from cpts_net.directory.presence import next_departure, present
from cpts_net.directory.profile_fields import FIELDS, Audience, Value
from cpts_net.directory.trades import Trade, labels_of, said_of_somebody, trade_of, trade_or_none
from cpts_net.folding import fold
from cpts_net.person_names import display_name
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

LINE = (
    Person.id,
    Person.title,
    Person.given_name,
    Person.family_name,
    Person.sort_key,
    Person.search_text,
    Person.civility,
    Person.function,
    Person.profession_code,
    Person.specialty_code,
    Structure.commune,
    Structure.commune_code,
    func.coalesce(func.nullif(Position.phone, ""), Structure.phone).label("phone"),
)
KNOWN = (
    Person.id,
    Person.rpps,
    Person.title,
    Person.given_name,
    Person.family_name,
    Person.civility,
    Person.function,
    Person.profession_code,
    Person.specialty_code,
    Structure.commune,
    Structure.street,
)
# The positions that somebody shows.
IS_SHOWN = (Position.person_id == Person.id) & Position.hidden_at.is_(None)
ENTRY_BYTES = 600  # About, of a line of the directory with its words.
WHOLE = (
    joinedload(Person.profession),
    joinedload(Person.specialty),
    selectinload(Person.positions).joinedload(Position.structure),
)


def person(person_id: int) -> Person | None:
    """The member with profession, specialty and sites; None when there is none."""
    return db.session.scalar(_one(), {"person_id": person_id})


@cache
def _one() -> Select[Person]:
    return select(Person).where(Person.id == bindparam("person_id")).options(*WHOLE)


def names(person_ids: Collection[int]) -> dict[int, str]:
    """What people are called, by their ids."""
    columns = (Person.id, Person.title, Person.given_name, Person.family_name)
    rows = db.session.execute(select(*columns).where(Person.id.in_(person_ids)))
    return {row.id: display_name(row.title, row.given_name, row.family_name) for row in rows}


def names_in_order(person_ids: Collection[int]) -> list[str]:
    """What people are called, in the order of the directory."""
    columns = (Person.title, Person.given_name, Person.family_name)
    rows = db.session.execute(select(*columns).where(Person.id.in_(person_ids)).order_by(Person.sort_key, Person.id))
    return [display_name(row.title, row.given_name, row.family_name) for row in rows]


def values(person_id: int) -> list[Value]:
    """All that somebody wrote in the fields of their card, for whomever; ``profiles.read`` says who reads what."""
    rows = db.session.execute(
        select(ProfileValue.field, ProfileValue.value, ProfileValue.audience).where(ProfileValue.person_id == person_id)
    )
    return [Value(FIELDS[field], text, Audience(audience)) for field, text, audience in rows if field in FIELDS]


def members(ids: Collection[int]) -> dict[int, Person]:
    """The members that exist among ``ids``, each with profession, specialty and sites."""
    if not ids:
        return {}
    found = db.session.scalars(select(Person).where(Person.id.in_(ids)).options(*WHOLE))
    return {each.id: each for each in found}


def namesakes(ids: Collection[int]) -> list[Known]:
    """The members among ``ids``, and whoever in the directory is called like one of them."""
    keys = select(Person.sort_key).where(Person.id.in_(ids))
    seen = or_(and_(Person.is_hidden.is_(False), present(clock.today())), Person.id.in_(ids))
    rows = db.session.execute(
        select(*KNOWN)
        .outerjoin(Position, IS_SHOWN)
        .outerjoin(Structure, Structure.id == Position.structure_id)
        .where(Person.sort_key.in_(keys), seen)
        .order_by(Person.id, Position.rank, Position.id)
    )
    return [_known(next(own)) for _, own in groupby(rows, key=attrgetter("id"))]


def _known(row: Any) -> Known:
    """Somebody, from the row of the first place where they work, or of none."""
    trade = trade_or_none(row.profession_code, row.specialty_code)
    return Known(
        id=row.id,
        name=display_name(row.title, row.given_name, row.family_name),
        trade=trade,
        what=said_of_somebody(trade, row.civility, row.function),
        commune=row.commune or "",
        street=row.street or "",
        rpps=row.rpps,
    )


def trades() -> list[Trade]:
    """The trades that somebody has first, in their order."""
    found = dict.fromkeys(trade_of(*codes) for codes in _codes_in_use())
    return sorted(found, key=attrgetter("sort_key"))


def is_of_trade(key: str) -> ColumnElement[bool]:
    """Those whose first trade has this key, as a condition: the database knows codes alone."""
    codes = [pair for pair in _codes_in_use() if trade_of(*pair).key == key]
    return or_(false(), *(and_(Person.profession_code == pair[0], _specialty() == pair[1]) for pair in codes))


def strength(trade: Trade) -> int:
    """How many people are counted under a trade: those who have it first."""
    counted = select(func.count()).select_from(Person).where(is_of_trade(trade.key), present(clock.today()))
    return db.session.scalar(counted) or 0


def _codes_in_use() -> Sequence[tuple[str, str]]:
    codes = select(Person.profession_code, _specialty()).where(
        Person.profession_code.is_not(None), present(clock.today())
    )
    return [(str(row[0]), row[1]) for row in db.session.execute(codes.distinct())]


def _specialty() -> ColumnElement[str]:
    return func.coalesce(Person.specialty_code, "")


def communes() -> list[str]:
    """The communes where somebody works, by name."""
    at = select(Structure.commune).join(Position, Position.structure_id == Structure.id)
    found = db.session.scalars(at.where(Position.hidden_at.is_(None), Structure.commune != "").distinct())
    return sorted(found, key=fold)


def book() -> Book:
    """The directory in memory, read again after every change of it."""
    return _kept_book(of_hidden=False)


def book_of_guests() -> Book:
    """Those who are shown as guests, whom no directory lists; for the staff alone."""
    return _kept_book(of_hidden=False, of_guests=True)


def book_of_hidden() -> Book:
    """Those who are left out of the directory at their wish; for the staff alone."""
    return _kept_book(of_hidden=True)


def entry(person_id: int) -> Entry | None:
    """The line of somebody who belongs to the community, whichever book they are in."""
    books = (make() for make in (book, book_of_hidden, book_of_guests))
    return next((found for each in books if (found := each.by_id.get(person_id))), None)


def _kept_book(*, of_hidden: bool, of_guests: bool = False) -> Book:
    def read(_old: Book | None) -> Made[Book]:
        book = _read_book(of_hidden=of_hidden, of_guests=of_guests)
        return Made(book, ENTRY_BYTES * len(book.entries), next_departure(clock.today()))

    return kept().get((Book, of_hidden, of_guests), (revisions.DIRECTORY,), clock.now(), read)


def _read_book(*, of_hidden: bool, of_guests: bool) -> Book:
    is_asked_for = Person.kind == Kind.GUEST if of_guests else Person.kind != Kind.GUEST
    rows = db.session.execute(
        select(*LINE)
        .outerjoin(Position, IS_SHOWN)
        .outerjoin(Structure, Structure.id == Position.structure_id)
        .where(present(clock.today()), Person.is_hidden.is_(of_hidden), is_asked_for)
        .order_by(Person.sort_key, Person.id, Position.rank, Position.id)
    )
    further = further_trades()
    known_basins = basins()
    entries = [
        _entry(list(own), further.get(person_id, ()), known_basins)
        for person_id, own in groupby(rows, key=attrgetter("id"))
    ]
    entries = _told_apart(entries)
    used = sorted({trade for entry in entries for trade in entry.trades}, key=attrgetter("sort_key"))
    places = {(commune, commune) for entry in entries for commune in entry.communes}
    return Book(entries, [(trade.key, trade.label()) for trade in used], sorted(places, key=_by_label))


def _told_apart(entries: Sequence[Entry]) -> list[Entry]:
    """The lines, those that would read alike with what tells them apart."""
    alike = Counter(map(_as_read, entries))
    twins = [entry.id for entry in entries if alike[_as_read(entry)] > 1]
    told = labels(namesakes(twins)) if twins else {}
    return [replace(entry, apart=told[entry.id].about) if entry.id in told else entry for entry in entries]


def _as_read(entry: Entry) -> tuple[str, str, tuple[str, ...]]:
    return fold(entry.name), entry.what, entry.communes


def _by_label(choice: tuple[str, str]) -> str:
    return fold(choice[1])


def _entry(rows: Sequence[Any], further: Sequence[Trade], basin_of_code: Mapping[str, str]) -> Entry:
    """One person, from a row for each of their sites and what they practise beside the first."""
    first = rows[0]
    trade = trade_or_none(first.profession_code, first.specialty_code)
    trades = tuple(dict.fromkeys([trade, *further])) if trade else ()
    words = "".join(each.words for each in trades) or f" {fold(first.function)}"
    return Entry(
        id=first.id,
        name=display_name(first.title, first.given_name, first.family_name),
        trades=trades,
        what=labels_of(trades, first.civility) or first.function,
        communes=tuple(dict.fromkeys(row.commune for row in rows if row.commune)),
        phone=next((row.phone for row in rows if row.phone), ""),
        basin=basin_of_code.get(first.commune_code or "", ""),
        letter=letter if (letter := first.sort_key[:1].upper()).isalpha() else "#",
        apart="",
        text=f" {first.search_text}{words}",
    )


def person_ids(numbers: Collection[str]) -> dict[str, int]:
    """The ids of members, by RPPS number."""
    rows = db.session.execute(select(Person.rpps, Person.id).where(Person.rpps.in_(numbers)))
    return {str(row.rpps): row.id for row in rows}


def codes(model: type[Profession | Specialty]) -> set[str]:
    """Every code of professions or of specialties."""
    return set(db.session.scalars(select(model.code)))
