"""What accounts may be: the roles, and which of them look after the community."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do, beyond being a member of the community."""

    MEMBER = "member"
    SECRETARY = "secretary"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


STAFF = frozenset({Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR})
