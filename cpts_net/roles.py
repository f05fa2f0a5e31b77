"""What accounts may be, and how the rooms say what each of them may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do. A partner is a member who takes no duty; a guest sees their groups and nothing else."""

    MEMBER = "member"
    PARTNER = "partner"
    GUEST = "guest"
    SECRETARY = "secretary"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR})
EVERY_ROLE = frozenset(Role)
BUT_GUESTS = EVERY_ROLE - {Role.GUEST}
ON_DUTY = BUT_GUESTS - {Role.PARTNER}  # Who may hold a duty.


class If(StrEnum):
    """On which condition a role may do something; the words stand in ``docs/permissions.md``."""

    ALWAYS = "yes"
    OWN_AGENDA = "one’s own agenda"
    ACQUAINTED = "one’s own, or of those in one’s groups"
    OWN = "one’s own"
    TRADE = "who has a trade"
    NOT_PRIVATE = "unless the group is private"
    IN_GROUP = "in the group"
    LEADS = "leads the group"
    MADE_OR_LEADS = "who made it, or leads one of its groups"
    OWN_OR_LEADS = "one’s own, or leads the group"
    ASKED = "in the group, or invited"
    BELOW = "but an administrator’s"


@dataclass(frozen=True)
class Permission:
    """One row of the table of permissions: what is done behind some views, and by whom.

    Every room's ``policy.py`` has its rows in ``PERMISSIONS``. ``by`` holds the
    roles that may, and on which condition; a role without one is told that the
    thing does not exist. ``is_public`` lets anybody, signed in or not.
    """

    what: str
    views: tuple[str, ...]
    by: Mapping[Role, If]
    is_public: bool = False


def granted(
    person: If | None = None,
    *,
    staff: If | None = None,
    guest: If | None = None,
    to: Mapping[Role, If | None] | None = None,
) -> dict[Role, If]:
    """The roles and their conditions: the member's and partner's, the staff's where it differs, those of single roles."""
    by = {Role.MEMBER: person, Role.PARTNER: person, Role.GUEST: guest}
    by |= {**dict.fromkeys(sorted(STAFF), staff or person), **(to or {})}
    return {role: condition for role, condition in by.items() if condition}


ANYBODY = granted(If.ALWAYS)  # But guests.
GUESTS_TOO = granted(If.ALWAYS, guest=If.ALWAYS)
EVERYBODYS_OWN = granted(If.OWN, guest=If.OWN)
OWN_OR_STAFF = granted(If.OWN, staff=If.ALWAYS)
STAFF_ONLY = granted(staff=If.ALWAYS)
