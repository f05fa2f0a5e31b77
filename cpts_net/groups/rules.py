"""What holds for every group. Pure."""

from enum import StrEnum


class MembershipRole(StrEnum):
    """What somebody is in a group; a guest sees it, and gains no right by being there."""

    LEAD = "lead"
    MEMBER = "member"
    GUEST = "guest"


class LastLeadLeaves(ValueError):
    """A group would be left without anybody to lead it."""


class NameTaken(ValueError):
    """Another group has this name."""


class PersonUnknown(ValueError):
    """Nobody of the community, or nobody of the group, has this number."""


class GuestsOnlyVisit(ValueError):
    """The account of a guest can be nothing but a guest in a group."""


def check_role(role: MembershipRole, *, has_guest_account: bool) -> None:
    """Refuse a role that somebody cannot have in a group.

    Raises:
        GuestsOnlyVisit: when their account is a guest's, and the role is not.
    """
    if has_guest_account and role != MembershipRole.GUEST:
        raise GuestsOnlyVisit


def check_leads_remain(lead_ids: set[int], leaving: int) -> None:
    """Refuse to lose the last lead.

    Raises:
        LastLeadLeaves: when ``leaving`` is the only lead.
    """
    if lead_ids == {leaving}:
        raise LastLeadLeaves
