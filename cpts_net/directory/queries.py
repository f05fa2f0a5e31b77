"""What is read of the directory."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from cpts_net.directory.models import Member, PracticeSite, Profession
from cpts_net.directory.rules import fold
from cpts_net.extensions import db

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
