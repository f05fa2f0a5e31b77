"""What people practise, read for the many who ask: eligibility asks any of it, counting the first."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import groupby
from operator import attrgetter

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from cpts_net import clock
from cpts_net.directory.models import Person, Practice, Profession, Specialty
from cpts_net.directory.presence import present
from cpts_net.directory.trades import Practised, Trade
from cpts_net.folding import fold
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions
from cpts_net.storage.connections import db

CODES_BYTES = 300
CODES = (Practice.person_id, Practice.profession_code, Practice.specialty_code)
# Written out once, as every board asks it.
_PRACTISED = (
    select(*CODES)
    .where(Practice.person_id.in_(bindparam("person_ids", expanding=True)))
    .order_by(Practice.person_id, Practice.rank)
)


def practised_by(person_ids: Collection[int]) -> dict[int, tuple[Practised, ...]]:
    """What each of these people practises, the first one first; nobody stands there who practises nothing."""
    rows = db.session.execute(_PRACTISED, {"person_ids": [*person_ids]})
    return {
        person_id: tuple(Practised(*row[1:]) for row in own)
        for person_id, own in groupby(rows, key=attrgetter("person_id"))
    }


def practises(person_id: int) -> tuple[Practised, ...]:
    """The same of one person, kept until the directory changes; empty for those who have no trade."""

    def read(_old: tuple[Practised, ...] | None) -> Made[tuple[Practised, ...]]:
        return Made(practised_by([person_id]).get(person_id, ()), CODES_BYTES)

    return kept().get((Practised, person_id), (revisions.DIRECTORY,), clock.now(), read)


def practices(person_id: int) -> Sequence[Practice]:
    """What somebody practises, with the words of the specialties."""
    return db.session.scalars(
        select(Practice)
        .where(Practice.person_id == person_id)
        .options(joinedload(Practice.specialty))
        .order_by(Practice.rank)
    ).all()


def further_trades() -> dict[int, list[Trade]]:
    """The trades of everybody who has several, without the first; they are few."""
    found: defaultdict[int, list[Trade]] = defaultdict(list)
    rows = db.session.execute(select(*CODES).where(Practice.rank > 0).order_by(Practice.person_id, Practice.rank))
    for person_id, profession_code, specialty_code in rows:
        found[person_id].append(Practised(profession_code, specialty_code).trade)
    return found


def specialties() -> dict[str, list[Specialty]]:
    """The specialties that somebody has, by profession code."""
    rows = db.session.execute(
        select(Practice.profession_code, Specialty)
        .join(Specialty, Specialty.code == Practice.specialty_code)
        .distinct()
        .order_by(Specialty.label)
    )
    found: dict[str, list[Specialty]] = {}
    for code, specialty in rows:
        found.setdefault(code, []).append(specialty)
    return found


def professions() -> list[Profession]:
    """The professions that somebody has, by label."""
    used = select(Practice.profession_code).join(Person, Person.id == Practice.person_id).where(present(clock.today()))
    found = db.session.scalars(select(Profession).where(Profession.code.in_(used)))
    return sorted(found, key=lambda profession: fold(profession.label))
