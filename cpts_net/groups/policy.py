"""Who may do what in a group that they can see."""

from collections.abc import Collection
from dataclasses import dataclass

from cpts_net.roles import GUESTS_TOO, STAFF_ONLY, If, Permission, granted

PERMISSIONS = (
    Permission("See one’s groups and the open ones", ("groups.overview",), GUESTS_TOO),
    Permission(
        "See a group and its people", ("groups.show", "groups.people"), granted(If.NOT_PRIVATE, guest=If.IN_GROUP)
    ),
    Permission("Join a group", ("groups.join",), granted(If.NOT_PRIVATE)),
    Permission(
        "Leave a group, write in its thread", ("groups.leave", "groups.write"), granted(If.IN_GROUP, guest=If.IN_GROUP)
    ),
    Permission(
        "Delete a message", ("groups.delete_post",), granted(If.OWN_OR_LEADS, staff=If.NOT_PRIVATE, guest=If.OWN)
    ),
    Permission("Open a group", ("groups.create",), STAFF_ONLY),
    Permission(
        "Say what a group is, who is in it and who leads it",
        ("groups.edit", "groups.add", "groups.remove", "groups.lead"),
        granted(If.LEADS, staff=If.NOT_PRIVATE),
    ),
)


@dataclass(frozen=True)
class Standing:
    """Where a reader stands towards a group; None for those whom nothing is owned by."""

    person_id: int | None
    is_member: bool
    is_lead: bool
    is_staff: bool


def may_write(standing: Standing) -> bool:
    """Only those in the group write in its thread."""
    return standing.is_member


def may_lead(standing: Standing) -> bool:
    """Leads, and the staff in their place, look after people and dates."""
    return standing.is_lead or standing.is_staff


def may_delete_post(standing: Standing, author_id: int | None) -> bool:
    """One's own, or any for those who look after the group."""
    return may_lead(standing) or (standing.is_member and standing.person_id == author_id)


def alike(standing: Standing, author_ids: Collection[int]) -> Standing:
    """What stands for everybody who sees and may do the same in a group where these have written."""
    may_delete_own = standing.is_member and not may_lead(standing) and standing.person_id in author_ids
    own_id = standing.person_id if may_delete_own else None
    return Standing(own_id, is_member=standing.is_member, is_lead=may_lead(standing), is_staff=False)


def may_join(standing: Standing, *, is_private: bool) -> bool:
    """Everybody walks into an open group by themselves."""
    return not standing.is_member and not is_private
