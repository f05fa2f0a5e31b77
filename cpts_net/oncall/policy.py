"""Who may do what with duties."""

from cpts_net.accounts.identity import Identity
from cpts_net.roles import Role

EDITORS = (Role.COORDINATOR, Role.ADMINISTRATOR)


def may_edit_lines(identity: Identity) -> bool:
    """Whether the account may create and change duty lines."""
    return identity.role in EDITORS


def may_give_back(identity: Identity, holder_id: int) -> bool:
    """Whether the account may free a seat: one's own, or anybody's for the staff."""
    return identity.is_staff or identity.member_id == holder_id
