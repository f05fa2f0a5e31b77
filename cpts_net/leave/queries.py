"""Reading absences."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.directory.models import Person, Position
from cpts_net.directory.queries import WHOLE
from cpts_net.leave.models import Absence, AbsenceException, Relay
from cpts_net.leave.rules import Asks, Days
from cpts_net.leave.times import Stretch, days_of, looked_at, spans_in, stretches
from cpts_net.roles import Role
from cpts_net.spans import Span, without
from cpts_net.storage.connections import db

BY_DAY = (Absence.first_day, Person.sort_key, Absence.id)
TIMED = (
    *(Absence.id, Absence.person_id, Absence.first_day, Absence.last_day),
    *(Absence.from_time, Absence.until_time, Absence.weekdays),
)


def absences_between(span: Span, person_ids: Collection[int] | None = None) -> list[Absence]:
    """Absences that share an instant with ``span``, of some members or of everybody, by first day.

    The members, their professions and sites, and those of the relays are loaded.
    """
    zone = clock.zone()
    wanted = _absences().where(*_standing_in(span, zone))
    if person_ids is not None:
        wanted = wanted.where(Absence.person_id.in_(person_ids))
    found = db.session.scalars(wanted.order_by(Absence.first_day, Absence.id)).all()
    # Dates let in hours too many at either edge, and weekly days off on other days.
    touching = {each.absence.id for each in stretches_of(found, span)}
    return [absence for absence in found if absence.id in touching]


def weekly_of(person_id: int) -> Sequence[Absence]:
    """The days off week by week that a member declared and did not cancel; without those who stand in."""
    wanted = select(Absence).where(
        Absence.person_id == person_id, Absence.cancelled_at.is_(None), Absence.weekdays != ""
    )
    return db.session.scalars(wanted.order_by(Absence.first_day, Absence.id)).all()


def stretches_of(absences: Collection[Absence], span: Span) -> list[Stretch]:
    """When those who have these absences are away, as far as it shares an instant with ``span``."""
    excepted = {absence.id: absence.excepted for absence in absences}
    found = stretches(absences, excepted, clock.zone(), *days_of(span, clock.zone()))
    return [each for each in found if each.span.overlaps(span)]


def times_away(span: Span, person_ids: Collection[int] | None = None) -> list[Stretch]:
    """When some members are away, or everybody, as far as it shares an instant with ``span``; of each the columns."""
    zone = clock.zone()
    first, last = days_of(span, zone)
    of = {} if person_ids is None else {"person_ids": [*person_ids]}
    wanted = _TIMES if person_ids is None else _TIMES_OF_SOME
    rows: Sequence[Any] = db.session.connection().execute(wanted, {"first": first, "last": last, **of}).all()
    found = stretches(rows, exceptions(rows), zone, first, last)
    return [each for each in found if each.span.overlaps(span)]


_TIMES = select(*TIMED).where(
    Absence.cancelled_at.is_(None),
    Absence.first_day <= bindparam("last", type_=Date),
    Absence.reaches(bindparam("first", type_=Date)),
)
_TIMES_OF_SOME = _TIMES.where(Absence.person_id.in_(bindparam("person_ids", expanding=True)))


_EXCEPTED = select(AbsenceException.absence_id, AbsenceException.day).where(
    AbsenceException.absence_id.in_(bindparam("weekly", expanding=True))
)


def exceptions(absences: Iterable[Any]) -> Mapping[int, Collection[date]]:
    """The days that are none of the weekly days off among these rows; asked only where there are any."""
    weekly = [absence.id for absence in absences if absence.weekdays]
    found: dict[int, set[date]] = defaultdict(set)
    for absence_id, day in db.session.connection().execute(_EXCEPTED, {"weekly": weekly}) if weekly else ():
        found[absence_id].add(day)
    return found


def hindering(wanted: Days, person_ids: Collection[int], now: datetime) -> list[Absence]:
    """What keeps some of the members from standing in during an absence: one of theirs for each.

    A leave that touches another does. Of days off week by week the others are
    done by somebody: they hinder only whoever would never be there.
    """
    zone = clock.zone()
    span = looked_at(wanted, now, zone)
    times = spans_in(wanted, zone, *days_of(span, zone))
    theirs: dict[int, list[Absence]] = defaultdict(list)
    if not person_ids:
        return []
    for absence in absences_between(span, person_ids):
        theirs[absence.person_id].append(absence)
    return [found for those in theirs.values() if (found := _hindrance(wanted, times, those, span))]


def _hindrance(wanted: Days, times: Iterable[Span], theirs: Sequence[Absence], span: Span) -> Absence | None:
    leave = next((absence for absence in theirs if not absence.weekdays), None)
    if leave and not wanted.weekdays:
        return leave
    away = [each.span for each in stretches_of(theirs, span)]
    return None if any(without(each, away) for each in times) else theirs[0]


def _standing_in(span: Span, zone: tzinfo) -> tuple[ColumnElement[bool], ...]:
    """The absences that were not cancelled and have a day in ``span``, or may have one."""
    first, last = days_of(span, zone)
    return Absence.cancelled_at.is_(None), Absence.first_day <= last, Absence.reaches(first)


def absence(absence_id: int) -> Absence | None:
    """One absence as it now is, cancelled or not, with its member and relays."""
    return db.session.scalar(_one(), {"absence_id": absence_id})


def bare_absence(absence_id: int) -> Absence | None:
    """One absence as it now is, cancelled or not, with its relays; of nobody more than their number."""
    return db.session.scalar(_bare(), {"absence_id": absence_id})


# Written out once: to say what belongs to an absence costs a good part of what it costs to read it.
@cache
def _one() -> Select[Absence]:
    one = _absences().where(Absence.id == bindparam("absence_id"))
    return one.execution_options(populate_existing=True)


@cache
def _bare() -> Select[Absence]:
    bare = select(Absence).where(Absence.id == bindparam("absence_id")).options(selectinload(Absence.every_relay))
    return bare.execution_options(populate_existing=True)


def absences_of_closing(closing_id: int) -> list[Absence]:
    """What a closing of a structure made and nobody took back, by person."""
    wanted = _absences().where(Absence.closing_id == closing_id, Absence.cancelled_at.is_(None))
    return list(db.session.scalars(wanted.order_by(Absence.person_id, Absence.id)))


def relying_on(structure_id: int, span: Span) -> set[int]:
    """Whoever is away in ``span`` and named a structure to stand in."""
    wanted = (
        select(Absence.person_id)
        .join(Relay, Relay.absence_id == Absence.id)
        .where(Relay.structure_id == structure_id, Relay.withdrawn_at.is_(None), *_standing_in(span, clock.zone()))
    )
    return set(db.session.scalars(wanted))


def absences_by_id(absence_ids: Collection[int]) -> dict[int, Absence]:
    """Absences, cancelled or not, each with its member and relays."""
    found = db.session.scalars(_absences().where(Absence.id.in_(absence_ids))) if absence_ids else ()
    return {absence.id: absence for absence in found}


def asking_at_once(absence_ids: Collection[int]) -> dict[int, Absence]:
    """Those of the absences that ask all their relays at once, not in order; as ``absences_by_id``."""
    if not absence_ids:
        return {}
    # Asked while nobody else can write, and mostly of none: each reading of objects costs a millisecond.
    found = db.session.connection().execute(_AT_ONCE, {"absence_ids": [*absence_ids]})
    return absences_by_id(found.scalars().all())


_AT_ONCE = select(Absence.id).where(
    Absence.id.in_(bindparam("absence_ids", expanding=True)), Absence.asks == Asks.AT_ONCE
)


def relay(relay_id: int) -> Relay | None:
    """A relay as it now is, with its absence, whose member and relays are loaded."""
    absence_id = db.session.scalar(select(Relay.absence_id).where(Relay.id == relay_id))
    whole = absence(absence_id) if absence_id else None
    if whole is None:
        return None
    (found,) = [each for each in whole.every_relay if each.id == relay_id]
    set_committed_value(found, "absence", whole)  # It is there already: nothing is to be asked again.
    return found


def relay_asked(relay_id: int, person_id: int) -> Relay | None:
    """A relay as ``person_id`` is asked it: their own row, where that of another turned out to be theirs too."""
    found = relay(relay_id)
    if found is None or found.person_id in {None, person_id}:
        return found
    own = (each.id for each in found.absence.every_relay if each.person_id == person_id)
    return relay(next(own, relay_id))


def asked_at(structure_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Who is asked where a structure stands in: those who show that they work there and have an account, but guests."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = db.session.execute(_asked().where(Position.structure_id.in_(structure_ids))) if structure_ids else ()
    for structure_id, person_id in rows:
        found[structure_id].append(person_id)
    return {structure_id: tuple(people) for structure_id, people in found.items()}


def where_asked(person_id: int) -> set[int]:
    """The structures for which somebody is asked, as ``asked_at`` has it."""
    return {row.structure_id for row in db.session.execute(_asked_of_one(), {"person_id": person_id})}


@cache
def _asked_of_one() -> Select[int, int]:
    return _asked().where(Position.person_id == bindparam("person_id"))


def _asked() -> Select[int, int]:
    return (
        select(Position.structure_id, Position.person_id)
        .join(Account, Account.person_id == Position.person_id)
        .where(Position.hidden_at.is_(None), Account.suspended_at.is_(None), Account.role != Role.GUEST)
        .distinct()
        .order_by(Position.structure_id, Position.person_id)
    )


def structure_ids(absences: Iterable[Absence]) -> set[int]:
    """The structures that stand in now; the relays are loaded."""
    return {relay.structure_id for absence in absences for relay in absence.relays if relay.structure_id}


def requests_to(person_id: int, since: date) -> Sequence[Relay]:
    """What somebody is asked and nobody has answered, of others’ absences that end on a day or later; in one reading."""
    theirs = _asked().where(Position.person_id == person_id).with_only_columns(Position.structure_id).order_by(None)
    return db.session.scalars(
        select(Relay)
        .join(Relay.absence)
        .where(
            or_(Relay.person_id == person_id, Relay.structure_id.in_(theirs)),
            Relay.withdrawn_at.is_(None),
            Relay.asked_at.is_not(None),
            Relay.answer == "",
            Absence.person_id != person_id,
            Absence.cancelled_at.is_(None),
            Absence.reaches(since),
        )
        .options(contains_eager(Relay.absence).joinedload(Absence.person), joinedload(Relay.structure))
        .order_by(Absence.first_day, Relay.id)
    ).all()


def absences_of(person_id: int, since: date) -> list[Absence]:
    """What a member declared and did not cancel, ending on a day or later; the next one first."""
    wanted = _absences().where(Absence.person_id == person_id, Absence.cancelled_at.is_(None), Absence.reaches(since))
    return list(db.session.scalars(wanted.order_by(Absence.first_day, Absence.from_time, Absence.id)))


def _absences() -> Select[Absence]:
    return select(Absence).options(
        joinedload(Absence.person).options(*WHOLE),
        selectinload(Absence.exceptions),
        selectinload(Absence.every_relay).options(
            joinedload(Relay.person).options(*WHOLE), joinedload(Relay.structure), joinedload(Relay.answered_by)
        ),
    )


def first_day_away() -> date | None:
    """The earliest day of any absence that is kept; None while nobody was ever away."""
    return db.session.scalar(select(func.min(Absence.first_day)).where(Absence.cancelled_at.is_(None)))
