"""Adding somebody: who they are, where they work, their account and their first group, or nothing of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from cpts_net.admin import actions
from cpts_net.admin.actions import NewAccount
from cpts_net.directory import actions as directory
from cpts_net.directory import structure_actions
from cpts_net.directory.actions import NewPerson
from cpts_net.directory.models import Source, Structure
from cpts_net.directory.structure_actions import PositionSaid
from cpts_net.groups import actions as groups
from cpts_net.roles import Role
from cpts_net.storage import revisions
from cpts_net.storage.connections import db


@dataclass(frozen=True)
class Newcomer:
    """Somebody to add; ``email`` is empty of whom nobody invites, ``group_id`` None of whom no group waits for."""

    person: NewPerson
    phone: str = ""  # As ``phones`` keeps it.
    structure: str = ""
    commune: str = ""
    email: str = ""  # In lower case.
    role: Role = Role.MEMBER
    group_id: int | None = None


def add(newcomer: Newcomer, *, actor_id: int, now: datetime) -> int:
    """Make somebody known, open their account, invite them and bring them into their group; return their number.

    Raises:
        EmailTaken: nothing was done.
    """
    group = [groups.scope(newcomer.group_id)] if newcomer.group_id else []
    revisions.bump(*group, revisions.MEETINGS, revisions.DIRECTORY, revisions.SESSIONS)
    person_id = directory.add_person(newcomer.person, actor_id=actor_id, now=now)
    _place(person_id, newcomer, actor_id, now)
    if newcomer.email:
        wanted = NewAccount(newcomer.email, "", newcomer.role, person_id)
        account = actions.create_account(wanted, actor_id=actor_id, now=now)
        actions.invite(account, actor_id=actor_id, now=now)
    if newcomer.group_id:
        is_guest = newcomer.role == Role.GUEST
        groups.add_member(newcomer.group_id, person_id, as_guest=is_guest, actor_id=actor_id, now=now)
    return person_id


def _place(person_id: int, newcomer: Newcomer, actor_id: int, now: datetime) -> None:
    """Where somebody works, with their number there; the number of whom no place is known is a private one."""
    if newcomer.structure:
        structure_id = _structure(newcomer, actor_id, now)
        position_id = structure_actions.add_position(person_id, structure_id, Source.STAFF, actor_id=actor_id, now=now)
        said = PositionSaid(newcomer.person.function, newcomer.phone, hours="", is_hidden=False)
        structure_actions.change_position(position_id, said, Source.STAFF, actor_id=actor_id, now=now)
    elif newcomer.phone:
        directory.change_profile(person_id, private_phone=newcomer.phone, is_hidden=False, actor_id=actor_id, now=now)


def _structure(newcomer: Newcomer, actor_id: int, now: datetime) -> int:
    """The structure of just this name, in this commune if one is said; else a new one."""
    known = select(Structure.id).where(Structure.name == newcomer.structure).order_by(Structure.id)
    if newcomer.commune:
        known = known.where(Structure.commune == newcomer.commune)
    found = db.session.scalar(known.limit(1))
    said = {"name": newcomer.structure, "commune": newcomer.commune}
    return found or structure_actions.add_structure(said, actor_id=actor_id, now=now)
