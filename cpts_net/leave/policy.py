"""Who may do what with absences."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cpts_net.accounts.identity import Identity


def may_change(identity: "Identity", person_id: int) -> bool:
    """Whether the account may declare, change and cancel absences of a member: its own, or anybody's for the staff."""
    return identity.is_staff or identity.person_id == person_id
