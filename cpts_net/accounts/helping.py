"""Whose sign-in address somebody of the staff may change for them."""

from cpts_net import clock
from cpts_net.accounts.identity import Identity
from cpts_net.accounts.policy import is_no_lower
from cpts_net.accounts.queries import account_of_person
from cpts_net.pictures.kept import Made, kept
from cpts_net.roles import Role
from cpts_net.storage import revisions

Open = tuple[int, Role] | None
BYTES = 100


def account_to_help(person_id: int, reader: Identity) -> int | None:
    """The open account of somebody else, of no higher role than the reader's; None where there is none."""
    if not reader.is_staff or person_id == reader.person_id:
        return None
    scopes = (revisions.DIRECTORY, revisions.SESSIONS)
    found = kept().get((account_to_help, person_id), scopes, clock.now(), lambda _old: Made(_open(person_id), BYTES))
    return found[0] if found and is_no_lower(reader.role, found[1]) else None


def _open(person_id: int) -> Open:
    found = account_of_person(person_id)
    return (found.id, Role(found.role)) if found and not found.suspended_at else None
