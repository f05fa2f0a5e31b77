"""What is read of the directory."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from cpts_net.directory.models import Member, PracticeSite, Profession, Specialty
from cpts_net.directory.people import Site
from cpts_net.directory.rules import fold
from cpts_net.extensions import db

# Columns of Member that an extract fills; those made of them follow.
SAID_BY_EXTRACT = ("rpps", "civility", "title", "family_name", "given_name", "profession_code", "specialty_code")
SHORTEST_PART = 2  # Of a word, up to here only its beginning counts.
WHOLE = (joinedload(Member.profession), joinedload(Member.specialty), selectinload(Member.sites))


def member(member_id: int) -> Member | None:
    """The member with profession, specialty and sites; None when there is none."""
    return db.session.scalar(select(Member).where(Member.id == member_id).options(*WHOLE))


def members(ids: Collection[int]) -> dict[int, Member]:
    """The members that exist among ``ids``, each with profession, specialty and sites."""
    if not ids:
        return {}
    found = db.session.scalars(select(Member).where(Member.id.in_(ids)).options(*WHOLE))
    return {each.id: each for each in found}


def professions() -> list[Profession]:
    """The professions that somebody has, by label."""
    used = select(Member.profession_code)
    found = db.session.scalars(select(Profession).where(Profession.code.in_(used)))
    return sorted(found, key=lambda profession: fold(profession.label))


def communes() -> list[str]:
    """The communes where somebody works, by name."""
    found = db.session.scalars(select(PracticeSite.commune).where(PracticeSite.commune != "").distinct())
    return sorted(found, key=fold)


@dataclass(frozen=True)
class Found:
    """One page of people, and how many there are in all."""

    members: list[Member]
    total: int


def search(words: str, *, profession: str = "", commune: str = "", limit: int, offset: int = 0) -> Found:
    """People whose name, profession, specialty or commune hold every word, by name.

    Case and accents do not matter. A word of one or two letters must begin a
    word. ``profession`` is a code, ``commune`` a name. Hidden people are never found.
    """
    wanted = [Member.is_hidden.is_(False), *(_holds(word) for word in fold(words).split())]
    if profession:
        wanted.append(Member.profession_code == profession)
    if commune:
        there = select(PracticeSite.member_id).where(PracticeSite.commune == commune)
        wanted.append(Member.id.in_(there))
    total = db.session.scalar(select(func.count()).select_from(Member).where(*wanted)) or 0
    page = select(Member).where(*wanted).order_by(Member.sort_key, Member.id).limit(limit).offset(offset)
    return Found(list(db.session.scalars(page.options(*WHOLE))), total)


def _holds(word: str) -> ColumnElement[bool]:
    # Folded words are letters and digits only: nothing in them means anything to LIKE.
    if len(word) > SHORTEST_PART:
        return Member.search_text.like(f"%{word}%")
    return or_(Member.search_text.like(f"{word}%"), Member.search_text.like(f"% {word}%"))


@dataclass(frozen=True)
class Imported:
    """What an earlier import left of a person."""

    id: int
    columns: dict[str, Any]
    sites: tuple[Site, ...]


def imported_people(numbers: Collection[str]) -> dict[str, Imported]:
    """By RPPS number, what the directory says of those whom it knows."""
    names = (*SAID_BY_EXTRACT, "sort_key", "search_text")
    rows = db.session.execute(
        select(Member.id, *(getattr(Member, name) for name in names)).where(Member.rpps.in_(numbers))
    ).all()
    sites = _sites_of([row.id for row in rows])
    return {
        row.rpps: Imported(row.id, {name: getattr(row, name) for name in names}, sites.get(row.id, ())) for row in rows
    }


def _sites_of(member_ids: Collection[int]) -> dict[int, tuple[Site, ...]]:
    columns = [getattr(PracticeSite, name) for name in Site._fields]
    rows = db.session.execute(
        select(PracticeSite.member_id, *columns)
        .where(PracticeSite.member_id.in_(member_ids))
        .order_by(PracticeSite.member_id, PracticeSite.position)
    )
    return {
        member_id: tuple(Site(*row[1:]) for row in own)
        for member_id, own in groupby(rows, key=lambda row: row.member_id)
    }


def member_ids(numbers: Collection[str]) -> dict[str, int]:
    """The ids of members, by RPPS number."""
    rows = db.session.execute(select(Member.rpps, Member.id).where(Member.rpps.in_(numbers)))
    return {str(row.rpps): row.id for row in rows}


def labels(model: type[Profession | Specialty]) -> dict[str, str]:
    """Every label of professions or of specialties, by code."""
    rows = db.session.execute(select(model.code, model.label))
    return {row.code: row.label for row in rows}
